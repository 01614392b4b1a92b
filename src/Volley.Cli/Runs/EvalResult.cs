using System.Text.Json.Serialization;
using Volley.Training.Costs;

namespace Volley.Cli.Runs;

/// <summary>What <c>eval</c> found; the figures of other splits and of training come from the run, and are null for a model alone.</summary>
internal sealed record EvalResult
{
    public string? Recipe { get; init; }

    public required string Dataset { get; init; }

    public int? Seed { get; init; }

    public int? Epochs { get; init; }

    public required long Parameters { get; init; }

    /// <summary>The part that was evaluated.</summary>
    public required string Split { get; init; }

    public required int Samples { get; init; }

    /// <summary>What accuracy is counted in: samples, or time steps where those have labels.</summary>
    public required int Labels { get; init; }

    /// <summary>On that part.</summary>
    public required double Accuracy { get; init; }

    public required double Loss { get; init; }

    public double? TrainAccuracy { get; init; }

    public double? ValidAccuracy { get; init; }

    public double? TestAccuracy { get; init; }

    public double? SecondsPerEpoch { get; init; }

    public double PeakMemoryMb { get; init; }

    public double SpikesPerNeuron { get; init; }

    /// <summary>Additions of a weight, a sample: <see cref="CostReport.EffectiveAcs"/>.</summary>
    public double SynopsPerSample { get; init; }

    /// <summary>What a sample costs; null where it was not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CostReport? Cost { get; init; }

    /// <summary>Whether the samples were run step by step.</summary>
    public bool Streaming { get; init; }

    /// <summary>Whether streaming predicted the same as evaluation over whole sequences, and every neuron fired as often.</summary>
    public bool? StreamingAgrees { get; init; }

    public double? StepMicrosecondsMedian { get; init; }

    public double? StepMicrosecondsP99 { get; init; }

    public required IReadOnlyList<ClassResult> Classes { get; init; }
}

/// <param name="Name">The class.</param>
/// <param name="Samples">Samples of it, or time steps where those have labels.</param>
/// <param name="Accuracy">The part of them that was recognised; null where there are none.</param>
/// <param name="MostlyTakenFor">The other class that they were most often taken for; null where they were not.</param>
internal sealed record ClassResult(string Name, int Samples, double? Accuracy, string? MostlyTakenFor);
