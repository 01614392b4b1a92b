using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;
using Volley.Kernels.Spikes;

namespace Volley.Kernels.Delays;

/// <summary>Delayed products of spikes that do work only where spikes are.</summary>
/// <remarks>Each output is one chain of fused multiply-adds: over the spikes in the order of their time, then of their input. The chain of a tap's gradient
/// goes over the samples, then over time. A spike touches K taps of sixteen outputs, which lie side by side in the taps as in the output that it falls on:
/// one run of K·16 floats.</remarks>
public static unsafe class DelayEvents
{
    // Samples whose spikes are listed at once: their lists stay in the first-level cache, and the taps of sixteen outputs are read from the second.
    private const int ForwardSamples = 16;

    // Floats of a chunk of dY, sixteen outputs wide, that stay in the second-level cache.
    private const int GradientFloats = 96 * 1024;

    /// <summary>Whether the event-driven products of a pass forward and back are faster than <see cref="DelaySpectrum"/>'s when
    /// <paramref name="density"/> of the input are spikes.</summary>
    public static bool Preferred(double density, DelayCall call) => density * call.Taps < MostSpikesInReach;

    // Spikes that an output sees of each input, on average, above which the transform is faster (docs/delays.md has the times).
    private const double MostSpikesInReach = 1.5;

