namespace Volley.Plots;

/// <summary>The figures of a run that are compared with those of others; NaN where one is not known.</summary>
public sealed record RunFigures
{
    /// <summary>Of the kept epoch; null where it is not known.</summary>
    public Proportion? TestAccuracy { get; init; }

    public double Parameters { get; init; } = double.NaN;

    /// <summary>Spikes a neuron and test sample.</summary>
    public double SpikesPerNeuron { get; init; } = double.NaN;

    /// <summary>Additions of a weight that spikes caused, a test sample.</summary>
    public double SynopsPerSample { get; init; } = double.NaN;

    public double SecondsPerEpoch { get; init; } = double.NaN;

    public double PeakMemoryMb { get; init; } = double.NaN;

    /// <summary>The median time of a step as a stream, on one thread, in microseconds.</summary>
    public double StepMicroseconds { get; init; } = double.NaN;
}
