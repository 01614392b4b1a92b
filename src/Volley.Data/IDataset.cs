namespace Volley.Data;

/// <summary>Labelled samples, each a sequence of 1 … <see cref="DatasetInfo.MaxSteps"/> time steps over the same units.</summary>
/// <remarks>Implementations can be read from several threads at once: reading changes nothing. Every member throws
/// <see cref="ArgumentOutOfRangeException"/> for an index outside 0 … <see cref="Count"/> − 1.</remarks>
public interface IDataset
{
    /// <summary>What the samples have in common.</summary>
    DatasetInfo Info { get; }

    /// <summary>The number of samples.</summary>
    int Count { get; }

    /// <summary>The class of a sample, 0 … <see cref="DatasetInfo.Classes"/> − 1. Where steps have labels, the one that most of them have: splits
    /// and limits share out the classes by it.</summary>
    int Label(int index);

    /// <summary>The time steps of a sample, 1 … <see cref="DatasetInfo.MaxSteps"/>.</summary>
    int Length(int index);

    /// <summary>Writes a sample of <see cref="SampleKind.Values"/>.</summary>
    /// <param name="index">Which sample.</param>
    /// <param name="values">[Length, Units], row-major; exactly Length · Units elements, all of them written.</param>
    /// <exception cref="InvalidOperationException">The samples are spikes.</exception>
    /// <exception cref="ArgumentException"><paramref name="values"/> has another length.</exception>
    void ReadValues(int index, Span<float> values);

    /// <summary>Writes a sample of <see cref="SampleKind.Spikes"/>.</summary>
    /// <param name="index">Which sample.</param>
    /// <param name="bits">[Length, ⌈Units / 64⌉], row-major: unit u of a step is bit u mod 64 of word u / 64; the bits beyond Units are 0.
    /// Exactly Length · ⌈Units / 64⌉ words, all of them written.</param>
    /// <exception cref="InvalidOperationException">The samples are values.</exception>
    /// <exception cref="ArgumentException"><paramref name="bits"/> has another length.</exception>
    void ReadSpikes(int index, Span<ulong> bits);

    /// <summary>Writes the class of every time step of a sample, where <see cref="DatasetInfo.LabelsSteps"/>.</summary>
    /// <param name="index">Which sample.</param>
    /// <param name="labels">[Length], all of them written: 0 … Classes − 1, or <see cref="Training.Batch.NoLabel"/> for a step that nobody labelled.</param>
    /// <exception cref="InvalidOperationException">The samples have one label each.</exception>
    /// <exception cref="ArgumentException"><paramref name="labels"/> has another length.</exception>
    void ReadStepLabels(int index, Span<int> labels) =>
        throw new InvalidOperationException($"The samples of '{Info.Name}' have one label each: call Label.");
}