    /// <summary>y[b, t, o] = Σ_d Σᵢ k[i, o, d]·x[b, t − d, i]; 0 behind a sample's length + (K − 1)/2.</summary>
    /// <param name="x">[B·T, I].</param>
    /// <param name="taps">[⌈O/16⌉, I, K, 16], of <see cref="DelayTaps.Build"/>.</param>
    /// <param name="y">[B, T + (K − 1)/2, O], written.</param>
    /// <param name="lengths">[B] or empty.</param>
    public static void Forward(Cpu cpu, SpikeMatrix x, ReadOnlySpan<float> taps, Span<float> y, DelayCall call, ReadOnlySpan<int> lengths = default)
    {
        Check(x, taps.Length, y.Length, call, lengths);
        fixed (ulong* bits = x.Bits, negative = x.Negative)
        fixed (float* values = x.Values, k = taps, to = y)
        fixed (int* l = lengths)
        {
            var body = new ForwardWidth(cpu, new SpikePointers(bits, x.WordsPerRow, x.Columns, x.Scale, values, negative), k, to, call, l);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>dk[i, o, d] += Σ_b Σₜ x[b, t, i]·dY[b, t + d, o].</summary>
    /// <param name="x">[B·T, I].</param>
    /// <param name="dY">[B, T + (K − 1)/2, O]; what is behind a sample's length + (K − 1)/2 is not read.</param>
    /// <param name="dTaps">[⌈O/16⌉, I, K, 16], added to.</param>
    /// <param name="lengths">[B] or empty.</param>
    public static void TapGradient(Cpu cpu, SpikeMatrix x, ReadOnlySpan<float> dY, Span<float> dTaps, DelayCall call, ReadOnlySpan<int> lengths = default)
    {
        Check(x, dTaps.Length, dY.Length, call, lengths);
        fixed (ulong* bits = x.Bits, negative = x.Negative)
        fixed (float* values = x.Values, k = dTaps, from = dY)
        fixed (int* l = lengths)
        {
            var body = new GradientWidth(cpu, new SpikePointers(bits, x.WordsPerRow, x.Columns, x.Scale, values, negative), k, from, call, l);
            cpu.Dispatch(ref body);
        }
    }

    private static void Check(SpikeMatrix x, int taps, int y, DelayCall call, ReadOnlySpan<int> lengths)
    {
        call.Check();
        if (x.Rows != (long)call.Batch * call.Steps || x.Columns != call.Inputs)
            throw new ArgumentException($"The spikes are {x.Rows} x {x.Columns}; {(long)call.Batch * call.Steps} x {call.Inputs} were expected.", nameof(x));
        Kernels.Check.Length(taps, 1, call.TapFloats, nameof(taps));
        Kernels.Check.Length(y, (long)call.Batch * call.OutputSteps, call.Outputs, nameof(y));
        Lengths.Check(lengths, call.Batch, call.Steps);
    }

    private readonly struct ForwardWidth(Cpu cpu, SpikePointers x, float* taps, float* y, DelayCall call, int* lengths) : IWidthBody
    {
        public void Run<L>() where L : struct, IVectorLane<L>
        {
            int samples = Math.Clamp((call.Batch + cpu.Threads - 1) / cpu.Threads, 1, ForwardSamples), chunks = (call.Batch + samples - 1) / samples;
            // A batch too small for the threads is divided over the outputs as well.
            int parts = Math.Min(call.Blocks, (cpu.Threads + Math.Max(chunks, 1) - 1) / Math.Max(chunks, 1));
            Rows.For(cpu, chunks * parts, 1, new ForwardParts<L>(x, taps, y, call, lengths, samples, parts));
        }
    }

    private readonly struct ForwardParts<L>(SpikePointers x, float* taps, float* y, DelayCall call, int* lengths, int samples, int parts) : IRows
        where L : struct, IVectorLane<L>
    {
        public void Run(int start, int end)
        {
            for (int part = start; part < end; part++)
            {
                int first = part / parts * samples, own = part % parts;
                Chunk(first, Math.Min(samples, call.Batch - first), own * call.Blocks / parts, (own + 1) * call.Blocks / parts);
            }
        }

        private void Chunk(int first, int count, int firstBlock, int endBlock)
        {
            nint rows = (nint)count * call.Steps;
            long spikes = SpikeBits.CountSpikes(new ReadOnlySpan<ulong>(x.Bits + (nint)first * call.Steps * x.Stride, checked((int)(rows * x.Stride))));
            nint listed = (nint)spikes + BitLists.Slack;
            nint tileFloats = (nint)call.OutputSteps * DelayCall.Block;
            byte* scratch = Scratch.Own((tileFloats + listed * 2 + rows + 1) * sizeof(float));
            var tile = (float*)scratch;
            var inputs = (int*)(tile + tileFloats);
            var sizes = (float*)(inputs + listed);
            var starts = (int*)(sizes + listed);
            List(first, count, inputs, sizes, starts);
            for (int block = firstBlock; block < endBlock; block++)
            {
                for (int b = 0; b < count; b++)
                {
                    int length = Lengths.Of(lengths, first + b, call.Steps);
                    new Span<float>(tile, (int)tileFloats).Clear();
                    Scatter(tile, inputs, sizes, starts + (nint)b * call.Steps, length, taps + (nint)block * call.Inputs * call.Taps * DelayCall.Block);
                    Write(tile, first + b, block);
                }
            }
        }

        private void List(int first, int count, int* inputs, float* sizes, int* starts)
        {
            int* end = inputs;
            for (int b = 0; b < count; b++)
            {
                int length = Lengths.Of(lengths, first + b, call.Steps);
                for (int t = 0; t < call.Steps; t++)
                {
                    nint row = (nint)(first + b) * call.Steps + t;
                    int* from = end;
                    starts[(nint)b * call.Steps + t] = (int)(end - inputs);
                    if (t < length)
                        end = BitLists.AppendRow(x.Bits + row * x.Stride, 1, x.Words, from);
                    for (int* i = from; i < end; i++)
                        sizes[i - inputs] = x.HasSizes ? x.Size(row, *i) : x.Scale;
                }
            }
            starts[(nint)count * call.Steps] = (int)(end - inputs);
        }

        /// <summary>Adds the taps of every spike where they fall. The spikes of one step fall on the same outputs: four at a time read and write them once.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Scatter(float* tile, int* inputs, float* sizes, int* starts, int length, float* blockTaps)
        {
            nint run = (nint)call.Taps * DelayCall.Block;
            for (int t = 0; t < length; t++)
            {
                float* to = tile + (nint)t * DelayCall.Block;
                nint reach = Math.Min(run, (nint)(call.OutputLength(length) - t) * DelayCall.Block);
                int s = starts[t], end = starts[t + 1];
                for (; s + 4 <= end; s += 4)
                {
                    float* k0 = blockTaps + inputs[s] * run, k1 = blockTaps + inputs[s + 1] * run, k2 = blockTaps + inputs[s + 2] * run, k3 = blockTaps + inputs[s + 3] * run;
                    L s0 = L.Of(sizes[s]), s1 = L.Of(sizes[s + 1]), s2 = L.Of(sizes[s + 2]), s3 = L.Of(sizes[s + 3]);
                    for (nint v = 0; v < reach; v += L.Count)
                    {
                        L sum = L.MulAdd(s0, L.Load(k0 + v), L.Load(to + v));
                        sum = L.MulAdd(s1, L.Load(k1 + v), sum);
                        sum = L.MulAdd(s2, L.Load(k2 + v), sum);
                        L.Store(to + v, L.MulAdd(s3, L.Load(k3 + v), sum));
                    }
                }
                for (; s + 2 <= end; s += 2)
                {
                    float* k0 = blockTaps + inputs[s] * run, k1 = blockTaps + inputs[s + 1] * run;
                    L s0 = L.Of(sizes[s]), s1 = L.Of(sizes[s + 1]);
                    for (nint v = 0; v < reach; v += L.Count)
                        L.Store(to + v, L.MulAdd(s1, L.Load(k1 + v), L.MulAdd(s0, L.Load(k0 + v), L.Load(to + v))));
                }
                if (s < end)
                {
                    float* k0 = blockTaps + inputs[s] * run;
                    L s0 = L.Of(sizes[s]);
                    for (nint v = 0; v < reach; v += L.Count)
                        L.Store(to + v, L.MulAdd(s0, L.Load(k0 + v), L.Load(to + v)));
                }
            }
        }

        private void Write(float* tile, int sample, int block)
        {
            int columns = Math.Min(DelayCall.Block, call.Outputs - block * DelayCall.Block);
            Padding.Copy<L>(tile, DelayCall.Block, y + (nint)sample * call.OutputSteps * call.Outputs + block * DelayCall.Block, call.Outputs, call.OutputSteps, columns);
        }
    }

    private readonly struct GradientWidth(Cpu cpu, SpikePointers x, float* dTaps, float* dY, DelayCall call, int* lengths) : IWidthBody
    {
        public void Run<L>() where L : struct, IVectorLane<L>
        {
            // Rows behind the output: what a late spike reaches there counts 0.
            int rows = call.Steps + call.Taps - 1;
            int samples = Math.Clamp(GradientFloats / (rows * DelayCall.Block), 1, Math.Max(1, call.Batch));
            int parts = Math.Min(call.Inputs, (cpu.Threads + call.Blocks - 1) / call.Blocks);
            for (int first = 0; first < call.Batch; first += samples)
            {
                int count = Math.Min(samples, call.Batch - first);
                var spikes = new EventLists(x, call, lengths, first, count, rows);
                Rows.For(cpu, call.Blocks * parts, 1, new GradientParts<L>(spikes, dTaps, dY, call, lengths, rows, parts, x.Scale));
            }
        }
    }

    private readonly struct GradientParts<L>(EventLists spikes, float* dTaps, float* dY, DelayCall call, int* lengths, int rows, int parts, float scale) : IRows
        where L : struct, IVectorLane<L>
    {
        public void Run(int start, int end)
        {
            for (int part = start; part < end; part++)
            {
                int block = part / parts, own = part % parts;
                int firstInput = own * call.Inputs / parts, endInput = (own + 1) * call.Inputs / parts;
                var packed = (float*)Scratch.Own((nint)spikes.Count * rows * DelayCall.Block * sizeof(float));
                Pack(packed, block);
                nint run = (nint)call.Taps * DelayCall.Block;
                var sums = new PickedSums
                {
                    Matrix = packed,
                    Stride = DelayCall.Block,
                    Lists = spikes.Rows,
                    Starts = spikes.Starts + firstInput,
                    Sums = endInput - firstInput,
                    Sizes = spikes.Sizes,
                    Scale = scale,
                    Destination = dTaps + ((nint)block * call.Inputs + firstInput) * run,
                    DestinationStride = run,
                    Accumulate = true,
                };
                sums.Run<L>(0, (int)run);
            }
        }

        /// <summary>The gradients of sixteen outputs side by side, zeros behind each sample's output and behind the last output.</summary>
        private void Pack(float* packed, int block)
        {
            int columns = Math.Min(DelayCall.Block, call.Outputs - block * DelayCall.Block);
            for (int b = 0; b < spikes.Count; b++, packed += (nint)rows * DelayCall.Block)
            {
                int length = call.OutputLength(Lengths.Of(lengths, spikes.First + b, call.Steps)), valid = Math.Min(length, rows);
                float* from = dY + (nint)(spikes.First + b) * call.OutputSteps * call.Outputs + block * DelayCall.Block;
                Padding.Copy<L>(from, call.Outputs, packed, DelayCall.Block, valid, columns);
                if (columns < DelayCall.Block)
                    Padding.ClearTails(packed, DelayCall.Block, valid, columns);
                new Span<float>(packed + (nint)valid * DelayCall.Block, (rows - valid) * DelayCall.Block).Clear();
            }
        }
    }
}
