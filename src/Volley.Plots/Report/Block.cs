namespace Volley.Plots;

/// <summary>A piece of a section of a page.</summary>
public abstract record Block
{
    private protected Block()
    {
    }
}

/// <summary>A paragraph of plain text.</summary>
public sealed record Paragraph(string Text) : Block;

/// <summary>A name and its value, the value already written out (see <see cref="Numbers"/>).</summary>
public sealed record Fact(string Name, string Value)
{
    /// <summary>A remark in small type.</summary>
    public string Note { get; init; } = "";

    public static Fact Of(string name, double value, NumberFormat format = NumberFormat.General) => new(name, Numbers.Format(value, format));
}

/// <summary>The few numbers that matter most, large.</summary>
public sealed record Headline(IReadOnlyList<Fact> Facts) : Block;

/// <summary>Names and values in two columns.</summary>
public sealed record FactTable(IReadOnlyList<Fact> Facts) : Block;

/// <summary>A column of a table; numbers stand at the right, so that their digits line up.</summary>
public sealed record Column(string Name, bool Numeric = true);

/// <summary>A table; every row has one cell a column, already written out.</summary>
public sealed record DataTable(string Caption, IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) : Block
{
    /// <summary>Whether the reader has to open the table first.</summary>
    public bool Folded { get; init; }
}

/// <summary>Text as it is in a file, such as a recipe; the reader opens it.</summary>
public sealed record Source(string Caption, string Text) : Block;

/// <summary>A chart with its heading (the chart's title) and a caption that says what to see in it.</summary>
public sealed record Figure(Chart Chart, string Caption = "") : Block;
