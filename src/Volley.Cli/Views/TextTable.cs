namespace Volley.Cli.Views;

/// <summary>A table in plain text, numbers to the right.</summary>
/// <param name="headers">The columns; a leading '>' aligns one to the right.</param>
internal sealed class TextTable(params string[] headers)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter output, string indent = "")
    {
        bool[] right = [.. headers.Select(h => h.StartsWith('>'))];
        string[] names = [.. headers.Select(h => h.TrimStart('>'))];
        int[] widths = [.. names.Select((name, c) => _rows.Select(row => row[c].Length).Append(name.Length).Max())];
        foreach (string[] row in _rows.Prepend(names))
            output.WriteLine((indent + string.Join("  ", row.Select((cell, c) => right[c] ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c])))).TrimEnd());
    }
}
