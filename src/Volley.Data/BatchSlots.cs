using Volley.Training;

namespace Volley.Data;

/// <summary>The buffers of one epoch under way: its order, and three batches (one in use, two read ahead) that take turns.</summary>
internal sealed class BatchSlots : IDisposable
{
    public const int Count = 3;

    private readonly BatchBuilder[] _slots;

    public BatchSlots(IDataset dataset, bool padToMaxSteps)
    {
        Order = new int[dataset.Count];
        _slots = [.. Enumerable.Range(0, Count).Select(_ => new BatchBuilder(dataset, padToMaxSteps))];
    }

    public int[] Order { get; }

    public Batch Fill(int batch, ReadOnlySpan<int> samples) => _slots[batch % Count].Build(samples);

    public void Dispose()
    {
        foreach (BatchBuilder slot in _slots)
            slot.Dispose();
    }
}
