using Volley.Kernels;

namespace Volley.Data;

/// <summary>Adds a smooth random curve over the channels, the same in all steps: y[t, c] = x[t, c] + Σₖ aₖ cos(π k (c + ½) / N), k = 1 … Order,
/// aₖ uniform in −Most … Most. For logarithms of energies, another microphone, room or voice.</summary>
/// <remarks>With order 1 a tilt from the low to the high channels; the terms are those of the cepstrum.</remarks>
/// <param name="Most">Largest size of a term, in the units of the values; above 0.</param>
/// <param name="Order">Terms, 1 … 64.</param>
public sealed record SpectralTilt(double Most, int Order = 1) : Augmentation
{
    private const int MostTerms = 64;

    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) =>
        Ranges.Problem("most", Most, 1e6) ?? (Order is >= 1 and <= MostTerms ? null : $"order is {Order}; expected 1 … {MostTerms}") ?? Ranges.NotValues(info, "event-drop by channels");

    /// <inheritdoc/>
    public override void Apply(SampleBuffer sample, Rng random)
    {
        int units = sample.Info.Units;
        Span<float> curve = sample.OtherValues(1);
        Span<double> sizes = stackalloc double[Order];
        for (int k = 0; k < Order; k++)
            sizes[k] = Most * (2 * (double)random.Uniform(k) - 1);
        for (int c = 0; c < units; c++)
        {
            // cos kx = 2 cos x cos (k − 1)x − cos (k − 2)x
            double first = StableMath.SinTurns((c + 0.5) / (2.0 * units) + 0.25), before = 1, cosine = first, sum = 0;
            foreach (double size in sizes)
            {
                sum += size * cosine;
                (before, cosine) = (cosine, 2 * first * cosine - before);
            }
            curve[c] = (float)sum;
        }
        Span<float> values = sample.Values;
        for (int row = 0; row < values.Length; row += units)
            FloatRows.Add(values.Slice(row, units), curve);
    }
}
