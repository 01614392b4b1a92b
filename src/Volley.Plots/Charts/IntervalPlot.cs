namespace Volley.Plots;

/// <summary>A value with what is uncertain about it.</summary>
/// <param name="Name">Stands at the left.</param>
/// <param name="Value">The value; NaN where it is not known.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end.</param>
public sealed record Interval(string Name, double Value, double Low, double High)
{
    /// <summary>The single values behind it, such as those of the seeds.</summary>
    public IReadOnlyList<double> Each { get; init; } = [];
}

/// <summary>Dots with intervals, a row each, over an axis that shows only where they are: for values that differ by less than a bar from zero could show.</summary>
public sealed record IntervalPlot : Chart
{
    private const double RowHeight = 26;

    public required IReadOnlyList<Interval> Intervals { get; init; }

    public Axis Value { get; init; } = new();

    internal override double Draw(Svg svg, string id)
    {
        Extent extent = Intervals.Aggregate(Extent.Empty, (e, i) => e.Include([i.Value, i.Low, i.High, .. i.Each]));
        double names = Math.Min(Width * 0.36, Intervals.Select(i => TextMetrics.Width(i.Name)).DefaultIfEmpty(0).Max());
        double values = Intervals.Select(i => TextMetrics.Width(Label(i.Value))).DefaultIfEmpty(0).Max();
        var plot = new Box(names + 10, 2, Width - values - 14, 4 + Intervals.Count * RowHeight);
        int count = Math.Clamp((int)(plot.Width / 62), 2, 8);
        if (Value.Domain(extent, count, widen: true) is not { } range)
        {
            Frame.NoData(svg, new Box(0, 0, Width, 80));
            return 80;
        }
        var scale = new Scale(range.Min, range.Max, plot.Left, plot.Right, Value.Logarithmic);
        foreach (double tick in Value.TicksFor(range.Min, range.Max, count).Values)
            svg.Line(scale.Map(tick), plot.Top, scale.Map(tick), plot.Bottom, "g");
        for (int i = 0; i < Intervals.Count; i++)
            DrawRow(svg, Intervals[i], i, plot.Top + (i + 0.5) * RowHeight, names, plot.Right, scale);
        new Frame(plot, scale, new Scale(0, 1, plot.Bottom, plot.Top)).DrawAcross(svg, new Box(0, 0, Width - 4, plot.Bottom), Value, count);
        return plot.Bottom + Frame.FootHeight(Value);
    }

    private void DrawRow(Svg svg, Interval row, int index, double y, double names, double right, Scale scale)
    {
        svg.LabelWithin(names, names, y + 4, row.Name, "t", TextAnchor.End);
        svg.Label(right + 10, y + 4, Label(row.Value));
        if (scale.Shows(row.Low) && scale.Shows(row.High))
        {
            double low = scale.Map(row.Low), high = scale.Map(row.High);
            svg.Path(new PathData().Move(low, y).Line(high, y).Move(low, y - 4).Line(low, y + 4).Move(high, y - 4).Line(high, y + 4).ToString(), Palette.LineClass(index));
        }
        foreach (double each in row.Each.Where(v => scale.Shows(v)))
            svg.Dot(scale.Map(each), y + 7, 2, "f " + Palette.SeriesClass(index));
        if (scale.Shows(row.Value))
            svg.Dot(scale.Map(row.Value), y, 4.5, "f " + Palette.SeriesClass(index));
    }

    private string Label(double value) => Numbers.Format(value, Value.Format);

    internal override string Describe() =>
        $"Values and intervals of {(Value.Caption.Length > 0 ? Value.Caption : "values")}. "
        + string.Join("; ", Intervals.Select(i => $"{i.Name}: {Label(i.Value)}, {Label(i.Low)} to {Label(i.High)}")) + ".";
}
