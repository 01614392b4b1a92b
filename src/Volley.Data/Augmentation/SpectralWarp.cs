using Volley.Kernels;

namespace Volley.Data;

/// <summary>Stretches or squeezes the channel axis as vocal tracts of other lengths do (VTLP, Jaitly &amp; Hinton 2013): y[t, c] is x[t] at w(c),
/// between the two channels around it.</summary>
/// <remarks>
/// With a uniform in 1 − Most … 1 + Most, m = min(a, 1) and N − 1 the last channel: w(c) = a c up to the channel Knee (N − 1) m / a, and from there
/// a straight line to w(N − 1) = N − 1. The ends stay where they are, so nothing is vacated.
/// </remarks>
/// <param name="Most">Largest change of the factor, above 0 and at most 0.9.</param>
/// <param name="Knee">Part of the channel axis that is scaled, above 0 and at most 1; the rest makes up for it.</param>
public sealed record SpectralWarp(double Most, double Knee = 0.8) : Augmentation
{
    private const int LongestRun = 64;

    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) =>
        Ranges.Problem("most", Most, 0.9) ?? Ranges.Problem("knee", Knee, 1) ?? Ranges.NotValues(info, "channel-shift");

    /// <inheritdoc/>
    public override void Apply(SampleBuffer sample, Rng random)
    {
        int units = sample.Info.Units, last = units - 1;
        if (last == 0)
            return;
        double factor = 1 + Most * (2 * (double)random.Uniform(0) - 1);
        ReadOnlySpan<float> source = sample.Values;
        Span<float> warped = sample.OtherValues(sample.Steps);
        Span<float> weights = stackalloc float[LongestRun];
        int first = 0;
        while (first < units)
        {
            // Channels whose left neighbours are neighbours too go together.
            int left = Math.Min((int)Place(first, factor, last), last - 1), run = 0;
            for (; run < LongestRun && first + run < units; run++)
            {
                double place = Place(first + run, factor, last);
                if (Math.Min((int)place, last - 1) != left + run)
                    break;
                weights[run] = (float)(place - (left + run));
            }
            for (int row = 0; row < source.Length; row += units)
                FloatRows.Mix(source.Slice(row + left, run), source.Slice(row + left + 1, run), weights[..run], warped.Slice(row + first, run));
            first += run;
        }
        sample.Swap(sample.Steps);
    }

    private double Place(int channel, double factor, double last)
    {
        double height = Knee * last * Math.Min(factor, 1), bend = height / factor;
        return Math.Clamp(channel <= bend ? factor * channel : last - (last - height) / (last - bend) * (last - channel), 0, last);
    }
}
