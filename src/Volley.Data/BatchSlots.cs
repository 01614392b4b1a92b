using Volley.Training;

namespace Volley.Data;

/// <summary>The buffers of one epoch under way: its order, and three batches (one in use, two read ahead) that take turns.</summary>
internal sealed class BatchSlots : IDisposable
{
    public const int Count = 3;

    private readonly Augmenter? _augmenter;
    private readonly BatchBuilder[] _slots;

    public BatchSlots(IDataset dataset, LoaderOptions options)
    {
        Order = new int[dataset.Count];
        // One is enough: batches are built one after another.
        _augmenter = options.Augment.Count > 0 ? new Augmenter(dataset, options.Augment, options.Seed) : null;
        _slots = [.. Enumerable.Range(0, Count).Select(_ => new BatchBuilder(dataset, options, _augmenter))];
    }

    public int[] Order { get; }

    /// <summary>The epoch under way.</summary>
    public int Epoch { get; set; }

    public Batch Fill(int batch, ReadOnlySpan<int> samples) => _slots[batch % Count].Build(samples, Epoch, batch);

    public void Dispose()
    {
        foreach (BatchBuilder slot in _slots)
            slot.Dispose();
        _augmenter?.Dispose();
    }
}
