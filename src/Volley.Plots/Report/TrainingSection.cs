namespace Volley.Plots;

/// <summary>How training went inside: gradients, time and memory.</summary>
internal static class TrainingSection
{
    /// <summary>More layers than this are rows of a picture: nobody tells that many lines apart.</summary>
    private const int MostLines = 12;

    /// <summary>No network has more layers than a picture of them has room for; a file may say anything.</summary>
    private const int MostLayers = 500;

    public static Section Of(RunRecord run)
    {
        var blocks = new List<Block>();
        double[] epochs = [.. run.Epochs.Select(e => (double)e.Epoch)];
        if (Gradients(run, epochs) is { } gradients)
            blocks.Add(gradients);
        double[] steps = [.. run.Epochs.Select(e => e.SecondsPerStep * 1e3)];
        if (run.Epochs.Count > 1 && steps.Any(double.IsFinite))
        {
            blocks.Add(new Figure(
                new LineChart { Title = "Time of a step", Series = [new Series("", epochs, steps)], X = new Axis("epoch") { Format = NumberFormat.Whole }, Y = new Axis("milliseconds") { FromZero = true }, Height = 200 },
                run.Epochs[^1].PeakMemoryMb is var peak && double.IsFinite(peak) ? $"Up to {Numbers.Format(peak, NumberFormat.Whole)} MB of memory; each epoch is in the table below." : ""));
        }
        return new Section("Training", blocks);
    }

    private static Figure? Gradients(RunRecord run, double[] epochs)
    {
        // A layer's gradient is that of all its parameters together.
        Dictionary<string, double>[] norms = [.. run.Epochs.Select(e => e.Gradients
            .GroupBy(g => Layer(g.Key))
            .ToDictionary(layer => layer.Key, layer => Math.Sqrt(layer.Sum(g => g.Value * g.Value))))];
        string[] layers = [.. norms.SelectMany(n => n.Keys).Distinct()];
        if (layers.Length is 0 or > MostLayers)
            return null;
        double[] Of(string layer) => [.. norms.Select(n => n.GetValueOrDefault(layer, double.NaN))];
        const string title = "Gradient of each layer", caption = "Mean over the steps of an epoch, before clipping. A layer far below the others learns little; one that shoots up is where training breaks.";
        if (layers.Length <= MostLines)
        {
            return new Figure(
                new LineChart
                {
                    Title = title,
                    Series = [.. layers.Select(l => new Series(l, epochs, Of(l)))],
                    X = new Axis("epoch") { Format = NumberFormat.Whole },
                    Y = new Axis("norm of the gradient") { Logarithmic = true },
                    Width = layers.Length > 5 ? 900 : 440,
                },
                caption);
        }
        return new Figure(
            new Heatmap
            {
                Title = title,
                Rows = layers.Length,
                Columns = epochs.Length,
                Values = [.. layers.SelectMany(Of).Select(n => n > 0 ? Math.Log10(n) : double.NaN)],
                RowNames = layers,
                ColumnNames = [.. epochs.Select(e => Numbers.Format(e, NumberFormat.Whole))],
                ColumnCaption = "epoch",
                Value = new Axis("power of ten of the norm"),
                PlotHeight = layers.Length * 16,
                Width = 900,
            },
            caption);
    }

    private static string Layer(string parameter) => parameter.LastIndexOf('.') is > 0 and var dot ? parameter[..dot] : parameter;
}
