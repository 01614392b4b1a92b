using System.Globalization;
using System.Text;

namespace Volley.Plots;

/// <summary>
/// Writes SVG (and the HTML around it, as XML) element by element. Names of elements and attributes are the program's own words; every value and every text is escaped.
/// Lengths are in the viewBox's units, which are CSS pixels where a chart is shown at its natural size.
/// </summary>
public sealed class Svg
{
    private readonly StringBuilder text = new();
    private readonly Stack<string> open = new();
    private bool inStartTag;

    public Svg Open(string name)
    {
        EndStartTag();
        text.Append('<').Append(name);
        open.Push(name);
        inStartTag = true;
        return this;
    }

    public Svg Set(string attribute, string value)
    {
        if (!inStartTag)
            throw new InvalidOperationException($"The attribute {attribute} comes after the start tag has ended.");
        text.Append(' ').Append(attribute).Append("=\"").Append(Markup.Escape(value)).Append('"');
        return this;
    }

    public Svg Set(string attribute, double value) => Set(attribute, Number(value));

    public Svg Text(string? content)
    {
        EndStartTag();
        text.Append(Markup.Escape(content));
        return this;
    }

    public Svg Close()
    {
        string name = open.Pop();
        if (inStartTag)
            text.Append("/>");
        else
            text.Append("</").Append(name).Append('>');
        inStartTag = false;
        return this;
    }

    /// <summary>Closes with an end tag even when empty: HTML does not know <c>&lt;p/&gt;</c>.</summary>
    public Svg CloseFully()
    {
        EndStartTag();
        return Close();
    }

    public Svg Line(double x1, double y1, double x2, double y2, string style) =>
        Open("line").Set("class", style).Set("x1", x1).Set("y1", y1).Set("x2", x2).Set("y2", y2).Close();

    public Svg Path(string data, string style) => data.Length == 0 ? this : Open("path").Set("class", style).Set("d", data).Close();

    public Svg Dot(double x, double y, double radius, string style) =>
        Open("circle").Set("class", style).Set("cx", x).Set("cy", y).Set("r", radius).Close();

    /// <summary>A rectangle; <paramref name="tip"/> is what a pointer resting on it shows.</summary>
    public Svg Rect(double x, double y, double width, double height, string style, string? tip = null)
    {
        Open("rect").Set("class", style).Set("x", x).Set("y", y).Set("width", Math.Max(0, width)).Set("height", Math.Max(0, height));
        if (tip is not null)
            Open("title").Text(tip).Close();
        return Close();
    }

    /// <summary>A line of text with its baseline at <paramref name="y"/>.</summary>
    public Svg Label(double x, double y, string content, string style = "m", TextAnchor anchor = TextAnchor.Start, string? tip = null)
    {
        Open("text").Set("class", style).Set("x", x).Set("y", y);
        if (anchor != TextAnchor.Start)
            Set("text-anchor", anchor == TextAnchor.Middle ? "middle" : "end");
        Text(content);
        if (tip is not null)
            Open("title").Text(tip).Close();
        return Close();
    }

    /// <summary>Shortens what does not fit into <paramref name="width"/>; the whole text is then in the tooltip.</summary>
    public Svg LabelWithin(double width, double x, double y, string content, string style = "m", TextAnchor anchor = TextAnchor.Start)
    {
        string shown = TextMetrics.Shorten(content, width);
        return Label(x, y, shown, style, anchor, shown == content ? null : content);
    }

    /// <summary>At most two decimals, invariant, never "-0"; a number that cannot be drawn is a mistake of the chart.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite.</exception>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "An SVG length must be finite.");
        return (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);
    }

    /// <summary>The text so far; every element must be closed.</summary>
    public override string ToString()
    {
        if (open.Count > 0)
            throw new InvalidOperationException($"The element {open.Peek()} is not closed.");
        return text.ToString();
    }

    /// <summary>An area of one style, its opacity a picture: not the colours themselves, which come from the page's scheme.</summary>
    /// <param name="id">Unique in the page.</param>
    internal void Mask(string id, Box area, byte[] png, string style)
    {
        Open("mask").Set("id", id).Set("maskUnits", "userSpaceOnUse").Set("x", area.Left).Set("y", area.Top).Set("width", area.Width).Set("height", area.Height);
        Open("image").Set("x", area.Left).Set("y", area.Top).Set("width", area.Width).Set("height", area.Height)
            .Set("preserveAspectRatio", "none").Set("href", Png.DataUri(png)).Close();
        Close();
        Open("rect").Set("class", style).Set("x", area.Left).Set("y", area.Top).Set("width", area.Width).Set("height", area.Height).Set("mask", $"url(#{id})").Close();
    }

    internal Svg Append(Svg part) => Raw(part.ToString());

    /// <summary>Only for markup this assembly has built itself.</summary>
    internal Svg Raw(string markup)
    {
        EndStartTag();
        text.Append(markup);
        return this;
    }

    private void EndStartTag()
    {
        if (inStartTag)
            text.Append('>');
        inStartTag = false;
    }
}
