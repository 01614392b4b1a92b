namespace Volley.Data;

/// <summary>How a <see cref="Loader"/> makes batches.</summary>
public sealed record LoaderOptions
{
    /// <summary>Samples in a batch, at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>With the epoch, all that the order and the augmentations depend on.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>A new random order every epoch (training), or the order of the data set (evaluation).</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Leaves out what does not fill a batch at the end of an epoch.</summary>
    public bool DropLast { get; init; }

    /// <summary>Pads every batch to <see cref="DatasetInfo.MaxSteps"/>, and not just to its longest sample.</summary>
    public bool PadToMaxSteps { get; init; }

    /// <summary>Random changes of every sample, in this order; for training only.</summary>
    public IReadOnlyList<Augmentation> Augment { get; init; } = [];

    /// <summary>How the samples of a batch are mixed with each other behind that; for training only. Null for not at all.</summary>
    public BatchMix? Mix { get; init; }

    /// <summary>Reads ahead on a thread of its own, up to two batches.</summary>
    public bool Prefetch { get; init; } = true;
}
