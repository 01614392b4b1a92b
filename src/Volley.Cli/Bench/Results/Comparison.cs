namespace Volley.Cli.Bench;

/// <summary>Two result sets, case by case.</summary>
/// <remarks>
/// The machine's speed is taken out: an old time counts times what the machine's limits need now for the old case's work, by what they needed then. Limits are
/// measured too, and scatter, most in small caches; so a case got slower only where its median and its fastest run both did, as measured and with the machine taken out, by more than
/// noise: a tenth, or as far as median and fastest run lie apart in either set. Peers are left out.
/// </remarks>
internal sealed class Comparison
{
    /// <summary>Two runs of one build differ by less, on an idle machine.</summary>
    public const double LeastNoise = 0.1;

    public Comparison(ResultSet old, ResultSet current)
    {
        CaseResult[] before = [.. old.Cases.Where(r => r.Peer is null)], now = [.. current.Cases.Where(r => r.Peer is null)];
        Dictionary<(string, string, int), CaseResult> known = before.ToDictionary(r => r.Key);
        Cases = [.. now.Where(r => known.ContainsKey(r.Key)).Select(r => Compare(known[r.Key], r))];
        Summary = new ComparisonSummary(Cases.Count, Count(Verdict.Slower), Count(Verdict.Faster), before.Length - Cases.Count, now.Length - Cases.Count);
    }

    /// <summary>The cases that both have, in the order of the newer one.</summary>
    public IReadOnlyList<ComparedCase> Cases { get; }

    public ComparisonSummary Summary { get; }

    private int Count(string verdict) => Cases.Count(c => c.Verdict == verdict);

    private static ComparedCase Compare(CaseResult old, CaseResult current)
    {
        double machine = current.Limits.FloorMs(old.Work) / old.Limits.FloorMs(old.Work);
        double median = current.MsMedian / old.MsMedian, fastest = current.MsMin / old.MsMin;
        double[] ratios = [median, fastest, median / machine, fastest / machine];
        double noise = Math.Max(LeastNoise, Math.Max(old.MsMedian / old.MsMin, current.MsMedian / current.MsMin) - 1);
        string verdict = ratios.Min() > 1 + noise ? Verdict.Slower : ratios.Max() < 1 / (1 + noise) ? Verdict.Faster : Verdict.Same;
        return new ComparedCase(current.Case, current.Shape, current.Threads, old.MsMedian, current.MsMedian, CaseResult.Significant(machine), CaseResult.Significant(median / machine),
            CaseResult.Significant(fastest / machine), CaseResult.Significant(noise), verdict);
    }
}

/// <summary>What became of a case.</summary>
internal static class Verdict
{
    public const string Slower = "slower", Faster = "faster", Same = "same";
}

/// <summary>A case of both sets.</summary>
/// <param name="OldMs">Median then.</param>
/// <param name="NewMs">Median now.</param>
/// <param name="Machine">How many times as long the machine's limits take now; above 1 it is slower.</param>
/// <param name="Ratio">New median by old one, the machine taken out; above 1 the code is slower.</param>
/// <param name="RatioOfMin">The same of the fastest runs.</param>
/// <param name="Noise">By how much all ratios must differ from 1 to say something.</param>
/// <param name="Verdict">slower, faster or same.</param>
internal sealed record ComparedCase(string Case, string Shape, int Threads, double OldMs, double NewMs, double Machine, double Ratio, double RatioOfMin, double Noise, string Verdict);

/// <summary>How many cases of both sets got slower or faster, and how many only one has.</summary>
internal sealed record ComparisonSummary(int Compared, int Slower, int Faster, int OnlyOld, int OnlyNew);
