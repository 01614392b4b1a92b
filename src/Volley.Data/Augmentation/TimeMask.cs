using Volley.Kernels;
using Volley.Recipes;

namespace Volley.Data;

/// <summary>Empties windows of steps (SpecAugment, Park et al. 2019): width w uniform in 0 … min(Width, ⌊Part · T⌋), start uniform in 0 … T − w.</summary>
/// <param name="Width">Largest width of a window, steps; at least 1.</param>
/// <param name="Count">Windows, at least 1; they may overlap.</param>
/// <param name="Part">Largest width as a part of the sample's steps, above 0 and at most 1.</param>
/// <param name="Fill">What masked steps hold: zero, the mean or the least of the sample's values.</param>
public sealed record TimeMask(int Width, int Count = 1, double Part = 1, Fill Fill = Fill.Zero) : Augmentation
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) =>
        Ranges.Problem("width", Width) ?? Ranges.Problem("count", Count) ?? Ranges.Problem("part", Part, 1) ?? Fills.MaskProblem(Fill, info);

    /// <inheritdoc/>
    public override void Apply(SampleBuffer sample, Rng random)
    {
        int steps = sample.Steps, most = Math.Min(Width, (int)(Part * steps));
        bool spikes = sample.Info.Kind == SampleKind.Spikes;
        float value = spikes ? 0 : Fills.Value(Fill, sample);
        for (int i = 0; i < Count; i++)
        {
            int width = random.Below(most + 1, 2 * i), start = random.Below(steps - width + 1, 2 * i + 1);
            if (spikes)
                sample.Bits.Slice(start * sample.WordsPerStep, width * sample.WordsPerStep).Clear();
            else
                sample.Values.Slice(start * sample.Info.Units, width * sample.Info.Units).Fill(value);
        }
    }
}
