using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;
using Volley.Kernels.Spikes;

namespace Volley.Kernels;

/// <summary>Products with a matrix of spikes that do work only where spikes are.</summary>
/// <remarks>
/// Each result equals the dense product of the expanded matrix bit for bit (but for the sign of a zero), as long as the other operand is finite:
/// both are one chain of fused multiply-adds in ascending order, and the terms that are left out add 0.
/// </remarks>
public static unsafe partial class SpikeGemm
{
    /// <summary>y[r, :] = (0, or y[r, :] with <paramref name="accumulate"/>) + Σ_i x[r, i] · w[i, :] + bias, i ascending, bias last.</summary>
    /// <remarks>x [rows, inputs], w [inputs, outputs], y [rows, outputs], bias [outputs] or empty.</remarks>
    /// <exception cref="ArgumentException">A length does not fit the sizes.</exception>
    public static void Multiply(Cpu cpu, SpikeMatrix x, ReadOnlySpan<float> w, Span<float> y, int outputs, bool accumulate = false, ReadOnlySpan<float> bias = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
        Check.Length(w.Length, x.Columns, outputs, nameof(w));
        Check.Length(y.Length, x.Rows, outputs, nameof(y));
        if (!bias.IsEmpty)
            Check.Length(bias.Length, 1, outputs, nameof(bias));
        if (y.IsEmpty)
            return;
        fixed (ulong* bits = x.Bits, negative = x.Negative)
        fixed (float* values = x.Values, wp = w, yp = y, bp = bias)
        {
            var spikes = new SpikePointers(bits, x.WordsPerRow, x.Columns, x.Scale, values, negative);
            var product = new Product(cpu, spikes, wp, outputs, yp, outputs, bp, x.Rows, outputs, accumulate);
            cpu.Dispatch(ref product);
        }
    }

    /// <summary>The row length that <see cref="Neurons.RecurrentDriver"/> wants feedback weights to have: outputs rounded up to whole lanes of
    /// <paramref name="cpu"/>.</summary>
    public static int PackedOutputs(Cpu cpu, int outputs) => (outputs + (int)cpu.Width - 1) / (int)cpu.Width * (int)cpu.Width;

    /// <summary>Copies w [inputs, outputs] to rows of <see cref="PackedOutputs"/> floats, [inputs, packed outputs], the rest 0.</summary>
    /// <exception cref="ArgumentException">A length does not fit the sizes.</exception>
    public static void PackWeights(Cpu cpu, ReadOnlySpan<float> w, Span<float> packed, int inputs, int outputs)
    {
        int stride = PackedOutputs(cpu, outputs);
        Check.Length(w.Length, inputs, outputs, nameof(w));
        Check.Length(packed.Length, inputs, stride, nameof(packed));
        packed.Clear();
        for (int i = 0; i < inputs; i++)
            w.Slice(i * outputs, outputs).CopyTo(packed[(i * stride)..]);
    }

    private readonly struct Product(Cpu cpu, SpikePointers x, float* w, nint wStride, float* y, nint yStride, float* bias, int rows, int outputs, bool accumulate) : IWidthBody
    {
        // For fewer rows, as when streaming, copying all weights costs more than it saves.
        private const int RowsWorthPacking = 64;

        public void Run<L>() where L : struct, IVectorLane<L>
        {
            int padded = Padding.Padded<L>(outputs);
            if (padded == outputs || rows < RowsWorthPacking)
            {
                Run<L>(w, wStride, bias);
                return;
            }
            var weights = (float*)Scratch.Shared((nint)(x.Columns + 1) * padded * sizeof(float));
            Pad<L>(w, wStride, weights, padded, x.Columns);
            float* paddedBias = bias;
            if (bias != null)
            {
                paddedBias = weights + (nint)x.Columns * padded;
                Pad<L>(bias, 0, paddedBias, padded, 1);
            }
            Run<L>(weights, padded, paddedBias);
        }

        private void Run<L>(float* weights, nint stride, float* lastBias) where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, Rows.Grain(cpu, rows, 64), new ProductRows<L>(new ProductPart(x, weights, stride, y, yStride, lastBias, outputs, accumulate)));

        private void Pad<L>(float* source, nint stride, float* destination, int padded, int count) where L : struct, IVectorLane<L>
        {
            Padding.Copy<L>(source, stride, destination, padded, count, outputs);
            Padding.ClearTails(destination, padded, count, outputs);
        }
    }

    private readonly struct ProductRows<L>(ProductPart part) : IRows where L : struct, IVectorLane<L>
    {
        public void Run(int start, int end) => part.Run<L>(start, end);
    }

    /// <summary>Rows of a product, on one thread. Where rows of w reach to whole lanes, so does the bias.</summary>
    private readonly struct ProductPart(SpikePointers x, float* w, nint wStride, float* y, nint yStride, float* bias, int outputs, bool accumulate)
    {
        // Lists of 16 000 spikes stay in the first-level cache at the densities that pay.
        private const int ListedSpikes = 16384, MostRows = 64;

        public void Run<L>(int start, int end) where L : struct, IVectorLane<L>
        {
            int padded = Padding.Padded<L>(outputs);
            bool staged = padded != outputs && wStride >= padded;
            int block = Math.Clamp(ListedSpikes / Math.Max(x.Columns, 1), 4, MostRows);
            nint most = (nint)block * x.Columns + BitLists.Slack;
            nint stagedFloats = staged ? (nint)block * padded : 0;
            var stage = (float*)Scratch.Own((stagedFloats + (x.HasSizes ? 2 : 1) * most + block + 1) * sizeof(float));
            var lists = (int*)(stage + stagedFloats);
            int* starts = lists + most;
            float* sizes = x.HasSizes ? (float*)(starts + block + 1) : null;
            var sums = new PickedSums
            {
                Matrix = w,
                Stride = wStride,
                Lists = lists,
                Starts = starts,
                Sizes = sizes,
                Scale = x.Scale,
                DestinationStride = staged ? padded : yStride,
                Accumulate = accumulate,
                Bias = bias,
            };
            for (int first = start; first < end; first += block)
            {
                int count = Math.Min(block, end - first);
                float* to = y + first * yStride;
                sums.Sums = count;
                sums.Destination = staged ? stage : to;
                List(first, count, lists, starts, sizes);
                if (staged && accumulate)
                    Padding.Copy<L>(to, yStride, stage, padded, count, outputs);
                Sum<L>(ref sums, staged ? padded : outputs);
                if (staged)
                    Padding.Copy<L>(stage, padded, to, yStride, count, outputs);
            }
        }

        /// <summary>Whole lanes, and what is left in narrower ones.</summary>
        private static void Sum<L>(ref PickedSums sums, int columns) where L : struct, IVectorLane<L>
        {
            int lanes = columns / L.Count * L.Count, fours = columns / F32x4.Count * F32x4.Count;
            sums.Run<L>(0, lanes);
            if (L.Count > F32x4.Count)
                sums.Run<F32x4>(lanes, fours);
            if (L.Count > 1)
                sums.Run<F32>(Math.Max(lanes, fours), columns);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void List(int first, int count, int* lists, int* starts, float* sizes)
        {
            int* end = lists;
            starts[0] = 0;
            for (int r = 0; r < count; r++)
            {
                int* row = end;
                end = BitLists.AppendRow(x.Bits + (first + r) * x.Stride, 1, x.Words, row);
                starts[r + 1] = (int)(end - lists);
                if (sizes == null)
                    continue;
                for (int* i = row; i < end; i++)
                    sizes[i - lists] = x.Size(first + r, *i);
            }
        }
    }
}
