using System.Globalization;

namespace Volley.Plots;

/// <summary>Turns what a run left behind into a page: what came out, how it learned, how the net fires, and all that is needed to do it again.</summary>
public static class RunReport
{
    /// <summary>More classes than this have no bars of their own: the confusion matrix shows them.</summary>
    private const int MostClassBars = 40;

    public static ReportPage Build(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sections = new List<Section>();
        if (run.FinalMetrics.Count > 0)
            sections.Add(new Section("", [new Headline(run.FinalMetrics)]));
        sections.Add(Learning(run));
        if (TrainingSection.Of(run) is { Blocks.Count: > 0 } training)
            sections.Add(training);
        if (run.Layers.Count > 0)
            sections.Add(Activity(run));
        if (LearnedSection.Of(run) is { Blocks.Count: > 0 } learned)
            sections.Add(learned);
        if (run.Samples.Count > 0)
            sections.Add(Samples(run));
        if (run.Confusion is { Classes.Count: > 0 } confusion)
            sections.Add(Classes(confusion));
        if (run.Cost is { Layers.Count: > 0 } cost)
            sections.Add(CostSection.Of(cost));
        if (Details(run) is { Blocks.Count: > 0 } details)
            sections.Add(details);
        return new ReportPage(run.Name) { Subtitle = Subtitle(run), Sections = sections, Footer = "Written by Volley." };
    }

    private static string Subtitle(RunRecord run)
    {
        var parts = new List<string>();
        if (run.Dataset.Length > 0)
            parts.Add(run.Dataset);
        if (run.Seed is { } seed)
            parts.Add("seed " + seed.ToString(CultureInfo.InvariantCulture));
        if (run.Epochs.Count > 0)
            parts.Add(run.Epochs.Count == 1 ? "1 epoch" : $"{Numbers.Format(run.Epochs.Count, NumberFormat.Whole)} epochs");
        return string.Join(" · ", parts);
    }

    private static Section Learning(RunRecord run)
    {
        double[] epochs = Of(e => e.Epoch);
        double[] Of(Func<EpochRow, double> value) => [.. run.Epochs.Select(value)];
        Series[] Known(params (string Name, Func<EpochRow, double> Value)[] lines) =>
            [.. lines.Select(l => new Series(l.Name, epochs, Of(l.Value))).Where(s => s.Y.Any(double.IsFinite))];

        var axis = new Axis("epoch") { Format = NumberFormat.Whole };
        EpochRow? best = run.Epochs.Where(e => double.IsFinite(e.ValidAccuracy)).OrderByDescending(e => e.ValidAccuracy).ThenBy(e => e.Epoch).FirstOrDefault();
        var figures = new List<Block>();
        if (best is not null)
            figures.Add(new Paragraph($"Validation accuracy was best in epoch {Numbers.Format(best.Epoch, NumberFormat.Whole)}: {Numbers.Format(best.ValidAccuracy, NumberFormat.Percent)}."));
        figures.Add(new Figure(new LineChart
        {
            Title = "Loss",
            Series = Known(("train", e => e.TrainLoss), ("valid", e => e.ValidLoss)),
            X = axis,
            Y = new Axis("mean loss") { FromZero = true },
        }));
        figures.Add(new Figure(new LineChart
        {
            Title = "Accuracy",
            Series = Known(("train", e => e.TrainAccuracy), ("valid", e => e.ValidAccuracy)),
            X = axis,
            Y = new Axis("samples classified correctly") { Format = NumberFormat.Percent, Max = run.Epochs.Any(e => e.TrainAccuracy > 0.9 || e.ValidAccuracy > 0.9) ? 1 : null },
            Marks = best is null || run.Epochs.Count < 3 ? [] : [new ReferenceLine(best.Epoch, "best")],
        }));
        if (Known(("", e => e.SpikesPerNeuron)) is { Length: > 0 } spikes)
            figures.Add(new Figure(new LineChart { Title = "Spikes", Series = spikes, X = axis, Y = new Axis("spikes per neuron and sample") { FromZero = true }, Height = 200 }));
        // A rate that never changes is in the recipe; it needs no picture.
        if (run.Epochs.Select(e => e.LearningRate).Where(r => double.IsFinite(r)).Distinct().Count() > 1)
            figures.Add(new Figure(new LineChart { Title = "Learning rate", Series = Known(("", e => e.LearningRate)), X = axis, Y = new Axis("learning rate") { FromZero = true }, Height = 200 }));
        return new Section("Learning", figures);
    }

