using Volley.Kernels;
using Volley.Recipes;

namespace Volley.Data;

/// <summary>Empties windows of neighbouring channels over all steps (SpecAugment, Park et al. 2019): width w uniform in 0 … min(Width, N),
/// start uniform in 0 … N − w.</summary>
/// <param name="Width">Largest width of a window, channels; at least 1.</param>
/// <param name="Count">Windows, at least 1; they may overlap.</param>
/// <param name="Fill">What masked channels hold: zero, the mean or the least of the sample's values.</param>
public sealed record ChannelMask(int Width, int Count = 1, Fill Fill = Fill.Zero) : Augmentation
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) =>
        Ranges.Problem("width", Width) ?? Ranges.Problem("count", Count) ?? Fills.MaskProblem(Fill, info);

    /// <inheritdoc/>
    public override void Apply(SampleBuffer sample, Rng random)
    {
        int units = sample.Info.Units, most = Math.Min(Width, units);
        bool spikes = sample.Info.Kind == SampleKind.Spikes;
        float value = spikes ? 0 : Fills.Value(Fill, sample);
        for (int i = 0; i < Count; i++)
        {
            int width = random.Below(most + 1, 2 * i), start = random.Below(units - width + 1, 2 * i + 1);
            if (spikes)
                BitRows.ClearUnits(sample.Bits, sample.WordsPerStep, start, width);
            else
                Mask(sample.Values, units, start, width, value);
        }
    }

    private static void Mask(Span<float> values, int units, int start, int width, float value)
    {
        for (int row = 0; row < values.Length; row += units)
            values.Slice(row + start, width).Fill(value);
    }
}
