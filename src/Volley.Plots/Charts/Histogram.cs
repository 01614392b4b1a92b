namespace Volley.Plots;

/// <summary>The values whose distribution is shown.</summary>
public sealed record Sample(string Name, IReadOnlyList<double> Values)
{
    public static Sample Of(string name, ReadOnlySpan<float> values)
    {
        var copy = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
            copy[i] = values[i];
        return new Sample(name, copy);
    }
}

/// <summary>How often values fall into equal bins with round edges; on a logarithmic axis, into bins of equal ratio. Several samples share the bins; counts start at zero.</summary>
public sealed record Histogram : Chart
{
    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>What is counted; fixed ends (<see cref="Axis.Min"/>, <see cref="Axis.Max"/>) leave out what lies outside.</summary>
    public Axis X { get; init; } = new();

    public Axis Y { get; init; } = new("count") { Format = NumberFormat.Whole };

    /// <summary>About how many bins; 0 chooses by the number of values (Freedman &amp; Diaconis 1981).</summary>
    public int Bins { get; init; }

    /// <summary>Height in CSS pixels.</summary>
    public double Height { get; init; } = 210;

    /// <summary>Values of x worth a dashed line, such as the mean.</summary>
    public IReadOnlyList<ReferenceLine> Marks { get; init; } = [];

    internal override double Draw(Svg svg, string id)
    {
        double top = Samples.Count > 1 ? Legend.Draw(svg, 0, 0, Width, [.. Samples.Select(s => s.Name)], lines: false) : 0;
        var area = new Box(0, top, Width - 10, top + Height);
        if (Count() is not { } bins)
        {
            Frame.NoData(svg, area with { Right = Width });
            return area.Bottom;
        }
        Axis across = X with { FromZero = false, Min = bins.Edge(0), Max = bins.Edge(bins.Count) };
        Extent counts = Extent.Empty.Include(0).Include(bins.Counts.SelectMany(c => c).Select(c => (double)c));
        var frame = Frame.Draw(svg, area, across, new Extent(bins.Edge(0), bins.Edge(bins.Count)), Y with { FromZero = true, Logarithmic = false }, counts);
        if (frame is null)
            return area.Bottom;
        for (int s = 0; s < Samples.Count; s++)
        {
            if (Samples.Count == 1)
                DrawBars(svg, frame, bins, s);
            else
                DrawOutline(svg, frame, bins, s);
        }
        foreach (ReferenceLine mark in Marks)
            mark.DrawUp(svg, frame, atTop: true);
        return area.Bottom;
    }

    private void DrawBars(Svg svg, Frame frame, Binning bins, int sample)
    {
        double gap = frame.Plot.Width / bins.Count > 4 ? 1 : 0;
        for (int b = 0; b < bins.Count; b++)
        {
            if (bins.Counts[sample][b] == 0)
                continue;
            double left = frame.X.Map(bins.Edge(b)), right = frame.X.Map(bins.Edge(b + 1)), y = frame.Y.Map(bins.Counts[sample][b]);
            string tip = $"{Numbers.Format(bins.Edge(b), X.Format)} to {Numbers.Format(bins.Edge(b + 1), X.Format)}: {Numbers.Format(bins.Counts[sample][b], NumberFormat.Whole)}";
            svg.Rect(left + gap / 2, y, right - left - gap, frame.Plot.Bottom - y, "f " + Palette.SeriesClass(sample), tip);
        }
    }

    private static void DrawOutline(Svg svg, Frame frame, Binning bins, int sample)
    {
        var path = new PathData().Move(frame.X.Map(bins.Edge(0)), frame.Plot.Bottom);
        for (int b = 0; b < bins.Count; b++)
        {
            double y = frame.Y.Map(bins.Counts[sample][b]);
            path.Line(frame.X.Map(bins.Edge(b)), y).Line(frame.X.Map(bins.Edge(b + 1)), y);
        }
        string outline = path.Line(frame.X.Map(bins.Edge(bins.Count)), frame.Plot.Bottom).ToString();
        svg.Path(outline, "b " + Palette.SeriesClass(sample));
        svg.Path(outline, Palette.LineClass(sample));
    }

    private Binning? Count()
    {
        double[][] kept = [.. Samples.Select(s => s.Values.Where(v => Scale.CanShow(v, X.Logarithmic) && !(v < X.Min) && !(v > X.Max)).Select(Placed).ToArray())];
        Extent extent = kept.Aggregate(Extent.Empty, (e, values) => e.Include(values));
        if (extent.IsEmpty)
            return null;
        var linear = X with { Logarithmic = false, FromZero = false, Min = Placed(X.Min), Max = Placed(X.Max) };
        if (linear.Domain(extent, 1, widen: false) is not { } range)
            return null;
        bool whole = X.Format == NumberFormat.Whole && !X.Logarithmic;
        int wanted = Bins > 0 ? Math.Min(Bins, 400) : Choose(kept, range.Max - range.Min);
        (double low, double high) = Ticks.Widen(range.Min, range.Max, wanted, whole);
        double step = Ticks.StepOf(range.Min, range.Max, wanted, whole);
        // A bin holds its lower edge, the last one both. Whole numbers stand at lower edges, so the largest needs a bin of its own.
        if (extent.Max >= high && whole)
            high += step;
        int count = Math.Max(1, (int)Math.Round((high - low) / step));
        var counts = new int[kept.Length][];
        for (int s = 0; s < kept.Length; s++)
        {
            counts[s] = new int[count];
            foreach (double value in kept[s])
                counts[s][Math.Clamp((int)Math.Floor((value - low) / step + 1e-9), 0, count - 1)]++;
        }
        return new Binning(low, step, count, counts, X.Logarithmic);
    }

    /// <summary>Where a value stands among equal bins.</summary>
    private double Placed(double value) => X.Logarithmic ? Math.Log10(value) : value;

    private double? Placed(double? value) => value is { } v && Scale.CanShow(v, X.Logarithmic) ? Placed(v) : null;

    private static int Choose(double[][] samples, double range)
    {
        int most = 1;
        foreach (double[] values in samples)
        {
            if (values.Length == 0)
                continue;
            double[] sorted = [.. values.Order()];
            double quartiles = sorted[(int)(0.75 * (sorted.Length - 1))] - sorted[(int)(0.25 * (sorted.Length - 1))];
            double width = 2 * quartiles / Math.Cbrt(sorted.Length);
            most = Math.Max(most, width > 0 ? (int)Math.Min(60, range / width) : 10);
        }
        return Math.Clamp(most, 8, 60);
    }

    internal override string Describe()
    {
        IEnumerable<string> parts = Samples.Select(s =>
        {
            double[] shown = [.. s.Values.Where(v => Scale.CanShow(v))];
            return shown.Length == 0
                ? $"{s.Name}: no data"
                : $"{s.Name}: {Numbers.Format(shown.Length, NumberFormat.Whole)} values from {Numbers.Format(shown.Min(), X.Format)} to {Numbers.Format(shown.Max(), X.Format)}, mean {Numbers.Format(shown.Average(), X.Format)}";
        });
        return $"Histogram of {(X.Caption.Length > 0 ? X.Caption : "values")}. {string.Join("; ", parts)}.";
    }

    private sealed record Binning(double Low, double Step, int Count, int[][] Counts, bool Logarithmic)
    {
        public double Edge(int i) => Logarithmic ? Math.Pow(10, Low + i * Step) : Low + i * Step;
    }
}
