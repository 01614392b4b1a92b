namespace Volley.Plots;

/// <summary>A picture of data. The same chart always gives the same text.</summary>
public abstract record Chart
{
    private const double TitleHeight = 30;
    private const double Margin = 16;

    /// <summary>What the chart shows: its name for a screen reader, and its heading where it stands alone.</summary>
    public required string Title { get; init; }

    /// <summary>What a reader who cannot see the chart should know; by default the chart says it itself.</summary>
    public string? Description { get; init; }

    /// <summary>Natural width in CSS pixels. Up to 480 a report shows two charts in a row, and fits them to a phone; wider ones have a row of their own, and scroll there.</summary>
    public double Width { get; init; } = 440;

    /// <summary>A file of its own: with its styles, its heading and a background, in the reader's colour scheme.</summary>
    public string ToSvg() => Compose("chart", standalone: true);

    /// <summary>For a page that has the styles already; <paramref name="id"/> must be unique in it.</summary>
    internal string ToInline(string id) => Compose(id, standalone: false);

    /// <summary>Draws into the columns 0 to <see cref="Width"/> and returns the height it took.</summary>
    internal abstract double Draw(Svg svg, string id);

    /// <summary>The chart in a sentence or two.</summary>
    internal abstract string Describe();

    private string Compose(string id, bool standalone)
    {
        if (!(Width is >= 160 and <= 10_000))
            throw new InvalidOperationException($"The chart '{Title}' is {Width} pixels wide; expected 160 to 10000.");
        var drawing = new Svg();
        double height = Draw(drawing, id);
        double left = standalone ? Margin : 0, top = standalone ? TitleHeight + Margin : 0;
        double fullWidth = Width + 2 * left, fullHeight = Math.Ceiling(height) + top + left;

        var svg = new Svg();
        svg.Open("svg").Set("xmlns", "http://www.w3.org/2000/svg").Set("class", "chart").Set("viewBox", $"0 0 {Svg.Number(fullWidth)} {Svg.Number(fullHeight)}")
            .Set("width", fullWidth).Set("height", fullHeight)
            .Set("role", "img").Set("aria-labelledby", $"{id}-title {id}-desc");
        svg.Open("title").Set("id", $"{id}-title").Text(Title).Close();
        svg.Open("desc").Set("id", $"{id}-desc").Text(Description ?? Describe()).Close();
        if (standalone)
        {
            svg.Open("style").Raw(Palette.Variables(".chart") + Palette.ChartRules()).Close();
            svg.Rect(0, 0, fullWidth, fullHeight, "bg");
            svg.LabelWithin(Width, left, Margin + 10, Title, "h");
        }
        svg.Open("g").Set("transform", $"translate({Svg.Number(left)} {Svg.Number(top)})").Append(drawing).Close();
        return svg.Close().ToString();
    }
}
