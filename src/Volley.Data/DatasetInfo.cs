namespace Volley.Data;

/// <summary>What the samples of a data set have in common.</summary>
/// <param name="Name">The name used in tables and file keys, like <c>mnist</c>.</param>
/// <param name="Kind">Spikes or values.</param>
/// <param name="Units">Input units (channels) of a time step.</param>
/// <param name="MaxSteps">Time steps of the longest sample.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="ClassNames">One name a class, in label order.</param>
public sealed record DatasetInfo(string Name, SampleKind Kind, int Units, int MaxSteps, int Classes, IReadOnlyList<string> ClassNames)
{
    /// <summary>Where the pixels lie, if the samples are pictures; null if they are none.</summary>
    public ImageLayout? Image { get; init; }
}
