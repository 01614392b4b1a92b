using Volley.Recipes.Json;

namespace Volley.Data;

/// <summary>Expressions and their values, a line each: the expression first under the titles Source and Target, or else the value first.</summary>
internal static class ListOpsFile
{
    public static (List<byte[]> Expressions, List<byte> Values) Read(string path, int maxLength)
    {
        using var lines = new TextLines(path);
        var expressions = new List<byte[]>();
        var values = new List<byte>();
        bool titled = false;
        // The expression is one symbol too long when its last place is taken.
        var symbols = new byte[maxLength];
        while (lines.Next())
        {
            ReadOnlySpan<byte> line = lines.Line;
            if (lines.Number == 1 && line.SequenceEqual("Source\tTarget"u8))
            {
                titled = true;
                continue;
            }
            if (line.Count((byte)'\t') != 1)
                throw lines.Bad($"there are {line.Count((byte)'\t') + 1} columns, expected an expression and its value");
            int tab = line.IndexOf((byte)'\t');
            ReadOnlySpan<byte> source = titled ? line[..tab] : line[(tab + 1)..], target = titled ? line[(tab + 1)..] : line[..tab];
            if (target.Length != 1 || target[0] is < (byte)'0' or > (byte)'9')
                throw lines.Bad($"the value is '{Names.Shown(System.Text.Encoding.Latin1.GetString(target))}', expected a digit");
            byte[] expression = Parse(lines, source, symbols);
            if (ListOpsExpression.Evaluate(expression, out byte value) is { } problem)
                throw lines.Bad($"the expression {problem}");
            if (value != target[0] - '0')
                throw lines.Bad($"the expression has the value {value}, but {(char)target[0]} is given for it");
            expressions.Add(expression);
            values.Add(value);
        }
        if (expressions.Count == 0)
            throw lines.Bad("there are no expressions");
        return (expressions, values);
    }

    /// <summary>The symbols of a line without its round brackets, which say nothing that is not said without them.</summary>
    private static byte[] Parse(TextLines lines, ReadOnlySpan<byte> text, byte[] symbols)
    {
        int count = 0;
        foreach (Range place in text.Split((byte)' '))
        {
            ReadOnlySpan<byte> word = text[place];
            if (word.IsEmpty)
                continue;
            int symbol = ListOpsSymbols.Of(word);
            if (symbol < 0)
                throw lines.Bad($"'{Names.Shown(System.Text.Encoding.Latin1.GetString(word))}' is no symbol; expected a digit, [MIN, [MAX, [MED, [SM, ], ( or )");
            if (symbol is ListOpsSymbols.Open or ListOpsSymbols.Close)
                continue;
            symbols[count++] = (byte)symbol;
            if (count == symbols.Length)
                throw lines.Bad($"the expression has {symbols.Length} symbols or more; raise 'maxLength' (MaxLength) to read it");
        }
        return symbols[..count];
    }
}
