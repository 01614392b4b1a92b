using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;
using Volley.Kernels.Spikes;

namespace Volley.Kernels.Delays;

/// <summary>Channels that are late each by itself, by taps between whole steps: what training computes.</summary>
/// <remarks>A sample's sixteen channels are copied side by side, with zeros where there are no steps, so that every tap of every step is one multiply-add
/// without a condition. Each output is one chain over its taps, in order; each tap's gradient one over the samples, then over time.</remarks>
public static unsafe class AxonalTaps
{
    /// <summary>y[b, t, n] = Σ_d k[n, d]·x[b, t − d, n]; 0 behind a sample's length + E.</summary>
    /// <param name="x">[B, T, N]; what is behind a sample's length is not read.</param>
    /// <param name="taps">[⌈N/16⌉, K, 16].</param>
    /// <param name="y">[B, T + E, N], written.</param>
    /// <param name="lengths">[B] or empty.</param>
    public static void Forward(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> taps, Span<float> y, AxonalCall call, ReadOnlySpan<int> lengths = default)
    {
        Check(x.Length, taps.Length, y.Length, call, lengths);
        Sum(cpu, x, taps, y, call, lengths, back: false);
    }

    /// <summary>dx[b, t, n] = Σ_d k[n, d]·dY[b, t + d, n]; 0 behind a sample's length.</summary>
    /// <param name="dY">[B, T + E, N]; what is behind a sample's length + E is not read.</param>
    /// <param name="taps">[⌈N/16⌉, K, 16].</param>
    /// <param name="dX">[B, T, N], written.</param>
    /// <param name="lengths">[B] or empty.</param>
    public static void InputGradient(Cpu cpu, ReadOnlySpan<float> dY, ReadOnlySpan<float> taps, Span<float> dX, AxonalCall call, ReadOnlySpan<int> lengths = default)
    {
        Check(dX.Length, taps.Length, dY.Length, call, lengths);
        Sum(cpu, dY, taps, dX, call, lengths, back: true);
    }

    /// <summary>dk[n, d] += Σ_b Σₜ x[b, t, n]·dY[b, t + d, n].</summary>
    /// <param name="x">[B, T, N]; what is behind a sample's length is not read.</param>
    /// <param name="dY">[B, T + E, N]; what is behind a sample's length + E is not read.</param>
    /// <param name="dTaps">[⌈N/16⌉, K, 16], added to.</param>
    /// <param name="lengths">[B] or empty.</param>
    public static void TapGradient(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dTaps, AxonalCall call, ReadOnlySpan<int> lengths = default)
    {
        Check(x.Length, dTaps.Length, dY.Length, call, lengths);
        fixed (float* from = x, k = dTaps, d = dY)
        fixed (int* l = lengths)
        {
            var body = new Gradients(cpu, from, d, k, call, l);
            cpu.Dispatch(ref body);
        }
    }

    private static void Sum(Cpu cpu, ReadOnlySpan<float> signal, ReadOnlySpan<float> taps, Span<float> result, AxonalCall call, ReadOnlySpan<int> lengths, bool back)
    {
        fixed (float* from = signal, k = taps, to = result)
        fixed (int* l = lengths)
        {
            var body = new Sums(cpu, from, k, to, call, l, back);
            cpu.Dispatch(ref body);
        }
    }

    private static void Check(int x, int taps, int y, AxonalCall call, ReadOnlySpan<int> lengths)
    {
        call.Check();
        Kernels.Check.Length(x, (long)call.Batch * call.Steps, call.Channels, nameof(x));
        Kernels.Check.Length(taps, 1, call.TapFloats, nameof(taps));
        Kernels.Check.Length(y, (long)call.Batch * call.OutputSteps, call.Channels, nameof(y));
        Lengths.Check(lengths, call.Batch, call.Steps);
    }

