using Volley.Kernels;

namespace Volley.Data;

/// <summary>Mixup (Zhang, Cisse, Dauphin &amp; Lopez-Paz 2018): x[b] ← λ x[b] + (1 − λ) x[b − 1], one λ ∼ Beta(Alpha, Alpha) a batch.</summary>
/// <param name="Alpha">Of the beta distribution, above 0 and at most 100.</param>
public sealed record Mixup(double Alpha = 0.2) : BatchMix
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) => Ranges.Problem("alpha", Alpha, Beta.MostAlpha) ?? Ranges.NotValues(info, "augmentations of single samples");

    internal override float Apply(Span<float> values, Span<float> first, int samples, DatasetInfo info, Rng random)
    {
        var own = (float)Beta.Draw(Alpha, random);
        Pairs(values, first, samples, new Blend(own));
        return own;
    }

    private readonly struct Blend(float own) : IMix
    {
        public void Apply(ReadOnlySpan<float> partner, Span<float> sample) => FloatRows.Mix(partner, sample, own, sample);
    }
}
