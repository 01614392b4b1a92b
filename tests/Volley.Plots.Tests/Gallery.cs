namespace Volley.Plots.Tests;

/// <summary>One of each chart, over ordinary data, data with holes, no data, and with a hostile name.</summary>
internal static class Gallery
{
    public const string Hostile = "<script>alert('x')</script> & \"quoted\" \u0000\u0007\uD800 \u202Eevil ]]> --> 🙂";

    public static SpikeRows Spikes(string name, int neurons, int steps, Func<int, int, bool> fires)
    {
        int words = (neurons + 63) / 64;
        var bits = new ulong[steps * words];
        for (int t = 0; t < steps; t++)
        {
            for (int n = 0; n < neurons; n++)
            {
                if (fires(t, n))
                    bits[t * words + n / 64] |= 1UL << (n % 64);
            }
        }
        return new SpikeRows(name, neurons, steps, bits);
    }

    public static Chart[] All(string name = "chart")
    {
        double[] x = [1, 2, 3, 4, 5], y = [2.3, 1.1, 0.6, 0.45, 0.4], holes = [double.NaN, 1, double.PositiveInfinity, 0.5, double.NegativeInfinity];
        var large = new double[100 * 90];
        for (int i = 0; i < large.Length; i++)
            large[i] = i % 7 == 0 ? double.NaN : Math.Sin(i * 0.01);
        return
        [
            new LineChart { Title = name, Series = [new(name, x, y), new("holes", x, holes)], X = new(name) { Format = NumberFormat.Whole }, Y = new("loss", "nats") { FromZero = true }, Levels = [new(0.5, name)], Marks = [new(3, name)] },
            new LineChart { Title = name, Series = [Series.WithSpread(name, x, y, [0.1, 0.1, double.NaN, 0.1, 0.1])], Y = new("loss") { Logarithmic = true } },
            new LineChart { Title = name, Series = [.. Enumerable.Range(0, 12).Select(i => new Series(name + i, x, y))] },
            new LineChart { Title = name, Series = [] },
            new LineChart { Title = name, Series = [new(name, [1], [double.NaN])] },
            new BarChart { Title = name, Categories = [name, "b", "c"], Series = [new(name, [1, double.NaN, -2])], Levels = [new(0.5, name)] },
            new BarChart { Title = name, Categories = [name, "b"], Series = [new(name, [0.9, 0.8]) { Errors = [0.1, double.NaN] }, new("two", [0.5, double.PositiveInfinity])], Value = new("accuracy") { Format = NumberFormat.Percent, Max = 1 } },
            new BarChart { Title = name, Categories = [], Series = [] },
            new Histogram { Title = name, Samples = [new(name, y)], Marks = [new(1, name)] },
            new Histogram { Title = name, Samples = [new(name, holes), new("two", [])] },
            new Histogram { Title = name, Samples = [new(name, [double.NaN])] },
            new Heatmap { Title = name, Values = [1, -1, double.NaN, 0.5, 0, 2], Rows = 2, Columns = 3, RowNames = [name, "b"], ColumnNames = [name, "two", "three"], RowCaption = name, ColumnCaption = name, Value = new(name), Texts = [name, "", "", "", "", ""] },
            new Heatmap { Title = name, Values = large, Rows = 100, Columns = 90 },
            new Heatmap { Title = name, Values = [], Rows = 0, Columns = 0 },
            Heatmap.Confusion(name, [name, "b"], [3, 1, 0, 0]),
            new RasterPlot { Title = name, Populations = [Spikes(name, 70, 50, (t, n) => (t * 7 + n) % 13 == 0), Spikes("silent", 5, 50, (_, _) => false)] },
            new RasterPlot { Title = name, Populations = [] },
            new TracePlot { Title = name, Traces = [new(name, holes) { Threshold = 1, Spikes = [0, 3, 99, -1] }, new("none", [double.NaN])] },
            new TracePlot { Title = name, Traces = [] },
            new IntervalPlot { Title = name, Intervals = [new(name, 0.9, 0.8, 0.95) { Each = [0.88, double.NaN] }, new("none", double.NaN, double.NaN, double.PositiveInfinity)] },
        ];
    }

    public static RunRecord Run(string name = "quickstart") => new()
    {
        Name = name,
        Dataset = name,
        Seed = 1,
        RecipeJson = $"{{ \"name\": \"{name}\" }}",
        Environment = [new(name, name) { Note = name }],
        Epochs = [new(1, 2.1, 0.3, 0.31, 1e-3, 1.2, 8) { SecondsPerStep = 0.01, PeakMemoryMb = 100, Gradients = new Dictionary<string, double> { [name + ".weight"] = 3, [name + ".bias"] = 4, ["plain"] = 0 } }, new(2, 1.2, 0.6, 0.58, 5e-4, 1.3, 7), new(3, double.NaN, double.NaN, double.NaN, 1e-4, 1.3, double.NaN)],
        Figures = new() { TestAccuracy = new(0.9694, 2000), Parameters = 20234, SpikesPerNeuron = 7, SynopsPerSample = 1e5, SecondsPerEpoch = 1.3 },
        FinalMetrics = [Fact.Of("test accuracy", 0.9694, NumberFormat.Percent) with { Note = name }, Fact.Of("parameters", 20234, NumberFormat.Whole)],
        Layers = [new(name, [0, 0.1, 0.2, 0.95]), new("empty", [])],
        Learned = [new(name, name.Length == 0 ? "delay" : name, name, [1, 2, 300], [2, 2, double.NaN]), new("2", "a", "", [0, 1], [1, 1])],
        Curves = [new(name, "impulse response", name, [new(name, [1, 0.5], [1, 0.7]), new("b", [], [])]), new(name, "none", "", [])],
        Matrices = [new(name, 5, 3, [0, 0, 0, 1, 0, 0, 1, 1, 0], [0, 0, 0, 2, 0, 0, -1, 1, double.NaN])],
        Samples = [new(name, [Spikes(name, 20, 30, (t, n) => t == n)]) { Traces = [new(name, [0, 0.5, 1.2]) { MovingThreshold = [1, 1, 1.1], Spikes = [2] }] }],
        Cost = new([new(name) { Parameters = 100, Bytes = 1200, ConnectionSparsity = 0.1, Additions = 5000, Dense = 2e4 }, new("2") { ActivationSparsity = 0.9, MembraneUpdates = 300, NeuronMultiplyAdds = 900 }], 12.6, 4500),
        Confusion = new([name, "1"], [5, 1, 0, 7]),
    };
}
