using Volley.Kernels;
using Volley.Recipes;

namespace Volley.Data;

/// <summary>Moves the sample by a whole number d of steps, uniform in −Most … Most: y[t + d] = x[t]. Its length stays; what leaves is lost, vacated steps are filled.</summary>
/// <remarks>A sample of T steps is moved by at most T − 1, so that one of them is left.</remarks>
/// <param name="Most">Largest shift, steps; at least 1.</param>
/// <param name="Fill">What vacated steps hold; edge is the nearest step that is left. Spikes leave them silent.</param>
public sealed record TimeShift(int Most, Fill Fill = Fill.Zero) : Augmentation
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) => Ranges.Problem("most", Most) ?? Fills.Problem(Fill, info) ?? Ranges.MovesLabels(info);

    /// <inheritdoc/>
    public override void Apply(SampleBuffer sample, Rng random)
    {
        int most = Math.Min(Most, sample.Steps - 1), by = random.Below(2 * most + 1, 0) - most;
        if (by == 0)
            return;
        if (sample.Info.Kind == SampleKind.Spikes)
            Shift(sample.Bits, by, sample.WordsPerStep).Clear();
        else
            Shift(sample, by);
    }

    private void Shift(SampleBuffer sample, int by)
    {
        int units = sample.Info.Units;
        float value = Fills.Value(Fill, sample);
        Span<float> vacated = Shift(sample.Values, by, units);
        if (Fill != Fill.Edge)
        {
            vacated.Fill(value);
            return;
        }
        ReadOnlySpan<float> edge = sample.Values.Slice((by > 0 ? by : sample.Steps + by - 1) * units, units);
        for (int row = 0; row < vacated.Length; row += units)
            edge.CopyTo(vacated[row..]);
    }

    /// <summary>Moves the steps and returns those that are vacated.</summary>
    private static Span<T> Shift<T>(Span<T> rows, int by, int stride)
    {
        if (by > 0)
        {
            rows[..^(by * stride)].CopyTo(rows[(by * stride)..]);
            return rows[..(by * stride)];
        }
        rows[(-by * stride)..].CopyTo(rows);
        return rows[^(-by * stride)..];
    }
}
