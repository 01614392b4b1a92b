using System.Numerics;
using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;
using Volley.Kernels.Spikes;

namespace Volley.Kernels;

public static unsafe partial class SpikeGemm
{
    /// <summary>dX[r, i] = Σ_o dY[r, o] · w[i, o], o ascending, where bit (r, i) of <paramref name="support"/> is set; 0 elsewhere.</summary>
    /// <remarks>
    /// dY [rows, outputs], w [inputs, outputs], support [rows, words], dX [rows, inputs]. For surrogates with bounded support (boxcar, triangle):
    /// off it, dX meets a slope of 0. On it the bits are those of the dense product.
    /// </remarks>
    /// <exception cref="ArgumentException">A length does not fit the sizes.</exception>
    public static void InputGradient(Cpu cpu, ReadOnlySpan<float> dY, ReadOnlySpan<float> w, ReadOnlySpan<ulong> support, Span<float> dX, int rows, int inputs, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
        Check.Length(dY.Length, rows, outputs, nameof(dY));
        Check.Length(w.Length, inputs, outputs, nameof(w));
        Check.Length(support.Length, rows, SpikeBits.WordsPerRow(inputs), nameof(support));
        Check.Length(dX.Length, rows, inputs, nameof(dX));
        if (dX.IsEmpty)
            return;
        fixed (float* dYp = dY, wp = w, dXp = dX)
        fixed (ulong* bits = support)
        {
            var gradient = new SupportedGradient(cpu, dYp, wp, bits, dXp, rows, inputs, outputs);
            cpu.Dispatch(ref gradient);
        }
    }

    private readonly struct SupportedGradient(Cpu cpu, float* dY, float* w, ulong* support, float* dX, int rows, int inputs, int outputs) : IWidthBody
    {
        public void Run<L>() where L : struct, IVectorLane<L>
        {
            // Panels [tiles of inputs, outputs, lane]: a tile's weights for one output are one vector, and its outputs follow each other.
            int tiles = (inputs + L.Count - 1) / L.Count;
            nint panel = (nint)outputs * L.Count;
            var panels = (float*)Scratch.Shared(tiles * panel * sizeof(float));
            for (int t = 0; t < tiles; t++)
            {
                int first = t * L.Count;
                Transpose.Run(w + (nint)first * outputs, outputs, panels + t * panel, L.Count, Math.Min(L.Count, inputs - first), outputs, L.Count);
            }
            int block = LaneShuffle.PickFrom<L>();
            int blocks = (rows + block - 1) / block;
            Rows.For(cpu, blocks, Rows.Grain(cpu, blocks), new SupportedRows<L>(dY, panels, support, dX, rows, inputs, outputs));
        }
    }

