namespace Volley.Data;

/// <summary>A recording in a CSV file: a row a time step, a column a channel.</summary>
internal static class CsvFile
{
    /// <exception cref="InvalidDataException">It is bad; one sentence with line and column.</exception>
    public static Sequence Read(string path)
    {
        using var lines = new TextLines(path);
        var row = new CsvRow(lines);
        var values = new List<float>();
        int columns = 0;
        while (lines.NextContent())
        {
            row.Split();
            if (columns == 0)
            {
                columns = row.Count;
                if (IsHeader(row))
                    continue;
            }
            if (row.Count != columns)
                throw lines.Bad($"there are {row.Count} columns, but {columns} in the first line");
            for (int c = 0; c < columns; c++)
                values.Add(row.Number(c));
            if (values.Count > Sequence.MostBytes / sizeof(float))
                throw lines.Bad("the recording has more than 1 GB; cut it into several");
        }
        return values.Count > 0
            ? Sequence.OfValues([.. values], columns)
            : throw new InvalidDataException($"'{path}', line {lines.Number}: the file ends without a row of numbers.");
    }

    // A header has no number at all: with some numbers it is rather a row with a mistake.
    private static bool IsHeader(CsvRow row)
    {
        int numbers = Enumerable.Range(0, row.Count).Count(row.IsNumber);
        if (numbers > 0 && numbers < row.Count)
        {
            int text = Enumerable.Range(0, row.Count).First(c => !row.IsNumber(c));
            throw row.Bad(text, $"'{Recipes.Json.Names.Shown(row.Text(text))}' is no finite number, though other fields of the line are; a header has none");
        }
        return numbers == 0;
    }
}
