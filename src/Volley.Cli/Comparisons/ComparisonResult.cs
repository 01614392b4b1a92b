using Volley.Cli.Runs;
using Volley.Training.Costs;

namespace Volley.Cli.Comparisons;

/// <summary>Who takes part in a comparison, in <c>compare.json</c>.</summary>
/// <param name="Name">What the comparison is called.</param>
/// <param name="Entrants">Their names, which are their folders' too.</param>
internal sealed record ComparisonPlan(string Name, IReadOnlyList<string> Entrants);

/// <summary>What a comparison came to; the last object that <c>compare</c> writes, kept as <c>comparison.json</c>.</summary>
/// <param name="Name">What the comparison is called.</param>
/// <param name="Dataset">The data set of all entrants.</param>
/// <param name="Seeds">The seeds of all entrants.</param>
/// <param name="Entrants">In the order in which they were given.</param>
internal sealed record ComparisonResult(string Name, string Dataset, IReadOnlyList<int> Seeds, IReadOnlyList<EntrantResult> Entrants);

/// <summary>One entrant: means over its seeds, and sample standard deviations where there are two or more.</summary>
internal sealed record EntrantResult
{
    public required string Name { get; init; }

    public required double Epochs { get; init; }

    public required long Parameters { get; init; }

    public double? TestAccuracy { get; init; }

    public double? TestAccuracySd { get; init; }

    public double? LastTestAccuracy { get; init; }

    public double? LastTestAccuracySd { get; init; }

    public double? ValidAccuracy { get; init; }

    public double SpikesPerNeuron { get; init; }

    /// <summary>Effective accumulates of synapses, a test sample (docs/cost.md).</summary>
    public double SynopsPerSample { get; init; }

    /// <summary>Effective multiply-adds of synapses and multiply-adds of the neurons themselves, a test sample of the first run; null for runs of older versions.</summary>
    public double? MacsPerSample { get; init; }

    /// <summary>Energy of this arithmetic with 8-bit integers, in nanojoules.</summary>
    public double? EnergyInt8Nanojoules { get; init; }

    /// <summary>Energy of this arithmetic with 32-bit floats, in nanojoules.</summary>
    public double? EnergyFloat32Nanojoules { get; init; }

    public double? SecondsPerEpoch { get; init; }

    /// <summary>The median time of a step of the network as a stream, on one thread; null where it cannot stream.</summary>
    public double? StepMicrosecondsMedian { get; init; }

    public double? StepMicrosecondsP99 { get; init; }

    /// <summary>Why the network cannot stream; null where it can.</summary>
    public string? NoStream { get; init; }

    public static EntrantResult Of(string name, SeedSummary summary, CostReport? cost, StreamLatency latency) => new()
    {
        Name = name,
        Epochs = summary.Epochs,
        Parameters = summary.Parameters,
        TestAccuracy = summary.TestAccuracy,
        TestAccuracySd = summary.TestAccuracySd,
        LastTestAccuracy = summary.LastTestAccuracy,
        LastTestAccuracySd = summary.LastTestAccuracySd,
        ValidAccuracy = summary.ValidAccuracy,
        SpikesPerNeuron = summary.SpikesPerNeuron,
        SynopsPerSample = summary.SynopsPerSample,
        MacsPerSample = cost is null ? null : cost.EffectiveMacs + cost.NeuronMacs,
        EnergyInt8Nanojoules = cost?.Energy.Int8Nanojoules,
        EnergyFloat32Nanojoules = cost?.Energy.Float32Nanojoules,
        SecondsPerEpoch = summary.SecondsPerEpoch,
        StepMicrosecondsMedian = latency.Median,
        StepMicrosecondsP99 = latency.P99,
        NoStream = latency.Refused,
    };
}
