using Volley.Kernels;
using Volley.Recipes;

namespace Volley.Data;

/// <summary>Moves all channels by one whole number d, uniform in −Most … Most: y[t, c + d] = x[t, c]. What leaves is lost; vacated channels are filled.</summary>
/// <param name="Most">Largest shift, channels; at least 1 and below the number of channels.</param>
/// <param name="Fill">What vacated channels hold; edge is the nearest channel that is left. Spikes leave them silent.</param>
public sealed record ChannelShift(int Most, Fill Fill = Fill.Zero) : Augmentation
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) =>
        Ranges.Problem("most", Most) ?? (Most >= info.Units ? $"it shifts by up to {Most} channels, but a sample has {info.Units}" : Fills.Problem(Fill, info));

    /// <inheritdoc/>
    public override void Apply(SampleBuffer sample, Rng random)
    {
        int by = random.Below(2 * Most + 1, 0) - Most;
        if (by == 0)
            return;
        if (sample.Info.Kind == SampleKind.Spikes)
            BitRows.Shift(sample.Bits, sample.OtherBits(sample.Steps), sample.Info.Units, by);
        else
            Shift(sample, by);
        sample.Swap(sample.Steps);
    }

    private void Shift(SampleBuffer sample, int by)
    {
        int units = sample.Info.Units, kept = units - Math.Abs(by), from = Math.Max(-by, 0), to = Math.Max(by, 0);
        float value = Fills.Value(Fill, sample);
        ReadOnlySpan<float> source = sample.Values;
        Span<float> destination = sample.OtherValues(sample.Steps);
        for (int row = 0; row < source.Length; row += units)
        {
            Span<float> shifted = destination.Slice(row, units), vacated = by > 0 ? shifted[..to] : shifted[kept..];
            source.Slice(row + from, kept).CopyTo(shifted[to..]);
            vacated.Fill(Fill == Fill.Edge ? by > 0 ? shifted[to] : shifted[kept - 1] : value);
        }
    }
}
