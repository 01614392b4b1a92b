using Volley.Kernels;

namespace Volley.Data;

/// <summary>Adds noise to values: y = x + Sd · n, with n normal and independent for every step and channel.</summary>
/// <param name="Sd">Standard deviation, in the units of the values; above 0.</param>
public sealed record Noise(double Sd) : Augmentation
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) => Ranges.Problem("sd", Sd, 1e6) ?? Ranges.NotValues(info, "spike-noise");

    /// <inheritdoc/>
    public override void Apply(SampleBuffer sample, Rng random)
    {
        Span<float> noise = sample.OtherValues(sample.Steps);
        random.FillNormal(sample.Cpu, noise, 0, (float)Sd);
        FloatRows.Add(sample.Values, noise);
    }
}
