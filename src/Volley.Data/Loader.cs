using Volley.Kernels;
using Volley.Training;

namespace Volley.Data;

/// <summary>Makes batches of a data set.</summary>
/// <remarks>The order of an epoch is a pure function of (seed, epoch), a change of a sample one of (seed, epoch, sample), so (epoch, next batch) is all that must be saved to go on exactly
/// where a run stopped. Buffers are reused: a batch is valid until the next one is asked for, and an epoch allocates next to nothing.
/// Several epochs may be under way at once; each has its own buffers.</remarks>
public sealed class Loader : IBatches, IDisposable
{
    private readonly LoaderOptions _options;
    private readonly Stack<BatchSlots> _idle = new();

    /// <exception cref="ArgumentException">The options leave no batch, or an augmentation does not fit the samples.</exception>
    public Loader(IDataset dataset, LoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        _options = options ?? new LoaderOptions();
        Check.Positive(_options.BatchSize, nameof(LoaderOptions.BatchSize));
        Augmentations.Check(_options.Augment, dataset.Info);
        Augmentations.Check(_options.Mix, dataset.Info);
        Dataset = dataset;
        int batches = dataset.Count / _options.BatchSize;
        bool rest = dataset.Count % _options.BatchSize > 0 && !_options.DropLast;
        BatchesPerEpoch = batches + (rest ? 1 : 0);
        Samples = rest ? dataset.Count : batches * _options.BatchSize;
        if (BatchesPerEpoch == 0)
        {
            throw new ArgumentException(
                $"'{dataset.Info.Name}' has {dataset.Count} samples: not one batch of {_options.BatchSize}.", nameof(dataset));
        }
    }

    /// <summary>Where the samples come from.</summary>
    public IDataset Dataset { get; }

    /// <inheritdoc/>
    public int BatchesPerEpoch { get; }

    /// <summary>Samples in an epoch: fewer than the data set has where the last ones are dropped.</summary>
    public int Samples { get; }

    /// <summary>The batches of an epoch, from number <paramref name="start"/> on.</summary>
    /// <returns>Batches with input [B, T, N], T the longest sample of the batch (or of the data set); lengths are set where samples differ from T, soft labels
    /// where samples were mixed.
    /// What goes wrong while reading ahead is thrown when its batch is asked for.</returns>
    /// <exception cref="InvalidDataException">A value is not finite, or a data set breaks its contract; the message names the sample.</exception>
    public IEnumerable<Batch> Epoch(int epoch, int start = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        if (start < 0 || start > BatchesPerEpoch)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"start is {start}; an epoch has batches 0 … {BatchesPerEpoch - 1}.");
        return _options.Prefetch ? ReadAhead(epoch, start) : Read(epoch, start);
    }

    /// <summary>The samples of an epoch in its order: batch b has those from b · BatchSize on.</summary>
    public int[] Order(int epoch)
    {
        var order = new int[Dataset.Count];
        Fill(order, epoch);
        return order;
    }

    /// <summary>Frees the buffers. Batches that are still in use stay valid until their epoch ends.</summary>
    public void Dispose()
    {
        lock (_idle)
        {
            while (_idle.TryPop(out BatchSlots? slots))
                slots.Dispose();
        }
    }

    private IEnumerable<Batch> Read(int epoch, int start)
    {
        BatchSlots slots = Rent(epoch);
        try
        {
            for (int b = start; b < BatchesPerEpoch; b++)
                yield return slots.Fill(b, Range(slots.Order, b));
        }
        finally
        {
            Return(slots);
        }
    }

    private IEnumerable<Batch> ReadAhead(int epoch, int start)
    {
        BatchSlots slots = Rent(epoch);
        try
        {
            using var ahead = new Prefetcher(slots, start, BatchesPerEpoch, b => Range(slots.Order, b));
            while (ahead.TryNext(out Batch? batch))
                yield return batch;
        }
        finally
        {
            Return(slots);
        }
    }

    private ArraySegment<int> Range(int[] order, int batch)
    {
        int first = batch * _options.BatchSize;
        return new ArraySegment<int>(order, first, Math.Min(_options.BatchSize, Samples - first));
    }

    private BatchSlots Rent(int epoch)
    {
        BatchSlots? slots;
        lock (_idle)
            _idle.TryPop(out slots);
        slots ??= new BatchSlots(Dataset, _options);
        slots.Epoch = epoch;
        Fill(slots.Order, epoch);
        return slots;
    }

    private void Return(BatchSlots slots)
    {
        lock (_idle)
            _idle.Push(slots);
    }

    private void Fill(int[] order, int epoch)
    {
        if (_options.Shuffle)
        {
            new Rng(_options.Seed).Fork("volley.data.loader").Fork(epoch).Permutation(order);
            return;
        }
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
    }
}
