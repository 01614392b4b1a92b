using System.Diagnostics;
using System.Numerics;
using Volley.Nn;

namespace Volley.Samples.Streaming;

/// <summary>Time, spikes and memory of the steps; allocates nothing itself.</summary>
internal sealed class StepMeter(int mostSteps, int classes)
{
    private readonly long[] _ticks = new long[mostSteps];
    private readonly float[] _scores = new float[classes];
    private long _began, _allocatedBefore;

    public int Steps { get; private set; }

    public long Spikes { get; private set; }

    public long AllocatedBytes { get; private set; }

    /// <summary>After the last step.</summary>
    public ReadOnlySpan<float> Scores => _scores;

    public double Seconds => _ticks.AsSpan(0, Steps).ToArray().Sum() / (double)Stopwatch.Frequency;

    /// <summary>Samples are there, the work on them begins.</summary>
    public void Start()
    {
        _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>A step is done; its time counts from the step before, or from the arrival of its last samples.</summary>
    public void Step(ReadOnlySpan<float> scores, IReadOnlyList<StepSignal> fired)
    {
        _ticks[Steps++] = Stopwatch.GetTimestamp() - _began;
        scores.CopyTo(_scores);
        for (int layer = 0; layer < fired.Count; layer++)
        {
            foreach (ulong word in fired[layer].Bits)
                Spikes += BitOperations.PopCount(word);
        }
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>The work on the samples is done.</summary>
    public void Stop() => AllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;

    public void Clear() => (Steps, Spikes, AllocatedBytes) = (0, 0, 0);

    public double Microseconds(double quantile)
    {
        long[] sorted = _ticks[..Steps];
        Array.Sort(sorted);
        return sorted[Math.Min(Steps - 1, (int)(quantile * Steps))] * 1e6 / Stopwatch.Frequency;
    }
}
