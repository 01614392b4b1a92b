using System.Globalization;
using System.Text;
using Volley.Recipes.Json;

namespace Volley.Data;

/// <summary>A line of a CSV file in its fields (RFC 4180, without line breaks in quotes).</summary>
internal sealed class CsvRow(TextLines lines)
{
    private const int MostColumns = 1_000_000;

    private readonly List<(int Start, int Length)> _fields = [];
    private byte _separator;

    public int Count => _fields.Count;

    /// <summary>Splits the current line. The first line decides on the separator: a tab where there is one, else a semicolon, else a comma, else
    /// spaces.</summary>
    public void Split()
    {
        ReadOnlySpan<byte> line = lines.Line;
        if (_separator == 0)
            _separator = SeparatorOf(line);
        _fields.Clear();
        for (int at = 0; at <= line.Length; at++)
        {
            if (_separator == ' ')
            {
                while (at < line.Length && line[at] == ' ')
                    at++;
                if (at == line.Length)
                    break;
            }
            int start = at;
            at = FieldEnd(line, at);
            if (_fields.Count == MostColumns)
                throw lines.Bad($"there are more than {MostColumns} columns");
            _fields.Add(Trimmed(line, start, at));
        }
    }

    /// <summary>A field as text, out of its quotes.</summary>
    public string Text(int column)
    {
        (int start, int length) = _fields[column];
        ReadOnlySpan<byte> field = lines.Line.Slice(start, length);
        return field.Length >= 2 && field[0] == '"'
            ? Encoding.UTF8.GetString(field[1..^1]).Replace("\"\"", "\"", StringComparison.Ordinal)
            : Encoding.UTF8.GetString(field);
    }

    /// <summary>Whether a field is a number, finite or not in range of float32 alike.</summary>
    public bool IsNumber(int column) => Parse(column, out _);

    /// <summary>A field as a number.</summary>
    /// <exception cref="InvalidDataException">It is none that float32 holds.</exception>
    public float Number(int column)
    {
        if (Parse(column, out double value) && float.IsFinite((float)value))
            return (float)value;
        string text = Text(column);
        string hint = text.Contains(',', StringComparison.Ordinal) ? "; numbers have a decimal point here, not a comma" : "";
        throw Bad(column, text.Length == 0 ? "a number is missing" : $"'{Names.Shown(text)}' is no finite number{hint}");
    }

    public InvalidDataException Bad(int column, string what) => new($"'{lines.Path}', line {lines.Number}, column {column + 1}: {what}.");

    private bool Parse(int column, out double value)
    {
        (int start, int length) = _fields[column];
        ReadOnlySpan<byte> field = lines.Line.Slice(start, length);
        if (field.Length >= 2 && field[0] == '"')
            field = field[1..^1];
        return double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private int FieldEnd(ReadOnlySpan<byte> line, int at)
    {
        int text = at;
        while (text < line.Length && line[text] == ' ')
            text++;
        if (text < line.Length && line[text] == '"')
        {
            int close = text + 1;
            while (close < line.Length && (line[close] != '"' || (close + 1 < line.Length && line[close + 1] == '"')))
                close += line[close] == '"' ? 2 : 1;
            if (close >= line.Length)
                throw Bad(_fields.Count, "a quote is opened and not closed on its line");
            at = close + 1;
        }
        int rest = line[at..].IndexOf(_separator);
        return rest < 0 ? line.Length : at + rest;
    }

    private (int Start, int Length) Trimmed(ReadOnlySpan<byte> line, int start, int end)
    {
        while (start < end && line[start] == ' ')
            start++;
        while (end > start && line[end - 1] == ' ')
            end--;
        if (end - start >= 2 && line[start] == '"' && line[end - 1] != '"')
            throw Bad(_fields.Count, "something follows a closed quote");
        return (start, end - start);
    }

    private static byte SeparatorOf(ReadOnlySpan<byte> line)
    {
        bool quoted = false;
        byte found = (byte)' ';
        foreach (byte c in line)
        {
            if (c == '"')
                quoted = !quoted;
            else if (!quoted && Rank(c) > Rank(found))
                found = c;
        }
        return found;
    }

    private static int Rank(byte separator) => separator switch
    {
        (byte)'\t' => 3,
        (byte)';' => 2,
        (byte)',' => 1,
        _ => 0,
    };
}
