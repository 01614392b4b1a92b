using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Volley.Training;

namespace Volley.Data;

/// <summary>Builds the batches of an epoch on a thread of its own, at most <see cref="BatchSlots.Count"/> − 1 ahead of the one in use.</summary>
internal sealed class Prefetcher : IDisposable
{
    private readonly BatchSlots _slots;
    private readonly int _end;
    private readonly Func<int, ArraySegment<int>> _samples;
    private readonly Batch?[] _ready = new Batch?[BatchSlots.Count];
    private readonly SemaphoreSlim _filled = new(0), _free = new(BatchSlots.Count);
    private readonly Thread _thread;

    private ExceptionDispatchInfo? _failure;
    private volatile bool _stopped;
    private int _next;
    private bool _inUse;

    public Prefetcher(BatchSlots slots, int start, int end, Func<int, ArraySegment<int>> samples)
    {
        _slots = slots;
        _next = start;
        _end = end;
        _samples = samples;
        _thread = new Thread(() => Produce(start)) { IsBackground = true, Name = "Volley loader" };
        _thread.Start();
    }

    /// <summary>The next batch, which takes back the one before; false at the end of the epoch.</summary>
    public bool TryNext([NotNullWhen(true)] out Batch? batch)
    {
        if (_inUse)
            _free.Release();
        _inUse = false;
        batch = null;
        if (_next == _end)
            return false;
        _filled.Wait();
        batch = _ready[_next % BatchSlots.Count];
        if (batch is null)
            _failure!.Throw();
        _inUse = true;
        _next++;
        return batch is not null;
    }

    /// <summary>Ends the thread, waiting for the batch that it may be building.</summary>
    public void Dispose()
    {
        _stopped = true;
        _free.Release();
        _thread.Join();
        _filled.Dispose();
        _free.Dispose();
    }

    private void Produce(int start)
    {
        for (int b = start; b < _end; b++)
        {
            _free.Wait();
            if (_stopped)
                return;
            ref Batch? place = ref _ready[b % BatchSlots.Count];
            place = null;
            try
            {
                place = _slots.Fill(b, _samples(b));
            }
            catch (Exception failure)
            {
                // Carried to the consumer, who meets it in place of this batch.
                _failure = ExceptionDispatchInfo.Capture(failure);
                return;
            }
            finally
            {
                _filled.Release();
            }
        }
    }
}
