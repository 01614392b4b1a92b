namespace Volley.Plots;

/// <summary>Names of series beside their colours, in as many rows as the width needs.</summary>
internal static class Legend
{
    private const double Swatch = 16;
    private const double Gap = 18;

    /// <summary>Draws the legend below <paramref name="top"/> and returns the y where it ends.</summary>
    public static double Draw(Svg svg, double left, double top, double right, IReadOnlyList<string> names, bool lines)
    {
        double x = left, y = top;
        for (int i = 0; i < names.Count; i++)
        {
            string name = TextMetrics.Shorten(names[i], right - left - Swatch - 6);
            double width = Swatch + 6 + TextMetrics.Width(name);
            if (x > left && x + width > right)
                (x, y) = (left, y + TextMetrics.LineHeight);
            if (lines)
                svg.Line(x, y + 8, x + Swatch, y + 8, Palette.LineClass(i));
            else
                svg.Rect(x + 3, y + 3, 10, 10, "f " + Palette.SeriesClass(i));
            svg.Label(x + Swatch + 6, y + 12, name, "t", tip: name == names[i] ? null : names[i]);
            x += width + Gap;
        }
        return names.Count == 0 ? top : y + TextMetrics.LineHeight + 6;
    }

    /// <summary>
    /// Positions for labels that want to stand at <paramref name="wanted"/> but need <paramref name="gap"/> between them: pushed apart in order, and kept
    /// within [<paramref name="top"/>, <paramref name="bottom"/>] where they fit.
    /// </summary>
    public static double[] Spread(IReadOnlyList<double> wanted, double gap, double top, double bottom)
    {
        int[] order = [.. Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i]).ThenBy(i => i)];
        var placed = new double[wanted.Count];
        double next = top;
        foreach (int i in order)
        {
            placed[i] = Math.Max(wanted[i], next);
            next = placed[i] + gap;
        }
        double limit = bottom;
        foreach (int i in order.Reverse())
        {
            placed[i] = Math.Min(placed[i], limit);
            limit = placed[i] - gap;
        }
        return placed;
    }
}
