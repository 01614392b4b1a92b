using System.Globalization;

namespace Volley.Plots;

/// <summary>A part of a page under its own heading.</summary>
public sealed record Section(string Heading, IReadOnlyList<Block> Blocks);

/// <summary>
/// One self-contained HTML page: no script, no network (a content security policy forbids both), light and dark by the reader's preference, readable on a phone.
/// The text is well-formed XML too, and depends on nothing but this record.
/// </summary>
public sealed record ReportPage(string Title)
{
    private const double WidestHalf = 480;

    public string Subtitle { get; init; } = "";

    public IReadOnlyList<Section> Sections { get; init; } = [];

    /// <summary>The last line.</summary>
    public string Footer { get; init; } = "";

    public string ToHtml()
    {
        var page = new Svg();
        page.Open("html").Set("lang", "en");
        page.Open("head");
        page.Open("meta").Set("charset", "utf-8").Close();
        page.Open("meta").Set("http-equiv", "Content-Security-Policy").Set("content", "default-src 'none'; style-src 'unsafe-inline'; img-src data:").Close();
        page.Open("meta").Set("name", "viewport").Set("content", "width=device-width, initial-scale=1").Close();
        page.Open("meta").Set("name", "color-scheme").Set("content", "light dark").Close();
        page.Open("title").Text(Title).CloseFully();
        page.Open("style").Raw(Palette.Variables(":root") + PageStyle.Rules + Palette.ChartRules()).CloseFully();
        page.Close();
        page.Open("body").Open("main").Open("header");
        Element(page, "h1", Title);
        if (Subtitle.Length > 0)
            page.Open("p").Set("class", "subtitle").Text(Subtitle).CloseFully();
        page.Close();
        int figures = 0;
        for (int i = 0; i < Sections.Count; i++)
            WriteSection(page, Sections[i], i, ref figures);
        if (Footer.Length > 0)
            Element(page, "footer", Footer);
        page.Close().Close().Close();
        return "<!DOCTYPE html>\n" + page + "\n";
    }

    private static void WriteSection(Svg page, Section section, int index, ref int figures)
    {
        string id = "section-" + index.ToString(CultureInfo.InvariantCulture);
        page.Open("section");
        if (section.Heading.Length > 0)
        {
            page.Set("aria-labelledby", id);
            page.Open("h2").Set("id", id).Text(section.Heading).CloseFully();
        }
        bool inGrid = false;
        foreach (Block block in section.Blocks)
        {
            if (block is Figure != inGrid)
            {
                _ = inGrid ? page.Close() : page.Open("div").Set("class", "figures");
                inGrid = !inGrid;
            }
            if (block is Figure figure)
                WriteFigure(page, figure, ++figures);
            else
                Write(page, block);
        }
        if (inGrid)
            page.Close();
        page.CloseFully();
    }

    private static void WriteFigure(Svg page, Figure figure, int number)
    {
        bool wide = figure.Chart.Width > WidestHalf;
        page.Open("figure").Set("class", wide ? "wide" : "half");
        Element(page, "h3", figure.Chart.Title);
        page.Open("div").Set("class", "plot");
        if (wide)
            page.Set("tabindex", "0").Set("role", "group").Set("aria-label", figure.Chart.Title);
        page.Raw(figure.Chart.ToInline("figure-" + number.ToString(CultureInfo.InvariantCulture))).Close();
        if (figure.Caption.Length > 0)
            Element(page, "figcaption", figure.Caption);
        page.Close();
    }

    private static void Write(Svg page, Block block)
    {
        switch (block)
        {
            case Paragraph paragraph: Element(page, "p", paragraph.Text); break;
            case Headline headline: WriteHeadline(page, headline); break;
            case FactTable facts: WriteFacts(page, facts); break;
            case DataTable table: WriteTable(page, table); break;
            case Source source: WriteSource(page, source); break;
            default: throw new InvalidOperationException($"A page does not know how to write a {block.GetType().Name}.");
        }
    }

    private static void WriteHeadline(Svg page, Headline headline)
    {
        page.Open("dl").Set("class", "headline");
        foreach (Fact fact in headline.Facts)
        {
            page.Open("div");
            Element(page, "dt", fact.Name);
            Element(page, "dd", fact.Value);
            if (fact.Note.Length > 0)
                page.Open("dd").Set("class", "note").Text(fact.Note).CloseFully();
            page.Close();
        }
        page.CloseFully();
    }

    private static void WriteFacts(Svg page, FactTable facts)
    {
        page.Open("dl").Set("class", "facts");
        foreach (Fact fact in facts.Facts)
        {
            page.Open("div");
            Element(page, "dt", fact.Name);
            page.Open("dd").Text(fact.Value);
            if (fact.Note.Length > 0)
                page.Text(" ").Open("span").Set("class", "note").Text(fact.Note).CloseFully();
            page.CloseFully().Close();
        }
        page.CloseFully();
    }

    private static void WriteTable(Svg page, DataTable table)
    {
        if (table.Folded)
        {
            page.Open("details");
            Element(page, "summary", table.Caption);
        }
        page.Open("div").Set("class", "scroll").Set("tabindex", "0").Set("role", "group").Set("aria-label", table.Caption).Open("table");
        if (!table.Folded && table.Caption.Length > 0)
            Element(page, "caption", table.Caption);
        page.Open("thead").Open("tr");
        foreach (Column column in table.Columns)
            page.Open("th").Set("scope", "col").Set("class", column.Numeric ? "number" : "word").Text(column.Name).CloseFully();
        page.CloseFully().Close().Open("tbody");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            Require.Length(row.Count, table.Columns.Count, nameof(table), "one a column");
            page.Open("tr");
            for (int i = 0; i < row.Count; i++)
                page.Open("td").Set("class", table.Columns[i].Numeric ? "number" : "word").Text(row[i]).CloseFully();
            page.CloseFully();
        }
        page.CloseFully().Close().Close();
        if (table.Folded)
            page.Close();
    }

    private static void WriteSource(Svg page, Source source)
    {
        page.Open("details");
        Element(page, "summary", source.Caption);
        page.Open("pre").Set("tabindex", "0").Open("code").Text(source.Text).CloseFully().Close().Close();
    }

    private static void Element(Svg page, string name, string text) => page.Open(name).Text(text).CloseFully();
}
