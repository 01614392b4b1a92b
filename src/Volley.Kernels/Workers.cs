using System.Runtime.ExceptionServices;

namespace Volley.Kernels;

/// <summary>Threads that wait for a job, spinning briefly so that the next kernel finds them awake.</summary>
internal sealed class Workers : IDisposable
{
    // About 30 µs: longer than the gap between two kernels of a training step, short enough to be cheap on a shared machine.
    private const int Spins = 60;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Lock _owner = new();
    private Job? _job;
    private int _generation;
    private int _sleeping;
    private volatile bool _ended;

    public Workers(int count)
    {
        _threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            _threads[i] = new Thread(Loop) { IsBackground = true, Name = $"volley-{i + 1}" };
            _threads[i].Start();
        }
    }

    [ThreadStatic] private static bool t_inside;

    /// <summary>Runs the job on all threads; false if the workers are taken or this thread is one, and then nothing was done.</summary>
    public bool TryRun<TBody>(int count, int grain, TBody body) where TBody : struct, IRows
    {
        if (t_inside || !_owner.TryEnter())
            return false;
        t_inside = true;
        try
        {
            Job<TBody> job = JobOf<TBody>.Own ??= new Job<TBody>();
            job.Open(body, count, grain);
            Volatile.Write(ref _job, job);
            Interlocked.Increment(ref _generation);
            int sleeping = Volatile.Read(ref _sleeping);
            if (sleeping > 0)
                _wake.Release(sleeping);
            job.Work();
            job.Close();
            return true;
        }
        finally
        {
            t_inside = false;
            _owner.Exit();
        }
    }

    private void Loop()
    {
        t_inside = true;
        int seen = 0;
        while (!_ended)
        {
            int generation = Volatile.Read(ref _generation);
            if (generation == seen && !SpinUntilChanged(seen))
            {
                Interlocked.Increment(ref _sleeping);
                if (Volatile.Read(ref _generation) == seen && !_ended)
                    _wake.Wait();
                Interlocked.Decrement(ref _sleeping);
                continue;
            }
            seen = Volatile.Read(ref _generation);
            Volatile.Read(ref _job)?.Join();
        }
    }

    private bool SpinUntilChanged(int seen)
    {
        for (int i = 0; i < Spins; i++)
        {
            Thread.SpinWait(40);
            if (Volatile.Read(ref _generation) != seen)
                return true;
        }
        return false;
    }

    public void Dispose()
    {
        _ended = true;
        Interlocked.Increment(ref _generation);
        _wake.Release(_threads.Length);
        foreach (Thread thread in _threads)
            thread.Join();
        _wake.Dispose();
    }

    private static class JobOf<TBody> where TBody : struct, IRows
    {
        [ThreadStatic] public static Job<TBody>? Own;
    }

    private abstract class Job
    {
        private int _active;

        /// <summary>Called by a worker: takes part in whatever run is open, if any.</summary>
        public void Join()
        {
            Interlocked.Increment(ref _active);
            Work();
            Interlocked.Decrement(ref _active);
        }

        public abstract void Work();

        protected void AwaitWorkers()
        {
            var spin = new SpinWait();
            while (Volatile.Read(ref _active) > 0)
                spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>A job that is used again and again. A ticket (run number, next chunk) is taken by compare-exchange, so a worker that arrives late
    /// can never take a chunk of a run that it did not see opened.</summary>
    private sealed class Job<TBody> : Job where TBody : struct, IRows
    {
        private const uint Nothing = uint.MaxValue;
        private TBody _body;
        private int _count, _grain;
        private uint _chunks;
        private long _ticket = Nothing;
        private Exception? _failure;

        public void Open(TBody body, int count, int grain)
        {
            // The ticket says "nothing" here: the last run left it so, and late workers leave it alone.
            (_body, _count, _grain) = (body, count, grain);
            _chunks = (uint)((count + grain - 1) / grain);
            _failure = null;
            long run = (Volatile.Read(ref _ticket) >>> 32) + 1;
            Interlocked.Exchange(ref _ticket, run << 32);
        }

        public override void Work()
        {
            while (true)
            {
                long ticket = Volatile.Read(ref _ticket);
                uint chunk = (uint)ticket;
                if (chunk == Nothing)
                    return;
                long next = chunk + 1 < _chunks ? ticket + 1 : (ticket & ~0xFFFFFFFFL) | Nothing;
                if (Interlocked.CompareExchange(ref _ticket, next, ticket) != ticket)
                    continue;
                int start = (int)chunk * _grain;
                try
                {
                    _body.Run(start, (int)Math.Min((long)start + _grain, _count));
                }
                catch (Exception failure)
                {
                    _failure = failure;
                }
            }
        }

        public void Close()
        {
            AwaitWorkers();
            _body = default;
            if (_failure is { } failure)
                ExceptionDispatchInfo.Throw(failure);
        }
    }
}
