namespace Volley.Plots;

/// <summary>What one neuron did, step by step.</summary>
/// <param name="Name">Stands above the panel.</param>
/// <param name="Values">The membrane potential, or another state, one value a step; NaN leaves a gap.</param>
public sealed record Trace(string Name, IReadOnlyList<double> Values)
{
    /// <summary>Where the neuron fires, in the unit of the values.</summary>
    public double? Threshold { get; init; }

    /// <summary>The same where it moves, as in adaptive neurons: a value a step.</summary>
    public IReadOnlyList<double>? MovingThreshold { get; init; }

    /// <summary>The steps at which it fired.</summary>
    public IReadOnlyList<int> Spikes { get; init; } = [];

    public static Trace Of(string name, ReadOnlySpan<float> values)
    {
        var copy = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
            copy[i] = values[i];
        return new Trace(name, copy);
    }
}

/// <summary>Membrane traces, a panel a neuron over one time axis, with the threshold as a dashed line and spikes as ticks above.</summary>
public sealed record TracePlot : Chart
{
    private const double PanelGap = 12;

    public required IReadOnlyList<Trace> Traces { get; init; }

    /// <summary>What one step lasts, in <see cref="Time"/>'s unit.</summary>
    public double StepLength { get; init; } = 1;

    public Axis Time { get; init; } = new("time", "steps");

    /// <summary>What the values are: label and unit.</summary>
    public Axis Value { get; init; } = new("membrane potential");

    /// <summary>Height of each panel in CSS pixels.</summary>
    public double PanelHeight { get; init; } = 90;

    internal override double Draw(Svg svg, string id)
    {
        int steps = Traces.Select(t => t.Values.Count).DefaultIfEmpty(0).Max();
        Axis value = Value with { Logarithmic = false };
        if (steps == 0 || !(StepLength > 0 && Scale.CanShow(StepLength * steps)) || Traces.All(t => Extent.Empty.Include(t.Values).IsEmpty))
        {
            Frame.NoData(svg, new Box(0, 0, Width, 120));
            return 120;
        }
        (double Min, double Max)?[] domains = [.. Traces.Select(t => value.Domain(Range(t), 3, widen: true))];
        double left = domains.Where(d => d is not null)
            .SelectMany(d => value.TicksFor(d!.Value.Min, d.Value.Max, 3).Labels).Select(TextMetrics.Width).Max() + 6;
        double right = Width - 10, y = Value.Caption.Length > 0 ? Frame.CaptionHeight : 2;
        if (Value.Caption.Length > 0)
            svg.LabelWithin(Width, 0, 11, Value.Caption);

        double[] times = [.. Enumerable.Range(0, steps).Select(t => t * StepLength)];
        var across = new Scale(0, Math.Max(1, steps - 1) * StepLength, left, right);
        for (int i = 0; i < Traces.Count; i++)
        {
            bool ticked = Traces[i].Spikes.Count > 0;
            double head = y + TextMetrics.LineHeight + (ticked ? 12 : 2);
            var plot = new Box(left, head, right, head + PanelHeight);
            svg.LabelWithin(right - left, left, y + 12, Traces[i].Name, "t");
            if (ticked)
                svg.Path(SpikeTicks(Traces[i], steps, across, plot.Top - 10), "w " + Palette.SeriesClass(i));
            if (domains[i] is { } domain)
                DrawPanel(svg, Traces[i], i, times, across, plot, domain, value, $"{id}-clip{i}");
            else
                Frame.NoData(svg, plot);
            y = plot.Bottom + PanelGap;
        }
        var bottom = new Box(left, 0, right, y - PanelGap);
        new Frame(bottom, across, new Scale(0, 1, bottom.Bottom, 0))
            .DrawAcross(svg, new Box(0, 0, right, y), Time with { Logarithmic = false }, Math.Clamp((int)(bottom.Width / 62), 2, 10));
        return bottom.Bottom + Frame.FootHeight(Time);
    }

    private static Extent Range(Trace trace)
    {
        Extent extent = Extent.Empty.Include(trace.Values);
        if (extent.IsEmpty)
            return extent;
        extent = trace.Threshold is { } threshold ? extent.Include(threshold) : extent;
        return extent.Include(trace.MovingThreshold ?? []);
    }

    private static void DrawPanel(Svg svg, Trace trace, int index, double[] times, Scale across, Box plot, (double Min, double Max) domain, Axis value, string clip)
    {
        var up = new Scale(domain.Min, domain.Max, plot.Bottom, plot.Top);
        Ticks ticks = value.TicksFor(domain.Min, domain.Max, 3);
        for (int k = 0; k < ticks.Values.Count; k++)
        {
            double at = up.Map(ticks.Values[k]);
            svg.Line(plot.Left, at, plot.Right, at, "g");
            svg.Label(plot.Left - 6, at + 4, ticks.Labels[k], anchor: TextAnchor.End);
        }
        if (trace.Threshold is { } threshold)
            new ReferenceLine(threshold, "threshold").DrawAcross(svg, new Frame(plot, across, up));
        Clip.Open(svg, clip, plot);
        if (trace.MovingThreshold is { } moving)
            svg.Path(Curve.Line(times, moving, across, up), "r");
        svg.Path(Curve.Line(times, trace.Values, across, up), Palette.LineClass(index) + " thin");
        svg.Close();
    }

    private static string SpikeTicks(Trace trace, int steps, Scale across, double top)
    {
        var path = new PathData();
        double step = (across.Max - across.Min) / Math.Max(1, steps - 1);
        foreach (int t in trace.Spikes)
        {
            if (t < 0 || t >= steps)
                continue;
            double x = across.Map(t * step);
            path.Move(x, top).Line(x, top + 7);
        }
        return path.ToString();
    }

    internal override string Describe()
    {
        IEnumerable<string> parts = Traces.Select(t => $"{t.Name}: {Numbers.Format(t.Spikes.Count, NumberFormat.Whole)} spikes in {Numbers.Format(t.Values.Count, NumberFormat.Whole)} steps");
        return $"{(Value.Caption.Length > 0 ? Value.Caption : "Values")} over {Time.Caption}. {string.Join("; ", parts)}.";
    }
}
