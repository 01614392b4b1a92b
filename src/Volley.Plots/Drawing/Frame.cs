namespace Volley.Plots;

/// <summary>The plot area with its gridlines, ticks and axis captions. The caption of the y axis stands above it, so that nobody has to turn their head.</summary>
internal sealed record Frame(Box Plot, Scale X, Scale Y)
{
    public const double CaptionHeight = 24;
    private const double TickGap = 6;

    /// <summary>Draws the axes into <paramref name="area"/> and returns where the data goes; null where there is none.</summary>
    public static Frame? Draw(Svg svg, Box area, Axis x, Extent dataX, Axis y, Extent dataY, bool widenX = false)
    {
        double bottom = area.Bottom - FootHeight(x);
        double top = area.Top + (y.Caption.Length > 0 ? CaptionHeight : 6);
        int upCount = Math.Max(2, (int)((bottom - top) / 38));
        if (y.Domain(dataY, upCount, widen: true) is not { } up || x.Domain(dataX, 6, widenX) is not { } across)
            return null;
        Ticks upTicks = y.TicksFor(up.Min, up.Max, upCount);
        double left = area.Left + upTicks.Labels.Select(TextMetrics.Width).DefaultIfEmpty(0).Max() + TickGap;
        int acrossCount = Math.Clamp((int)((area.Right - left) / 62), 2, 10);
        if (widenX)
            across = x.Domain(dataX, acrossCount, widen: true)!.Value;

        var frame = new Frame(
            new Box(left, top, area.Right, bottom),
            new Scale(across.Min, across.Max, left, area.Right, x.Logarithmic),
            new Scale(up.Min, up.Max, bottom, top, y.Logarithmic));
        if (y.Caption.Length > 0)
            svg.LabelWithin(area.Right - area.Left, area.Left, area.Top + 11, y.Caption);
        for (int i = 0; i < upTicks.Values.Count; i++)
        {
            double position = frame.Y.Map(upTicks.Values[i]);
            svg.Line(left, position, area.Right, position, "g");
            svg.Label(left - TickGap, position + 4, upTicks.Labels[i], anchor: TextAnchor.End);
        }
        frame.DrawAcross(svg, area, x, acrossCount);
        return frame;
    }

    /// <summary>The x axis alone: its line, ticks and caption.</summary>
    public void DrawAcross(Svg svg, Box area, Axis x, int count)
    {
        Ticks ticks = x.TicksFor(X.Min, X.Max, count);
        svg.Line(Plot.Left, Plot.Bottom, Plot.Right, Plot.Bottom, "a");
        double free = double.NegativeInfinity;
        for (int i = 0; i < ticks.Values.Count; i++)
        {
            double position = X.Map(ticks.Values[i]), width = TextMetrics.Width(ticks.Labels[i]);
            svg.Line(position, Plot.Bottom, position, Plot.Bottom + 4, "a");
            double middle = Math.Max(Math.Min(position, area.Right + 8 - width / 2), area.Left + width / 2);
            if (middle - width / 2 < free)
                continue;
            svg.Label(middle, Plot.Bottom + 16, ticks.Labels[i], anchor: TextAnchor.Middle);
            free = middle + width / 2 + 4;
        }
        if (x.Caption.Length > 0)
            svg.LabelWithin(Plot.Width, Plot.Right, Plot.Bottom + 32, x.Caption, anchor: TextAnchor.End);
    }

    /// <summary>What the ticks and the caption of an x axis need below the plot.</summary>
    public static double FootHeight(Axis x) => TextMetrics.LineHeight + 4 + (x.Caption.Length > 0 ? TextMetrics.LineHeight : 0);

    public static void NoData(Svg svg, Box area)
    {
        svg.Rect(area.Left + 0.5, area.Top + 0.5, area.Width - 1, area.Height - 1, "frame");
        svg.Label((area.Left + area.Right) / 2, (area.Top + area.Bottom) / 2 + 4, "no data", anchor: TextAnchor.Middle);
    }
}
