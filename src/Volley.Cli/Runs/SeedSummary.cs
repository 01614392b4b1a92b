using Volley.Cli.Views;

namespace Volley.Cli.Runs;

/// <summary>The seeds of a folder with a run for each, in <c>seeds.json</c>; the recipe is in <c>recipe.json</c> beside it.</summary>
internal sealed record SeedList(IReadOnlyList<int> Seeds, string? Data, string? Cache);

/// <summary>Several seeds of a recipe together: means, and sample standard deviations where there are two or more.</summary>
internal sealed record SeedSummary
{
    public required string Recipe { get; init; }

    public required string Dataset { get; init; }

    public required IReadOnlyList<int> Seeds { get; init; }

    public required double Epochs { get; init; }

    public required long Parameters { get; init; }

    public double? TrainAccuracy { get; init; }

    public double? TrainAccuracySd { get; init; }

    public double? ValidAccuracy { get; init; }

    public double? ValidAccuracySd { get; init; }

    public double? TestAccuracy { get; init; }

    public double? TestAccuracySd { get; init; }

    public double? LastTestAccuracy { get; init; }

    public double? LastTestAccuracySd { get; init; }

    public double? SecondsPerEpoch { get; init; }

    public double PeakMemoryMb { get; init; }

    public double SpikesPerNeuron { get; init; }

    public double SynopsPerSample { get; init; }

    public required IReadOnlyList<RunResult> Runs { get; init; }

    public static SeedSummary Of(IReadOnlyList<RunResult> runs) => new()
    {
        Recipe = runs[0].Recipe,
        Dataset = runs[0].Dataset,
        Seeds = [.. runs.Select(r => r.Seed)],
        Epochs = runs.Average(r => r.Epochs),
        Parameters = runs[0].Parameters,
        TrainAccuracy = Mean(runs, r => r.TrainAccuracy),
        TrainAccuracySd = Deviation(runs, r => r.TrainAccuracy),
        ValidAccuracy = Mean(runs, r => r.ValidAccuracy),
        ValidAccuracySd = Deviation(runs, r => r.ValidAccuracy),
        TestAccuracy = Mean(runs, r => r.TestAccuracy),
        TestAccuracySd = Deviation(runs, r => r.TestAccuracy),
        LastTestAccuracy = Mean(runs, r => r.LastTestAccuracy),
        LastTestAccuracySd = Deviation(runs, r => r.LastTestAccuracy),
        SecondsPerEpoch = Mean(runs, r => r.SecondsPerEpoch),
        PeakMemoryMb = runs.Max(r => r.PeakMemoryMb),
        SpikesPerNeuron = runs.Average(r => r.SpikesPerNeuron),
        SynopsPerSample = runs.Average(r => r.SynopsPerSample),
        Runs = runs,
    };

    public IEnumerable<string> Story(RunFolder folder)
    {
        yield return "";
        yield return $"{Recipe}, {Runs.Count} seeds:";
        foreach (RunResult run in Runs)
            yield return $"  seed {run.Seed,-6} test {Text.Percent(run.TestAccuracy)}, valid {Text.Percent(run.ValidAccuracy)}, epoch {run.SelectedEpoch} of {run.Epochs}";
        yield return $"Test accuracy {Text.Percent(TestAccuracy)}{(TestAccuracySd is { } sd ? $" ± {Text.Percent(sd)} (sample standard deviation)" : "")}; summary in {folder.Summary}";
    }

    private static double? Mean(IReadOnlyList<RunResult> runs, Func<RunResult, double?> value)
    {
        double[] known = [.. runs.Select(value).OfType<double>()];
        return known.Length == runs.Count ? known.Average() : null;
    }

    /// <summary>√(Σ (x − mean)² / (n − 1)).</summary>
    private static double? Deviation(IReadOnlyList<RunResult> runs, Func<RunResult, double?> value)
    {
        if (runs.Count < 2 || Mean(runs, value) is not { } mean)
            return null;
        return Math.Sqrt(runs.Sum(r => Math.Pow(value(r)!.Value - mean, 2)) / (runs.Count - 1));
    }
}
