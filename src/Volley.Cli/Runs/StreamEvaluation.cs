using System.Diagnostics;
using Volley.Data;
using Volley.Kernels;
using Volley.Nn;
using Volley.Streaming;
using Volley.Training;

namespace Volley.Cli.Runs;

/// <summary>What a model does with samples when it is given one time step after another.</summary>
/// <param name="Predictions">The predicted class of each sample; of each step where every step is a decision.</param>
/// <param name="Spikes">Spikes of each neuron of each layer over all samples.</param>
/// <param name="MedianMicroseconds">The median time of a step: writing the input, and all layers.</param>
/// <param name="P99Microseconds">99 of 100 steps took no longer.</param>
internal sealed record StreamEvaluation(IReadOnlyList<int> Predictions, IReadOnlyList<long[]> Spikes, double MedianMicroseconds, double P99Microseconds)
{
    /// <summary>Latencies are kept for this many steps; the first ones warm up and do not count.</summary>
    private const int MostTimes = 1_000_000, WarmUp = 200;

    /// <summary>Runs all samples of <paramref name="part"/> through a stream on one thread.</summary>
    /// <exception cref="NotSupportedException">A layer needs later input.</exception>
    public static StreamEvaluation Run(Model model, IDataset part, CancellationToken interrupted)
    {
        using var cpu = new Cpu(1);
        var stream = new ModelStream(model, cpu, part.Info.Kind == SampleKind.Spikes);
        long[][] spikes = [.. stream.Fired.Select(layer => new long[layer.Units])];
        bool eachStep = model.Readout == ReadoutKind.EachStep;
        var predictions = new List<int>(part.Count);
        var best = new int[1];
        var times = new List<long>();
        int seen = 0;
        var samples = new Samples(part, cpu);
        for (int i = 0; i < part.Count; i++)
        {
            interrupted.ThrowIfCancellationRequested();
            samples.Read(i);
            stream.Clear();
            for (int t = 0; t < samples.Steps; t++)
            {
                long began = Stopwatch.GetTimestamp();
                samples.Write(t, stream.Input);
                ReadOnlySpan<float> scores = stream.Step();
                long took = Stopwatch.GetTimestamp() - began;
                if (seen++ >= WarmUp && times.Count < MostTimes)
                    times.Add(took);
                Count(stream.Fired, spikes);
                if (t < samples.Steps - 1 && !eachStep)
                    continue;
                Metrics.ArgMax(scores, best, 1, model.Classes);
                predictions.Add(best[0]);
            }
            // What delays still hold: the layers' sequences are longer than the input.
            while (stream.Drain(out ReadOnlySpan<float> later))
            {
                Count(stream.Fired, spikes);
                Metrics.ArgMax(later, best, 1, model.Classes);
                predictions[^1] = best[0];
            }
        }
        times.Sort();
        return new StreamEvaluation(predictions, spikes, Microseconds(times, 0.5), Microseconds(times, 0.99));
    }

    /// <summary>Whether evaluation over whole sequences predicted the same and every neuron fired as often.</summary>
    public bool Agrees(Evaluation whole) =>
        Predictions.SequenceEqual(whole.Predictions)
        && Spikes.Count == whole.Rates.Layers.Count
        && Spikes.Zip(whole.Rates.Layers).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second.Counts));

    private static void Count(IReadOnlyList<StepSignal> fired, long[][] spikes)
    {
        for (int layer = 0; layer < spikes.Length; layer++)
        {
            ulong[] bits = fired[layer].Bits;
            int columns = fired[layer].Shape.Last, words = SpikeBits.WordsPerRow(columns);
            for (int w = 0; w < bits.Length; w++)
            {
                int first = w / words * columns + w % words * 64;
                for (ulong word = bits[w]; word != 0; word &= word - 1)
                    spikes[layer][first + System.Numerics.BitOperations.TrailingZeroCount(word)]++;
            }
        }
    }

    private static double Microseconds(List<long> sorted, double quantile) => sorted.Count == 0
        ? double.NaN
        : Math.Round(sorted[Math.Min(sorted.Count - 1, (int)(quantile * sorted.Count))] * 1e6 / Stopwatch.Frequency, 2);

    /// <summary>One sample after another, cut into steps.</summary>
    private sealed class Samples(IDataset part, Cpu cpu)
    {
        private float[] _values = [];
        private ulong[] _bits = [];

        public int Steps { get; private set; }

        private int Units => part.Info.Units;

        private int Words => (Units + 63) / 64;

        public void Read(int index)
        {
            Steps = part.Length(index);
            if (part.Info.Kind == SampleKind.Values)
                part.ReadValues(index, Resized(ref _values, Steps * Units));
            else
                part.ReadSpikes(index, Resized(ref _bits, Steps * Words));
        }

        public void Write(int step, StepSignal input)
        {
            if (input.IsSpikes)
                SpikeBits.Regroup(cpu, _bits.AsSpan(step * Words, Words), input.Bits, 1, Units, Units, input.Shape.Last);
            else
                _values.AsSpan(step * Units, Units).CopyTo(input.Values);
        }

        private static Span<T> Resized<T>(ref T[] buffer, int length)
        {
            if (buffer.Length < length)
                buffer = new T[length];
            return buffer.AsSpan(0, length);
        }
    }
}
