namespace Volley.Plots;

/// <summary>How the layers of several groups of runs fire, side by side.</summary>
internal static class ComparisonActivity
{
    public static Section Section(IReadOnlyList<RunGroup> groups)
    {
        RunGroup[] known = [.. groups.Where(g => g.Runs[0].Layers.Count > 0)];
        int layers = known.Max(g => g.Runs.Max(r => r.Layers.Count));
        // Layers of different networks meet by their place; names only where all agree.
        string[] names = [.. Enumerable.Range(0, layers).Select(i =>
        {
            string[] own = [.. known.SelectMany(g => g.Runs).Where(r => r.Layers.Count > i).Select(r => r.Layers[i].Name).Distinct()];
            return own.Length == 1 ? own[0] : $"spiking layer {Numbers.Fixed(i + 1, 0)}";
        })];
        double Mean(RunRecord run, int i) => run.Layers.Count > i ? run.Layers[i].Mean : double.NaN;
        var rates = new BarChart
        {
            Title = "Firing rate of each layer",
            Categories = names,
            Series = [.. known.Select(g =>
            {
                Estimate[] each = [.. Enumerable.Range(0, layers).Select(i => g.Over(r => Mean(r, i)))];
                return new BarSeries(g.Name, [.. each.Select(e => e.Mean)]) { Errors = g.Seeds > 1 ? [.. each.Select(e => e.Deviation)] : null };
            })],
            Value = new Axis("mean spikes per neuron and step") { Format = NumberFormat.Percent },
            Width = layers * known.Length > 12 ? 900 : 480,
        };
        var rows = known.SelectMany(g => Enumerable.Range(0, layers).Where(i => g.Runs.All(r => r.Layers.Count > i)).Select(i => (IReadOnlyList<string>)
        [
            g.Name,
            g.Runs[0].Layers[i].Name,
            Numbers.Format(g.Runs[0].Layers[i].Rates.Count, NumberFormat.Whole),
            g.Over(r => r.Layers[i].Mean).Describe(NumberFormat.Percent),
            Share(g, i, l => l.Dead),
            Share(g, i, l => l.Saturated),
        ]));
        return new Section("Firing",
        [
            new Figure(rates),
            new DataTable("Layers", [new("run", Numeric: false), new("layer", Numeric: false), new("neurons"), new("mean rate"), new("never fired"), new("saturated")], [.. rows]) { Folded = layers * known.Length > 12 },
        ]);
    }

    private static string Share(RunGroup group, int layer, Func<LayerActivity, int> count) =>
        Numbers.Fixed(100 * group.Over(r => r.Layers[layer].Rates.Count == 0 ? 0 : (double)count(r.Layers[layer]) / r.Layers[layer].Rates.Count).Mean, 1) + "%";
}
