namespace Volley.Plots;

/// <summary>One value a category.</summary>
public sealed record BarSeries(string Name, IReadOnlyList<double> Values)
{
    /// <summary>Half the length of an error bar at each value, such as the sd over seeds.</summary>
    public IReadOnlyList<double>? Errors { get; init; }
}

/// <summary>
/// Horizontal bars from zero, so that category names read as text: rates a layer, accuracies a class, times of competing methods.
/// Each bar ends with its value; several series make groups.
/// </summary>
public sealed record BarChart : Chart
{
    public required IReadOnlyList<string> Categories { get; init; }

    public required IReadOnlyList<BarSeries> Series { get; init; }

    /// <summary>What the bars measure. Linear: a bar's length means something only from zero on.</summary>
    public Axis Value { get; init; } = new();

    /// <summary>Values worth a dashed line across all bars: chance, a mean, a target.</summary>
    public IReadOnlyList<ReferenceLine> Levels { get; init; } = [];

    internal override double Draw(Svg svg, string id)
    {
        Axis axis = Value with { FromZero = true, Logarithmic = false };
        Extent extent = Extent.Empty;
        foreach (BarSeries series in Series)
        {
            Require.Length(series.Values.Count, Categories.Count, nameof(series.Values), "one a category");
            if (series.Errors is { } errors)
                Require.Length(errors.Count, Categories.Count, nameof(series.Errors), "one a category");
            for (int i = 0; i < Categories.Count; i++)
            {
                extent = extent.Include(series.Values[i]);
                if (Scale.CanShow(series.Values[i]) && Error(series, i) is var error and > 0)
                    extent = extent.Include(series.Values[i] + error).Include(series.Values[i] - error);
            }
        }
        if (!extent.IsEmpty)
            extent = extent.Include(Levels.Select(l => l.Value));

        double top = Series.Count > 1 ? Legend.Draw(svg, 0, 0, Width, [.. Series.Select(s => s.Name)], lines: false) : 0;
        if (axis.Domain(extent, 5, widen: false) is not { } range)
        {
            Frame.NoData(svg, new Box(0, top, Width, top + 80));
            return top + 80;
        }

        double names = Math.Min(Width * 0.32, Categories.Select(TextMetrics.Width).DefaultIfEmpty(0).Max());
        double values = Series.SelectMany(s => s.Values).Where(v => Scale.CanShow(v)).Select(v => TextMetrics.Width(Label(v))).DefaultIfEmpty(0).Max();
        // Few bars are broad, many still leave room for a line of text each.
        double bar = Math.Clamp(Math.Round(100.0 / Math.Max(1, Categories.Count * Series.Count)), Series.Count == 1 ? 14 : 13, 24);
        double group = Series.Count * bar + (Series.Count == 1 ? 6 : 9);
        double levels = Levels.Count > 0 ? TextMetrics.LineHeight : 0;
        var plot = new Box(names + 8, top + levels, Width - values - 8, top + levels + 4 + Categories.Count * group);
        var scale = new Scale(range.Min, range.Max, plot.Left, plot.Right);
        Ticks ticks = axis.TicksFor(range.Min, range.Max, Math.Clamp((int)(plot.Width / 62), 2, 8));
        foreach (double tick in ticks.Values)
            svg.Line(scale.Map(tick), plot.Top, scale.Map(tick), plot.Bottom, "g");

        for (int c = 0; c < Categories.Count; c++)
        {
            double y = plot.Top + 4 + c * group;
            svg.LabelWithin(names, names, y + Series.Count * bar / 2 + 4, Categories[c], "t", TextAnchor.End);
            for (int s = 0; s < Series.Count; s++)
                DrawBar(svg, scale, Series[s], s, c, y + s * bar, bar - (Series.Count == 1 ? 0 : 1));
        }
        svg.Line(scale.Map(0), plot.Top, scale.Map(0), plot.Bottom, "a");
        var frame = new Frame(plot, scale, new Scale(0, 1, plot.Bottom, plot.Top));
        foreach (ReferenceLine level in Levels.Where(l => Scale.CanShow(l.Value)))
        {
            double x = scale.Map(level.Value), half = TextMetrics.Width(level.Label) / 2;
            svg.Line(x, plot.Top - 2, x, plot.Bottom, "r");
            svg.Label(Math.Clamp(x, plot.Left + half, Math.Max(plot.Left + half, Width - half)), plot.Top - 5, level.Label, anchor: TextAnchor.Middle);
        }
        var area = new Box(0, top, Width - 4, plot.Bottom);
        frame.DrawAcross(svg, area, axis, Math.Clamp((int)(plot.Width / 62), 2, 8));
        return plot.Bottom + Frame.FootHeight(axis);
    }

    private void DrawBar(Svg svg, Scale scale, BarSeries series, int index, int category, double y, double height)
    {
        double value = series.Values[category];
        if (!Scale.CanShow(value))
        {
            svg.Label(scale.Map(0) + 4, y + height / 2 + 4, Numbers.Missing);
            return;
        }
        double zero = scale.Map(0), end = scale.Map(value), error = Error(series, category);
        string tip = $"{Categories[category]}{(Series.Count > 1 ? ", " + series.Name : "")}: {Numbers.Format(value, Value.Format)}";
        svg.Rect(Math.Min(zero, end), y, Math.Abs(end - zero), height, "f " + Palette.SeriesClass(index), tip);
        double right = Math.Max(zero, end);
        if (error > 0)
        {
            double low = scale.Map(value - error), high = scale.Map(value + error), middle = y + height / 2;
            svg.Path(new PathData().Move(low, middle).Line(high, middle).Move(low, middle - 3).Line(low, middle + 3).Move(high, middle - 3).Line(high, middle + 3).ToString(), "a");
            right = Math.Max(right, high);
        }
        svg.Label(right + 5, y + height / 2 + 4, Label(value));
    }

    private static double Error(BarSeries series, int category) => series.Errors is { } errors && Scale.CanShow(errors[category]) ? errors[category] : 0;

    private string Label(double value) => Value.Format == NumberFormat.Percent ? Numbers.Fixed(value * 100, 1) + "%" : Numbers.Format(value, Value.Format);

    internal override string Describe()
    {
        const int most = 12;
        IEnumerable<string> parts = Series.Select(s =>
            (Series.Count > 1 ? s.Name + ": " : "") + string.Join(", ", Categories.Zip(s.Values, (c, v) => $"{c} {Numbers.Format(v, Value.Format)}").Take(most))
            + (Categories.Count > most ? ", …" : ""));
        return $"Bar chart of {(Value.Caption.Length > 0 ? Value.Caption : "values")}. {string.Join("; ", parts)}.";
    }
}
