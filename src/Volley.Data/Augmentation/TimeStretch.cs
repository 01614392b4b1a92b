using Volley.Kernels;

namespace Volley.Data;

/// <summary>Plays the sample slower or faster: T steps become S = round(T · f), at least 1, with f uniform in 1 − Most … 1 + Most.</summary>
/// <remarks>
/// A step is the middle of its interval, so step t lies at (t + ½) · S / T of the new time. A spike falls into ⌊(t + ½) · S / T⌋, and two in one step
/// are one. The value of a new step s is read at (s + ½) · T / S − ½, between the two steps around it, and beyond the first and last is theirs.
/// What lies behind <see cref="DatasetInfo.MaxSteps"/> is cut off; what a shorter sample vacates is padding. Both maps are exact in whole numbers.
/// </remarks>
/// <param name="Most">Largest change of the factor, above 0 and at most 0.9.</param>
public sealed record TimeStretch(double Most) : Augmentation
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) => Ranges.Problem("most", Most, 0.9) ?? Ranges.MovesLabels(info);

    /// <inheritdoc/>
    public override void Apply(SampleBuffer sample, Rng random)
    {
        int steps = sample.Steps;
        double factor = 1 + Most * (2 * (double)random.Uniform(0) - 1);
        int stretched = (int)Math.Max(1, Math.Min(Math.Round(steps * factor), int.MaxValue));
        if (stretched == steps)
            return;
        int kept = Math.Min(stretched, sample.Info.MaxSteps);
        if (sample.Info.Kind == SampleKind.Spikes)
            Spikes(sample.Bits, sample.OtherBits(kept), sample.WordsPerStep, steps, stretched);
        else
            Values(sample.Values, sample.OtherValues(kept), sample.Info.Units, steps, stretched);
        sample.Swap(kept);
    }

    private static void Spikes(ReadOnlySpan<ulong> source, Span<ulong> destination, int words, int steps, int stretched)
    {
        destination.Clear();
        for (int t = 0; t < steps; t++)
        {
            int place = (int)((2L * t + 1) * stretched / (2L * steps)) * words;
            if (place >= destination.Length)
                return;
            for (int w = 0; w < words; w++)
                destination[place + w] |= source[t * words + w];
        }
    }

    private static void Values(ReadOnlySpan<float> source, Span<float> destination, int units, int steps, int stretched)
    {
        for (int s = 0; s * units < destination.Length; s++)
        {
            long place = Math.Clamp((2L * s + 1) * steps - stretched, 0, 2L * stretched * (steps - 1));
            (long before, long rest) = Math.DivRem(place, 2L * stretched);
            ReadOnlySpan<float> left = source.Slice((int)before * units, units);
            Span<float> row = destination.Slice(s * units, units);
            if (rest == 0)
                left.CopyTo(row);
            else
                FloatRows.Mix(left, source.Slice((int)(before + 1) * units, units), (float)(rest / (2.0 * stretched)), row);
        }
    }
}