    /// <summary>
    /// The lanes of a vector are the inputs of one tile, and each lane works on a row of its own: the k-th supported row of its input among the rows
    /// of the block. Such a job costs a permutation of dY's column and one fused multiply-add an output, for up to a lane of supported elements.
    /// </summary>
    private readonly struct SupportedRows<L>(float* dY, float* panels, ulong* support, float* dX, int rows, int inputs, int outputs) : IRows
        where L : struct, IVectorLane<L>
    {
        public void Run(int start, int end)
        {
            int lane = L.Count, block = LaneShuffle.PickFrom<L>();
            int tiles = (inputs + lane - 1) / lane, quads = (SpikeBits.WordsPerRow(inputs) + 3) / 4;
            int most = tiles * block;
            nint columnFloats = (nint)outputs * block, bitBytes = (nint)quads * BitTranspose.Words * sizeof(ulong);
            byte* scratch = Scratch.Own(bitBytes + (columnFloats + (nint)most * (lane + 1) + (tiles + 8) * lane) * sizeof(float));
            var bits = (ulong*)scratch;
            var columns = (float*)(scratch + bitBytes);
            var picks = (int*)(columns + columnFloats);
            var counts = (float*)(picks + (nint)most * lane);
            float* sums = counts + tiles * lane;
            var jobs = (int*)(sums + 8 * lane);
            int* group = stackalloc int[8];
            for (int b = start; b < end; b++)
            {
                int first = b * block, count = Math.Min(block, rows - first);
                float* dXBlock = dX + (nint)first * inputs;
                new Span<float>(dXBlock, count * inputs).Clear();
                int found = Find(first, count, block, tiles, bits, picks, counts, jobs);
                if (found == 0)
                    continue;
                Transpose.Run(dY + (nint)first * outputs, outputs, columns, block, count, outputs, block);
                for (int job = 0; job < found;)
                {
                    int wide = L.Count == 16 && found - job > 4 ? 8 : 4;
                    int now = Math.Min(wide, found - job);
                    // A short group repeats its first job and drops the copies.
                    for (int k = 0; k < wide; k++)
                        group[k] = jobs[job + (k < now ? k : 0)];
                    if (wide == 8)
                        Eight(columns, picks, group, block, sums);
                    else
                        Four(columns, picks, group, block, sums);
                    for (int k = 0; k < now; k++)
                    {
                        int tile = group[k] / block;
                        float layer = group[k] % block;
                        uint used = L.PositiveBits(L.Load(counts + tile * lane) - L.Spread(&layer));
                        Scatter(sums + k * lane, picks + group[k] * lane, used, dXBlock + tile * lane);
                    }
                    job += now;
                }
            }
        }

        /// <summary>Job tile · block + k takes, for each input of the tile, its k-th supported row.</summary>
        /// <param name="picks">[tiles, block, lane]: the rows; where an input has fewer, any row.</param>
        /// <param name="counts">[tiles, lane]: how many rows an input has.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Find(int first, int count, int block, int tiles, ulong* bits, int* picks, float* counts, int* jobs)
        {
            int lane = L.Count, words = SpikeBits.WordsPerRow(inputs), found = 0;
            for (int k = 0; k < words; k += 4)
                BitTranspose.Run(support + (nint)first * words + k, words, count, Math.Min(4, words - k), bits + k / 4 * BitTranspose.Words);
            for (int t = 0; t < tiles; t++)
            {
                int input = t * lane, layers = 0;
                ulong* own = bits + (input >> 8) * BitTranspose.Words + (input & 63) * 4 + (input >> 6 & 3);
                int* pick = picks + t * block * lane;
                for (int k = 0; k < lane; k++)
                {
                    ulong word = own[4 * k];
                    int supported = BitOperations.PopCount(word);
                    counts[input + k] = supported;
                    layers = Math.Max(layers, supported);
                    for (int* to = pick + k; word != 0; word &= word - 1, to += lane)
                        *to = BitOperations.TrailingZeroCount(word);
                }
                for (int k = 0; k < layers; k++)
                    jobs[found++] = t * block + k;
            }
            return found;
        }

        private void Scatter(float* sums, int* pick, uint used, float* dXTile)
        {
            for (; used != 0; used &= used - 1)
            {
                int k = BitOperations.TrailingZeroCount(used);
                dXTile[(nint)pick[k] * inputs + k] = sums[k];
            }
        }

        private float* Panel(int job, int block) => panels + (nint)(job / block) * outputs * L.Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Eight(float* columns, int* picks, int* jobs, int block, float* sums)
        {
            int lane = L.Count;
            L p0 = L.Load((float*)(picks + jobs[0] * lane)), p1 = L.Load((float*)(picks + jobs[1] * lane));
            L p2 = L.Load((float*)(picks + jobs[2] * lane)), p3 = L.Load((float*)(picks + jobs[3] * lane));
            L p4 = L.Load((float*)(picks + jobs[4] * lane)), p5 = L.Load((float*)(picks + jobs[5] * lane));
            L p6 = L.Load((float*)(picks + jobs[6] * lane)), p7 = L.Load((float*)(picks + jobs[7] * lane));
            float* w0 = Panel(jobs[0], block), w1 = Panel(jobs[1], block), w2 = Panel(jobs[2], block), w3 = Panel(jobs[3], block);
            float* w4 = Panel(jobs[4], block), w5 = Panel(jobs[5], block), w6 = Panel(jobs[6], block), w7 = Panel(jobs[7], block);
            L a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
            nint end = (nint)outputs * lane;
            for (nint o = 0; o < end; o += lane, columns += block)
            {
                L low = L.Load(columns), high = L.Load(columns + block - lane);
                a0 = L.MulAdd(LaneShuffle.Pick(low, high, p0), L.Load(w0 + o), a0);
                a1 = L.MulAdd(LaneShuffle.Pick(low, high, p1), L.Load(w1 + o), a1);
                a2 = L.MulAdd(LaneShuffle.Pick(low, high, p2), L.Load(w2 + o), a2);
                a3 = L.MulAdd(LaneShuffle.Pick(low, high, p3), L.Load(w3 + o), a3);
                a4 = L.MulAdd(LaneShuffle.Pick(low, high, p4), L.Load(w4 + o), a4);
                a5 = L.MulAdd(LaneShuffle.Pick(low, high, p5), L.Load(w5 + o), a5);
                a6 = L.MulAdd(LaneShuffle.Pick(low, high, p6), L.Load(w6 + o), a6);
                a7 = L.MulAdd(LaneShuffle.Pick(low, high, p7), L.Load(w7 + o), a7);
            }
            L.Store(sums, a0);
            L.Store(sums + lane, a1);
            L.Store(sums + 2 * lane, a2);
            L.Store(sums + 3 * lane, a3);
            L.Store(sums + 4 * lane, a4);
            L.Store(sums + 5 * lane, a5);
            L.Store(sums + 6 * lane, a6);
            L.Store(sums + 7 * lane, a7);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Four(float* columns, int* picks, int* jobs, int block, float* sums)
        {
            int lane = L.Count;
            L p0 = L.Load((float*)(picks + jobs[0] * lane)), p1 = L.Load((float*)(picks + jobs[1] * lane));
            L p2 = L.Load((float*)(picks + jobs[2] * lane)), p3 = L.Load((float*)(picks + jobs[3] * lane));
            float* w0 = Panel(jobs[0], block), w1 = Panel(jobs[1], block), w2 = Panel(jobs[2], block), w3 = Panel(jobs[3], block);
            L a0 = default, a1 = default, a2 = default, a3 = default;
            nint end = (nint)outputs * lane;
            for (nint o = 0; o < end; o += lane, columns += block)
            {
                L low = L.Load(columns), high = L.Load(columns + block - lane);
                a0 = L.MulAdd(LaneShuffle.Pick(low, high, p0), L.Load(w0 + o), a0);
                a1 = L.MulAdd(LaneShuffle.Pick(low, high, p1), L.Load(w1 + o), a1);
                a2 = L.MulAdd(LaneShuffle.Pick(low, high, p2), L.Load(w2 + o), a2);
                a3 = L.MulAdd(LaneShuffle.Pick(low, high, p3), L.Load(w3 + o), a3);
            }
            L.Store(sums, a0);
            L.Store(sums + lane, a1);
            L.Store(sums + 2 * lane, a2);
            L.Store(sums + 3 * lane, a3);
        }
    }
}
