using Volley.Kernels;

namespace Volley.Data;

/// <summary>Adds one number, uniform in −Most … Most, to all values of the sample: for logarithms of energies, a change of loudness.</summary>
/// <param name="Most">Largest offset, in the units of the values; above 0.</param>
public sealed record Gain(double Most) : Augmentation
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) => Ranges.Problem("most", Most, 1e6) ?? Ranges.NotValues(info, "event-drop or spike-noise");

    /// <inheritdoc/>
    public override void Apply(SampleBuffer sample, Rng random) =>
        FloatRows.Add(sample.Values, (float)(Most * (2 * (double)random.Uniform(0) - 1)));
}