    private static Section Activity(RunRecord run)
    {
        var rows = run.Layers.Select(l => (IReadOnlyList<string>)
        [
            l.Name, Numbers.Format(l.Rates.Count, NumberFormat.Whole), Numbers.Format(l.Mean, NumberFormat.Percent), Share(l.Dead, l.Rates.Count), Share(l.Saturated, l.Rates.Count),
        ]);
        var blocks = new List<Block>
        {
            new DataTable("Layers", [new("layer", Numeric: false), new("neurons"), new("mean rate"), new("never fired"), new("saturated")], [.. rows]),
            new Paragraph($"A rate is the share of time steps in which a neuron fires. Saturated: it fires in at least {Numbers.Fixed(LayerActivity.SaturatedFrom * 100, 0)}% of them."),
            new Figure(new BarChart
            {
                Title = "Firing rate of each layer",
                Categories = [.. run.Layers.Select(l => l.Name)],
                Series = [new BarSeries("rate", [.. run.Layers.Select(l => l.Mean)])],
                Value = new Axis("mean spikes per neuron and step") { Format = NumberFormat.Percent },
            }),
        };
        foreach (LayerActivity layer in run.Layers)
        {
            blocks.Add(new Figure(new Histogram
            {
                Title = $"Rates in {layer.Name}",
                Samples = [new Sample(layer.Name, layer.Rates)],
                X = new Axis("spikes per step") { Format = NumberFormat.Percent },
                Y = new Axis("neurons") { Format = NumberFormat.Whole },
                Marks = double.IsFinite(layer.Mean) ? [new ReferenceLine(layer.Mean, "mean")] : [],
            }));
        }
        return new Section("Firing", blocks);
    }

    private static string Share(int part, int all) =>
        all == 0 || part == 0 ? Numbers.Format(part, NumberFormat.Whole) : $"{Numbers.Format(part, NumberFormat.Whole)} ({Numbers.Fixed(100.0 * part / all, 1)}%)";

    private static Section Samples(RunRecord run)
    {
        var blocks = new List<Block>();
        if (run.Samples.Any(s => s.Traces.Count > 0))
            blocks.Add(new Paragraph("Left, who fired when. Right, the membrane potential of one neuron of each layer, before its reset, with its threshold dashed and its spikes as ticks: the same neurons in every sample."));
        foreach (SampleRaster sample in run.Samples)
        {
            blocks.Add(new Figure(new RasterPlot { Title = Capital(sample.Title), Populations = sample.Layers }));
            if (sample.Traces.Count > 0)
                blocks.Add(new Figure(new TracePlot { Title = $"Membranes, {sample.Title}", Traces = sample.Traces, PanelHeight = 56, Value = new Axis() }));
        }
        return new Section("Samples", blocks);
    }

    internal static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static Section Classes(ConfusionCounts confusion)
    {
        var blocks = new List<Block>
        {
            new Figure(Heatmap.Confusion("Confusion", confusion.Classes, confusion.Counts), "Numbers are samples; the colour is their share of the true class."),
        };
        if (confusion.Classes.Count <= MostClassBars)
        {
            blocks.Add(new Figure(new BarChart
            {
                Title = "Accuracy of each class",
                Categories = confusion.Classes,
                Series = [new BarSeries("accuracy", confusion.Recalls)],
                Value = new Axis("share of the true class recognised") { Format = NumberFormat.Percent, Max = 1 },
            }));
        }
        return new Section("Classes", blocks);
    }

    private static Section Details(RunRecord run)
    {
        var blocks = new List<Block>();
        if (run.Environment.Count > 0)
            blocks.Add(new FactTable(run.Environment));
        if (run.Epochs.Count > 0)
            blocks.Add(Epochs(run.Epochs));
        if (run.RecipeJson.Length > 0)
            blocks.Add(new Source("Recipe", run.RecipeJson));
        return new Section("To do it again", blocks);
    }

    private static DataTable Epochs(IReadOnlyList<EpochRow> epochs)
    {
        (string Name, Func<EpochRow, double> Value, Func<double, string> Text)[] columns =
        [
            ("epoch", e => e.Epoch, v => Numbers.Format(v, NumberFormat.Whole)),
            ("train loss", e => e.TrainLoss, v => Decimals(v, 4)),
            ("valid loss", e => e.ValidLoss, v => Decimals(v, 4)),
            ("train accuracy", e => e.TrainAccuracy, v => Numbers.Format(v, NumberFormat.Percent)),
            ("valid accuracy", e => e.ValidAccuracy, v => Numbers.Format(v, NumberFormat.Percent)),
            ("learning rate", e => e.LearningRate, v => Numbers.Format(v)),
            ("spikes/neuron", e => e.SpikesPerNeuron, v => Decimals(v, 2)),
            ("time", e => e.Seconds, v => Numbers.Format(v, NumberFormat.Seconds)),
            ("a step", e => e.SecondsPerStep, v => Numbers.Format(v, NumberFormat.Seconds)),
            ("memory, MB", e => e.PeakMemoryMb, v => Numbers.Format(v, NumberFormat.Whole)),
        ];
        var known = columns.Where(c => epochs.Any(e => !double.IsNaN(c.Value(e)))).ToArray();
        return new DataTable("Every epoch", [.. known.Select(c => new Column(c.Name))], [.. epochs.Select(e => known.Select(c => c.Text(c.Value(e))).ToArray())]) { Folded = true };
    }

    private static string Decimals(double value, int decimals) => double.IsFinite(value) ? Numbers.Fixed(value, decimals) : Numbers.Format(value);
}