    /// <summary>Copies the first <paramref name="rows"/> steps of sixteen channels side by side; <paramref name="count"/> rows in all, the others 0.</summary>
    private static void Gather<L>(float* signal, int channels, int block, float* tile, int rows, int count) where L : struct, IVectorLane<L>
    {
        int columns = Math.Min(AxonalCall.Block, channels - block * AxonalCall.Block);
        if (columns < AxonalCall.Block)
            new Span<float>(tile, rows * AxonalCall.Block).Clear();
        Padding.Copy<L>(signal + block * AxonalCall.Block, channels, tile, AxonalCall.Block, rows, columns);
        new Span<float>(tile + (nint)rows * AxonalCall.Block, (count - rows) * AxonalCall.Block).Clear();
    }

    private readonly struct Sums(Cpu cpu, float* from, float* taps, float* to, AxonalCall call, int* lengths, bool back) : IWidthBody
    {
        public void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, call.Batch * call.Blocks, Rows.Grain(cpu, call.Batch * call.Blocks), new SumRows<L>(from, taps, to, call, lengths, back));
    }

    /// <summary>Forward: y[t] = Σ_d k[d]·x[t − d]; back: dx[t] = Σ_d k[d]·dy[t + d]. Item b·blocks + block.</summary>
    private readonly struct SumRows<L>(float* from, float* taps, float* to, AxonalCall call, int* lengths, bool back) : IRows where L : struct, IVectorLane<L>
    {
        public void Run(int start, int end)
        {
            int late = call.Taps - 1, read = back ? call.OutputSteps : call.Steps, written = back ? call.Steps : call.OutputSteps;
            int tileRows = Math.Max(call.Steps, call.OutputSteps) + late;
            float* tile = (float*)Scratch.Own((nint)(tileRows + written) * AxonalCall.Block * sizeof(float)), sums = tile + (nint)tileRows * AxonalCall.Block;
            for (int item = start; item < end; item++)
            {
                int b = item / call.Blocks, block = item % call.Blocks, length = Lengths.Of(lengths, b, call.Steps);
                int known = back ? length + call.Extra : length, wanted = back ? length : length + call.Extra;
                // Forward looks back over zeros in front, backward ahead over zeros behind.
                int front = back ? 0 : late;
                new Span<float>(tile, front * AxonalCall.Block).Clear();
                Gather<L>(from + (nint)b * read * call.Channels, call.Channels, block, tile + (nint)front * AxonalCall.Block, known, Math.Max(known, wanted + (back ? late : 0)));
                Sum(tile + (nint)front * AxonalCall.Block, taps + (nint)block * call.Taps * AxonalCall.Block, sums, wanted, back ? AxonalCall.Block : -AxonalCall.Block);
                new Span<float>(sums + (nint)wanted * AxonalCall.Block, (written - wanted) * AxonalCall.Block).Clear();
                int columns = Math.Min(AxonalCall.Block, call.Channels - block * AxonalCall.Block);
                Padding.Copy<L>(sums, AxonalCall.Block, to + (nint)b * written * call.Channels + block * AxonalCall.Block, call.Channels, written, columns);
            }
        }

        /// <summary>Four steps at a time share the taps that they read.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Sum(float* tile, float* k, float* sums, int count, int stride)
        {
            for (int v = 0; v < AxonalCall.Block; v += L.Count)
            {
                int t = 0;
                for (; t + 4 <= count; t += 4)
                {
                    float* at = tile + (nint)t * AxonalCall.Block + v, tap = k + v, out4 = sums + (nint)t * AxonalCall.Block + v;
                    L s0 = L.Of(0f), s1 = s0, s2 = s0, s3 = s0;
                    for (int d = 0; d < call.Taps; d++, tap += AxonalCall.Block, at += stride)
                    {
                        L weight = L.Load(tap);
                        L.Accumulate(ref s0, weight, L.Load(at));
                        L.Accumulate(ref s1, weight, L.Load(at + AxonalCall.Block));
                        L.Accumulate(ref s2, weight, L.Load(at + 2 * AxonalCall.Block));
                        L.Accumulate(ref s3, weight, L.Load(at + 3 * AxonalCall.Block));
                    }
                    L.Store(out4, s0);
                    L.Store(out4 + AxonalCall.Block, s1);
                    L.Store(out4 + 2 * AxonalCall.Block, s2);
                    L.Store(out4 + 3 * AxonalCall.Block, s3);
                }
                for (; t < count; t++)
                {
                    float* at = tile + (nint)t * AxonalCall.Block + v, tap = k + v;
                    L sum = L.Of(0f);
                    for (int d = 0; d < call.Taps; d++, tap += AxonalCall.Block, at += stride)
                        L.Accumulate(ref sum, L.Load(tap), L.Load(at));
                    L.Store(sums + (nint)t * AxonalCall.Block + v, sum);
                }
            }
        }
    }

    private readonly struct Gradients(Cpu cpu, float* x, float* dY, float* dTaps, AxonalCall call, int* lengths) : IWidthBody
    {
        public void Run<L>() where L : struct, IVectorLane<L>
        {
            // Few channels: the taps of a block are shared out as well.
            int parts = Math.Min(call.Taps, (cpu.Threads + call.Blocks - 1) / call.Blocks);
            Rows.For(cpu, call.Blocks * parts, 1, new GradientRows<L>(x, dY, dTaps, call, lengths, parts));
        }
    }

    /// <summary>Item block·parts + part.</summary>
    private readonly struct GradientRows<L>(float* x, float* dY, float* dTaps, AxonalCall call, int* lengths, int parts) : IRows where L : struct, IVectorLane<L>
    {
        public void Run(int start, int end)
        {
            int laterRows = call.OutputSteps + call.Taps;
            float* now = (float*)Scratch.Own((nint)(call.Steps + laterRows) * AxonalCall.Block * sizeof(float)), later = now + (nint)call.Steps * AxonalCall.Block;
            for (int item = start; item < end; item++)
            {
                int block = item / parts, part = item % parts;
                float* sums = dTaps + (nint)block * call.Taps * AxonalCall.Block;
                for (int b = 0; b < call.Batch; b++)
                {
                    int length = Lengths.Of(lengths, b, call.Steps), known = length + call.Extra;
                    Gather<L>(x + (nint)b * call.Steps * call.Channels, call.Channels, block, now, length, length);
                    Gather<L>(dY + (nint)b * call.OutputSteps * call.Channels, call.Channels, block, later, known, Math.Max(known, length + call.Taps - 1));
                    Add(now, later, sums, length, part * call.Taps / parts, (part + 1) * call.Taps / parts);
                }
            }
        }

        /// <summary>Four taps at a time share the steps that they read.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Add(float* now, float* later, float* sums, int length, int first, int end)
        {
            for (int v = 0; v < AxonalCall.Block; v += L.Count)
            {
                int d = first;
                for (; d + 4 <= end; d += 4)
                {
                    float* sum = sums + (nint)d * AxonalCall.Block + v, x = now + v, y = later + (nint)d * AxonalCall.Block + v;
                    L s0 = L.Load(sum), s1 = L.Load(sum + AxonalCall.Block), s2 = L.Load(sum + 2 * AxonalCall.Block), s3 = L.Load(sum + 3 * AxonalCall.Block);
                    for (int t = 0; t < length; t++, x += AxonalCall.Block, y += AxonalCall.Block)
                    {
                        L value = L.Load(x);
                        L.Accumulate(ref s0, value, L.Load(y));
                        L.Accumulate(ref s1, value, L.Load(y + AxonalCall.Block));
                        L.Accumulate(ref s2, value, L.Load(y + 2 * AxonalCall.Block));
                        L.Accumulate(ref s3, value, L.Load(y + 3 * AxonalCall.Block));
                    }
                    L.Store(sum, s0);
                    L.Store(sum + AxonalCall.Block, s1);
                    L.Store(sum + 2 * AxonalCall.Block, s2);
                    L.Store(sum + 3 * AxonalCall.Block, s3);
                }
                for (; d < end; d++)
                {
                    float* at = sums + (nint)d * AxonalCall.Block + v, x = now + v, y = later + (nint)d * AxonalCall.Block + v;
                    L sum = L.Load(at);
                    for (int t = 0; t < length; t++, x += AxonalCall.Block, y += AxonalCall.Block)
                        L.Accumulate(ref sum, L.Load(x), L.Load(y));
                    L.Store(at, sum);
                }
            }
        }
    }
}
