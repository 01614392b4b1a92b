namespace Volley.Plots;

/// <summary>What a sample costs, layer by layer.</summary>
internal static class CostSection
{
    public static Section Of(RunCost cost)
    {
        double additions = cost.Layers.Sum(l => l.Additions), multiplyAdds = cost.Layers.Sum(l => l.MultiplyAdds), dense = cost.Layers.Sum(l => l.Dense);
        double neurons = cost.Layers.Sum(l => l.NeuronMultiplyAdds), done = additions + multiplyAdds;
        LayerCosts[] working = [.. cost.Layers.Where(l => l.Additions + l.MultiplyAdds + l.NeuronMultiplyAdds > 0)];
        var blocks = new List<Block>
        {
            new Headline(
            [
                new Fact("additions of synapses", Count(additions)) { Note = "a spike met a weight that is not 0" },
                new Fact("multiply-adds of synapses", Count(multiplyAdds)) { Note = "inputs that are no spikes" },
                new Fact("the same without zeros", Count(dense)) { Note = done > 0 && dense > 0 ? $"{Numbers.Fixed(dense / done, 1)} times as many" : "" },
                new Fact("multiply-adds of neurons", Count(neurons)),
                new Fact("energy of the arithmetic", Energy(cost.LowNanojoules, cost.HighNanojoules)) { Note = "8-bit integers to 32-bit floats at 45 nm (Horowitz 2014); memory, where most of the energy goes, is left out" },
                new Fact("size", Bytes(cost.Layers.Sum(l => l.Bytes))) { Note = "parameters and running statistics" },
            ]),
            new Paragraph("Of one test sample, on average. Counts of synapses and membranes follow the definitions of NeuroBench (Yik et al. 2025), which has no rule for what the neurons themselves compute; that stands beside them."),
        };
        if (working.Length > 0)
        {
            blocks.Add(new Figure(new BarChart
            {
                Title = "Operations of each layer",
                Categories = [.. working.Select(l => l.Layer)],
                Series = [.. new BarSeries[]
                {
                    new("additions", [.. working.Select(l => l.Additions)]),
                    new("multiply-adds", [.. working.Select(l => l.MultiplyAdds)]),
                    new("multiply-adds of neurons", [.. working.Select(l => l.NeuronMultiplyAdds)]),
                }.Where(series => series.Values.Any(v => v > 0))],
                Value = new Axis(multiplyAdds + neurons > 0 ? "operations a sample" : "additions a sample") { Format = NumberFormat.Whole },
                Width = 900,
            }));
        }
        blocks.Add(Table(cost.Layers));
        return new Section("Cost of a sample", blocks);
    }

    private static DataTable Table(IReadOnlyList<LayerCosts> layers)
    {
        (string Name, Func<LayerCosts, double> Value, Func<double, string> Text)[] columns =
        [
            ("parameters", l => l.Parameters, Count),
            ("weights that are 0", l => l.ConnectionSparsity, Percent),
            ("outputs that are 0", l => l.ActivationSparsity, Percent),
            ("additions", l => l.Additions, Count),
            ("multiply-adds", l => l.MultiplyAdds, Count),
            ("if nothing were 0", l => l.Dense, Count),
            ("membrane updates", l => l.MembraneUpdates, Count),
            ("neurons' multiply-adds", l => l.NeuronMultiplyAdds, Count),
            ("over whole sequences", l => l.SequenceMultiplyAdds, Count),
        ];
        var shown = columns.Where(c => layers.Any(l => c.Value(l) > 0)).ToArray();
        return new DataTable(
            "Every layer", [new Column("layer", Numeric: false), .. shown.Select(c => new Column(c.Name))],
            [.. layers.Select(l => (IReadOnlyList<string>)[l.Layer, .. shown.Select(c => c.Value(l) is var value && !(value > 0) ? "" : c.Text(value))])]);
    }

    private static string Count(double value) => Numbers.Format(value, NumberFormat.Whole);

    private static string Percent(double value) => Numbers.Fixed(value * 100, 1) + "%";

    /// <summary>Two digits say all that such an estimate knows.</summary>
    internal static string Energy(double low, double high)
    {
        (double unit, string name) = high >= 1000 ? (1000, "µJ") : (1.0, "nJ");
        return $"{Two(low / unit)}–{Two(high / unit)} {name}";

        static string Two(double value) => !(value > 0) ? "0" : Numbers.Fixed(value, Math.Clamp(1 - (int)Math.Floor(Math.Log10(value)), 0, 6));
    }

    private static string Bytes(double bytes) => bytes >= 1e6 ? Numbers.Fixed(bytes / 1e6, 1) + " MB" : bytes >= 1e3 ? Numbers.Fixed(bytes / 1e3, 1) + " kB" : Numbers.Fixed(bytes, 0) + " B";
}
