using Volley.Kernels;

namespace Volley.Data;

/// <summary>A random mixture of the samples of a training batch, labels included: sample b meets sample b − 1, the first meets the last.</summary>
/// <remarks>What happens to a batch is a pure function of the loader's seed, the epoch and the number of the batch. It comes after all changes of single
/// samples. Formulas and sources: <c>docs/augmentation.md</c>.</remarks>
public abstract record BatchMix
{
    /// <summary>Probability that a batch is mixed at all, above 0 and at most 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>What keeps it from being used on such samples, as the end of a sentence; null where it fits.</summary>
    public abstract string? Problem(DatasetInfo info);

    /// <summary>Mixes the values of a batch.</summary>
    /// <param name="values">[samples, steps · units], row-major.</param>
    /// <param name="first">A row to work in.</param>
    /// <param name="samples">Samples of the batch.</param>
    /// <param name="info">What they have in common.</param>
    /// <param name="random">All that may be drawn from.</param>
    /// <returns>λ, the weight of each sample's own label; that of its partner's is 1 − λ.</returns>
    internal abstract float Apply(Span<float> values, Span<float> first, int samples, DatasetInfo info, Rng random);

    /// <summary>Whether a batch is mixed.</summary>
    internal bool Chosen(Rng random) => Probability >= 1 || random.Uniform(0) < Probability;

    /// <summary>y[b] = λ · (label of b) + (1 − λ) · (label of b − 1), [samples, classes].</summary>
    internal static void Labels(ReadOnlySpan<int> labels, float own, Span<float> soft, int classes)
    {
        soft.Clear();
        for (int b = 0; b < labels.Length; b++)
        {
            soft[b * classes + labels[b]] += own;
            soft[b * classes + labels[b == 0 ? ^1 : b - 1]] += 1 - own;
        }
    }

    /// <summary>Visits every sample with its partner, the last sample first, so that a partner is met before it is changed.</summary>
    private protected static void Pairs<TMix>(Span<float> values, Span<float> first, int samples, TMix mix) where TMix : struct, IMix
    {
        int row = values.Length / samples;
        values.Slice(values.Length - row, row).CopyTo(first);
        for (int b = samples - 1; b >= 0; b--)
            mix.Apply(b == 0 ? first : values.Slice((b - 1) * row, row), values.Slice(b * row, row));
    }

    private protected interface IMix
    {
        void Apply(ReadOnlySpan<float> partner, Span<float> own);
    }
}
