using Volley.Tensors;

namespace Volley.Training;

/// <summary>Samples that are trained on together.</summary>
/// <param name="Input">[B, T, N]: spikes or values, with a length per sample where they differ.</param>
/// <param name="Labels">The class of each sample, B of them.</param>
public sealed record Batch(Signal Input, ReadOnlyMemory<int> Labels)
{
    /// <summary>Target probabilities [B, C] to learn instead of the labels, such as mixup makes; null for the labels, which accuracy counts in any case.</summary>
    public Tensor? SoftLabels { get; init; }

    /// <summary>In <see cref="StepLabels"/>, a time step that does not count.</summary>
    public const int NoLabel = -1;

    /// <summary>The class of each time step [B, T], <see cref="NoLabel"/> where a step does not count (padding never does); empty where samples have one label.
    /// Goes with <see cref="Nn.ReadoutKind.EachStep"/>, and then these are learned and counted, not <see cref="Labels"/>.</summary>
    public ReadOnlyMemory<int> StepLabels { get; init; }

    /// <summary>Number of samples.</summary>
    public int Count => Labels.Length;
}

/// <summary>Where batches come from: their order is a pure function of the epoch.</summary>
public interface IBatches
{
    /// <summary>Batches in an epoch.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>Samples in an epoch.</summary>
    int Samples { get; }

    /// <summary>The batches of epoch <paramref name="epoch"/> from number <paramref name="start"/> on. A batch is valid until the next one is asked for.</summary>
    IEnumerable<Batch> Epoch(int epoch, int start = 0);
}
