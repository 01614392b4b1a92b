using System.Text.Json.Serialization;

namespace Volley.Cli.Runs;

/// <summary>What a run came to; the last object that <c>train</c> writes, kept as <c>result.json</c>.</summary>
internal sealed record RunResult
{
    public required string Recipe { get; init; }

    public required string Dataset { get; init; }

    public required int Seed { get; init; }

    /// <summary>Epochs trained.</summary>
    public required int Epochs { get; init; }

    public required long Parameters { get; init; }

    /// <summary>Of the selected epoch, while its parameters moved.</summary>
    public double? TrainAccuracy { get; init; }

    /// <summary>Of the selected epoch; null without validation samples.</summary>
    public double? ValidAccuracy { get; init; }

    /// <summary>Of the selected epoch: the figure to quote.</summary>
    public double? TestAccuracy { get; init; }

    public double? TestLoss { get; init; }

    /// <summary>The epoch whose parameters are in <c>model.safetensors</c>, from 1.</summary>
    public required int SelectedEpoch { get; init; }

    /// <summary>Why that epoch: <c>best</c> on validation samples, or <c>last</c>.</summary>
    public required string Selection { get; init; }

    /// <summary>Of the last epoch's parameters, for comparison.</summary>
    public double? LastTestAccuracy { get; init; }

    /// <summary>Of the selected epoch with learned delays between steps, as training sees them; <see cref="TestAccuracy"/> is that of whole delays, as they are
    /// deployed. Null without learned delays.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? InterpolatedTestAccuracy { get; init; }

    public double? SecondsPerEpoch { get; init; }

    public double PeakMemoryMb { get; init; }

    /// <summary>Spikes a neuron and test sample.</summary>
    public double SpikesPerNeuron { get; init; }

    /// <summary>Additions of a weight, a test sample: <see cref="Volley.Training.Costs.CostReport.EffectiveAcs"/>.</summary>
    public double SynopsPerSample { get; init; }

    /// <summary>Which fold of the recipe it is; only in a summary.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fold { get; init; }

    /// <summary>Where the run is; not part of the file, which may move.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Run { get; init; }
}

/// <param name="Report">The page.</param>
/// <param name="Result">The run's result; null while it is not finished.</param>
internal sealed record ReportResult(string Report, RunResult? Result);
