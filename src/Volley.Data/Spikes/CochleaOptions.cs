namespace Volley.Data;

/// <summary>How the spikes of SHD and SSC become time steps.</summary>
public sealed record CochleaOptions
{
    /// <summary>How many neighbouring channels share one input, 1 … 700; 5 gives 140 inputs.</summary>
    public int Channels { get; init; } = 5;

    /// <summary>Seconds of a time step, above 0; a spike at t lies in step ⌊t / bin⌋.</summary>
    public double Bin { get; init; } = 0.01;

    /// <summary>Time steps of every sample; spikes at and after <c>Steps * Bin</c> seconds are left out.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>How the training part is divided; SSC has its own validation part.</summary>
    public SplitOptions Split { get; init; } = new();

    /// <summary>Where the steps are kept for the next run; null to make them every time.</summary>
    public DiskCache? Cache { get; init; }
}
