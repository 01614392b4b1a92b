using Volley.Kernels;

namespace Volley.Data;

/// <summary>A random change of a training sample. A record of options and one pure method: derive from it to add one.</summary>
/// <remarks>What happens to a sample is a pure function of the loader's seed, the epoch, the sample's index in the data set and the place in
/// <see cref="LoaderOptions.Augment"/>: neither threads nor batches nor reading ahead have a part in it, and a resumed run meets the same samples.
/// Formulas and sources: <c>docs/augmentation.md</c>.</remarks>
public abstract record Augmentation
{
    /// <summary>Probability that a sample is changed at all, above 0 and at most 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>What keeps it from being used on such samples, as the end of a sentence; null where it fits.</summary>
    public virtual string? Problem(DatasetInfo info) => null;

    /// <summary>Changes the sample in place, its number of steps included.</summary>
    /// <param name="sample">The sample, with a second buffer to work in. Its steps stay within 1 … <see cref="DatasetInfo.MaxSteps"/>, its
    /// values finite, and the bits beyond its units 0.</param>
    /// <param name="random">All that may be drawn from; nothing else draws from it.</param>
    public abstract void Apply(SampleBuffer sample, Rng random);

    /// <summary>Changes the sample, or leaves it as it is where chance says so.</summary>
    internal void Run(SampleBuffer sample, Rng random)
    {
        if (Probability >= 1 || random.Uniform(0) < Probability)
            Apply(sample, random.Fork(0));
    }
}
