using Volley.Cli.Views;

namespace Volley.Cli.Runs;

/// <summary>The seeds of a folder with a run for each, in <c>seeds.json</c>; the recipe is in <c>recipe.json</c> beside it.</summary>
internal sealed record SeedList(IReadOnlyList<int> Seeds, string? Data, string? Cache);

/// <summary>Several seeds of a recipe together: means, and sample standard deviations where there are two or more seeds. A recipe's folds are
/// averaged first, so that a deviation is one over seeds.</summary>
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

    /// <summary>With learned delays between steps, as training sees them; null without learned delays.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public double? InterpolatedTestAccuracy { get; init; }

    public double? SecondsPerEpoch { get; init; }

    public double PeakMemoryMb { get; init; }

    public double SpikesPerNeuron { get; init; }

    public double SynopsPerSample { get; init; }

    /// <summary>The folds over all seeds; null where the recipe has none.</summary>
    public IReadOnlyList<FoldSummary>? Folds { get; init; }

    public required IReadOnlyList<RunResult> Runs { get; init; }

    public static SeedSummary Of(IReadOnlyList<RunResult> runs) => new()
    {
        Recipe = runs[0].Recipe,
        Dataset = runs[0].Dataset,
        Seeds = [.. runs.Select(r => r.Seed).Distinct()],
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
        InterpolatedTestAccuracy = Mean(runs, r => r.InterpolatedTestAccuracy),
        SecondsPerEpoch = Mean(runs, r => r.SecondsPerEpoch),
        PeakMemoryMb = runs.Max(r => r.PeakMemoryMb),
        SpikesPerNeuron = runs.Average(r => r.SpikesPerNeuron),
        SynopsPerSample = runs.Average(r => r.SynopsPerSample),
        Folds = runs[0].Fold is null ? null : [.. runs.GroupBy(r => r.Fold!).Select(fold => FoldSummary.Of(fold.Key, [.. fold]))],
        Runs = runs,
    };

    public IEnumerable<string> Story(RunFolder folder)
    {
        yield return "";
        yield return Folds is null ? $"{Recipe}, {Seeds.Count} seeds:" : $"{Recipe}, {Folds.Count} folds of {Seeds.Count} seeds:";
        foreach (FoldSummary fold in Folds ?? [])
            yield return $"  {fold.Fold,-11} test {WithDeviation(fold.TestAccuracy, fold.TestAccuracySd)}, last epoch {WithDeviation(fold.LastTestAccuracy, fold.LastTestAccuracySd)}";
        foreach (RunResult run in Folds is null ? Runs : [])
            yield return $"  seed {run.Seed,-6} test {Text.Percent(run.TestAccuracy)}, last epoch {Text.Percent(run.LastTestAccuracy)}, valid {Text.Percent(run.ValidAccuracy)}, epoch {run.SelectedEpoch} of {run.Epochs}";
        yield return $"Test accuracy {WithDeviation(TestAccuracy, TestAccuracySd)}{(TestAccuracySd is null ? "" : " (sample standard deviation over seeds)")}, "
            + $"last epoch {WithDeviation(LastTestAccuracy, LastTestAccuracySd)}; summary in {folder.Summary}";
    }

    private static string WithDeviation(double? mean, double? sd) => Text.Percent(mean) + (sd is null ? "" : $" ± {Text.Percent(sd)}");

    internal static double? Mean(IEnumerable<RunResult> runs, Func<RunResult, double?> value)
    {
        double?[] values = [.. runs.Select(value)];
        return values.Length > 0 && values.All(v => v is not null) ? values.Average() : null;
    }

    /// <summary>√(Σ (x − mean)² / (n − 1)) over the seeds, x a seed's mean over its folds.</summary>
    internal static double? Deviation(IEnumerable<RunResult> runs, Func<RunResult, double?> value)
    {
        double[] seeds = [.. runs.GroupBy(r => r.Seed).Select(seed => Mean(seed, value)).OfType<double>()];
        return seeds.Length < 2 ? null : Math.Sqrt(seeds.Sum(x => Math.Pow(x - seeds.Average(), 2)) / (seeds.Length - 1));
    }
}

/// <summary>One fold over all seeds.</summary>
/// <param name="Fold">The value that makes it.</param>
/// <param name="TestAccuracy">Mean over the seeds, of the epochs chosen on validation samples.</param>
/// <param name="TestAccuracySd">Sample standard deviation; null for one seed.</param>
/// <param name="LastTestAccuracy">Mean over the seeds, of the last epoch.</param>
/// <param name="LastTestAccuracySd">Sample standard deviation; null for one seed.</param>
internal sealed record FoldSummary(string Fold, double? TestAccuracy, double? TestAccuracySd, double? LastTestAccuracy, double? LastTestAccuracySd)
{
    public static FoldSummary Of(string fold, IReadOnlyList<RunResult> runs) => new(
        fold, SeedSummary.Mean(runs, r => r.TestAccuracy), SeedSummary.Deviation(runs, r => r.TestAccuracy),
        SeedSummary.Mean(runs, r => r.LastTestAccuracy), SeedSummary.Deviation(runs, r => r.LastTestAccuracy));
}
