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
    private const int Chunk = 64;

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
        Span<int> lefts = stackalloc int[Chunk];
        Span<float> weights = stackalloc float[Chunk];
        for (int first = 0; first < units; first += Chunk)
        {
            int count = Math.Min(Chunk, units - first);
            for (int i = 0; i < count; i++)
            {
                double place = Math.Clamp(Place(first + i, factor, Knee * last, last), 0, last);
                lefts[i] = Math.Min((int)place, last - 1);
                weights[i] = (float)(place - lefts[i]);
            }
            for (int row = 0; row < source.Length; row += units)
                Mix(source.Slice(row, units), lefts[..count], weights, warped.Slice(row + first, count));
        }
        sample.Swap(sample.Steps);
    }

    private static void Mix(ReadOnlySpan<float> row, ReadOnlySpan<int> lefts, ReadOnlySpan<float> weights, Span<float> result)
    {
        for (int i = 0; i < lefts.Length; i++)
            result[i] = FloatRows.Mix(row[lefts[i]], row[lefts[i] + 1], weights[i]);
    }

    private static double Place(int channel, double factor, double knee, double last)
    {
        double height = knee * Math.Min(factor, 1), bend = height / factor;
        return channel <= bend ? factor * channel : last - (last - height) / (last - bend) * (last - channel);
    }
}
