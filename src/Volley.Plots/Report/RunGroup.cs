namespace Volley.Plots;

/// <summary>Runs that are shown as one: the seeds of a recipe, and its folds; or a single run.</summary>
/// <param name="Name">Stands at its line and in its row; unique in a comparison.</param>
/// <param name="Runs">At least one.</param>
public sealed record RunGroup(string Name, IReadOnlyList<RunRecord> Runs)
{
    public static RunGroup Of(RunRecord run) => new(run.Name, [run]);

    /// <summary>Whether it is more than one run.</summary>
    public bool IsSeveral => Runs.Count > 1;

    /// <summary>How many seeds; a run without one counts as a seed of its own.</summary>
    public int Seeds => BySeed.Count();

    /// <summary>Over seeds; the folds of a seed are averaged first, so that a deviation is one over seeds.</summary>
    public Estimate Over(Func<RunRecord, double> value) => Estimate.Of([.. BySeed.Select(seed => seed.Average(value))]);

    /// <summary>The mean accuracy over seeds as a share of the test samples of one seed, those of all its folds together: more seeds are no more samples.</summary>
    public Proportion? TestAccuracy
    {
        get
        {
            double rate = Over(r => r.Figures.TestAccuracy?.Rate ?? double.NaN).Mean;
            return double.IsNaN(rate)
                ? null
                : new Proportion(rate, BySeed.First().Sum(r => r.Figures.TestAccuracy!.Count)) { Of = Runs[0].Figures.TestAccuracy!.Of };
        }
    }

    private IEnumerable<IEnumerable<RunRecord>> BySeed => Runs.Select((run, i) => (Run: run, Key: (run.Seed, run.Seed is null ? i : 0))).GroupBy(r => r.Key, r => r.Run);
}

/// <summary>A mean and the sample standard deviation √(Σ (x − mean)² / (n − 1)), which is NaN for one value.</summary>
public readonly record struct Estimate(double Mean, double Deviation)
{
    public static Estimate Of(IReadOnlyList<double> values)
    {
        double mean = values.DefaultIfEmpty(double.NaN).Average();
        return new Estimate(mean, values.Count < 2 ? double.NaN : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1)));
    }

    /// <summary>Such as "97.31% ± 0.20"; the mean alone where there is no deviation.</summary>
    public string Describe(NumberFormat format = NumberFormat.General)
    {
        string mean = Numbers.Format(Mean, format);
        return !double.IsFinite(Deviation) ? mean : $"{mean} ± {(format == NumberFormat.Percent ? Numbers.Fixed(Deviation * 100, 2) : Numbers.Format(Deviation, format))}";
    }
}
