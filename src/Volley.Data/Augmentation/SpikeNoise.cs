using Volley.Kernels;

namespace Volley.Data;

/// <summary>Adds spurious spikes: every channel fires in every step with probability Rate, whatever else it does.</summary>
/// <param name="Rate">Spurious spikes a channel and step, above 0 and at most 1.</param>
public sealed record SpikeNoise(double Rate) : Augmentation
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) => Ranges.Problem("rate", Rate, 1) ?? Ranges.NotSpikes(info, "noise");

    /// <inheritdoc/>
    public override void Apply(SampleBuffer sample, Rng random) => BitRows.Add(sample.Cpu, random, sample.Bits, sample.Info.Units, Rate);
}
