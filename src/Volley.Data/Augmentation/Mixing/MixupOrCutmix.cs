using Volley.Kernels;

namespace Volley.Data;

/// <summary>One of <see cref="Mixup"/> and <see cref="Cutmix"/> for each batch, both as likely.</summary>
/// <param name="MixupAlpha">That of mixup.</param>
/// <param name="CutmixAlpha">That of cutmix.</param>
public sealed record MixupOrCutmix(double MixupAlpha = 0.2, double CutmixAlpha = 1) : BatchMix
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) => new Mixup(MixupAlpha).Problem(info) ?? new Cutmix(CutmixAlpha).Problem(info);

    internal override float Apply(Span<float> values, Span<float> first, int samples, DatasetInfo info, Rng random)
    {
        BatchMix one = random.Below(2, 0) == 0 ? new Mixup(MixupAlpha) : new Cutmix(CutmixAlpha);
        return one.Apply(values, first, samples, info, random.Fork(0));
    }
}
