using System.Numerics;
using System.Runtime.CompilerServices;
using Volley.Kernels.Delays;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>The parts of a recurrent layer's loops for spikes that come back later than after one step.</summary>
internal unsafe partial struct NeuronSweep
{
    /// <summary>What a layer has whose spikes come back late: <see cref="FeedbackDelays"/> in pointers, all null for a layer whose spikes come back after one step.</summary>
    public struct LateFeedback
    {
        /// <summary>[⌈N/16⌉, Count, 16], or null.</summary>
        public float* Taps;
        public int Count;

        /// <summary>Forward a, backward da [B, T, N].</summary>
        public float* Arriving;

        /// <summary>[B, T, words], or null.</summary>
        public ulong* Kept;

        /// <summary>[N], or null.</summary>
        public int* Whole;

        /// <summary>[B, T, words].</summary>
        public ulong* ArrivingSpikes;

        /// <summary>The taps of τ = 1 of a neuron; the next τ is sixteen floats on.</summary>
        public readonly float* TapsOf(int neuron) => Taps + ((nint)(neuron / AxonalCall.Block) * Count + 1) * AxonalCall.Block + neuron % AxonalCall.Block;
    }

    /// <summary>Nothing is on its way to sample <paramref name="b"/>.</summary>
    private readonly void ClearArriving(in LateFeedback late, int b)
    {
        if (late.Taps is not null)
            new Span<float>(late.Arriving + b * SignalPerSample, checked((int)SignalPerSample)).Clear();
        else if (late.Whole is not null)
            new Span<ulong>(late.ArrivingSpikes + b * BitsPerSample, checked((int)BitsPerSample)).Clear();
    }

    /// <summary>a[t + τ] += h(τ) for the spikes of row b·T + t that come back, <paramref name="left"/> steps before the sample's last.</summary>
    private readonly void SpreadSpikes(in LateFeedback late, ulong* bits, long row, int left)
    {
        int neurons = Call.Neurons, words = Call.WordsPerRow, reach = Math.Min(late.Count - 1, left);
        float* next = late.Arriving + (row + 1) * neurons;
        for (int w = 0; w < words; w++)
        {
            ulong word = late.Kept is null ? bits[w] : bits[w] & late.Kept[row * words + w];
            for (; word != 0; word &= word - 1)
            {
                int n = w * 64 + BitOperations.TrailingZeroCount(word);
                float* tap = late.TapsOf(n), to = next + n;
                for (int step = 0; step < reach; step++, tap += AxonalCall.Block, to += neurons)
                    *to += *tap;
            }
        }
    }

    /// <summary>sum += a·V, without the rows that a is 0 for, in order.</summary>
    /// <param name="list">Room for N ints.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddProduct<L>(float* a, int neurons, int* list, float* matrix, nint stride, float* sum, int blocks) where L : unmanaged, IVectorLane<L>
    {
        int count = 0;
        for (int n = 0; n < neurons; n++)
        {
            list[count] = n;
            count += a[n] != 0 ? 1 : 0;
        }
        int i = 0;
        for (; i <= blocks - 4; i += 4)
        {
            float* at = sum + i * L.Count, column = matrix + i * L.Count;
            L s0 = L.Load(at), s1 = L.Load(at + L.Count), s2 = L.Load(at + 2 * L.Count), s3 = L.Load(at + 3 * L.Count);
            for (int k = 0; k < count; k++)
            {
                float* row = column + list[k] * stride;
                L size = L.Spread(a + list[k]);
                L.Accumulate(ref s0, size, L.Load(row));
                L.Accumulate(ref s1, size, L.Load(row + L.Count));
                L.Accumulate(ref s2, size, L.Load(row + 2 * L.Count));
                L.Accumulate(ref s3, size, L.Load(row + 3 * L.Count));
            }
            L.Store(at, s0);
            L.Store(at + L.Count, s1);
            L.Store(at + 2 * L.Count, s2);
            L.Store(at + 3 * L.Count, s3);
        }
        for (; i < blocks; i++)
        {
            L one = L.Load(sum + i * L.Count);
            for (int k = 0; k < count; k++)
                L.Accumulate(ref one, L.Spread(a + list[k]), L.Load(matrix + i * L.Count + list[k] * stride));
            L.Store(sum + i * L.Count, one);
        }
    }

    /// <summary>dz[t] += Σ_τ h(τ)·da[t + τ] where the spike came back; no gradient crosses a cut.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddReturned<L>(in LateFeedback late, long row, int t, float* dSpikes, in Tile tile) where L : unmanaged, IVectorLane<L>
    {
        int neurons = Call.Neurons, reach = Math.Min(late.Count - 1, Call.Steps - 1 - t);
        if (Call.Truncate > 0)
            reach = Math.Min(reach, Call.Truncate - 1 - t % Call.Truncate);
        ulong* kept = late.Kept is null ? null : late.Kept + row * Call.WordsPerRow;
        for (int i = 0; i < tile.Blocks; i++)
        {
            int at = i * L.Count;
            bool part = i == tile.Full;
            float* tap = late.TapsOf(at), from = late.Arriving + (row + 1) * neurons + at;
            L sum = L.Of(0f);
            for (int step = 0; step < reach; step++, tap += AxonalCall.Block, from += neurons)
                L.Accumulate(ref sum, L.Load(tap), part ? L.LoadPart(from, tile.Part) : L.Load(from));
            if (kept is not null)
                sum = L.IfGreater(L.FromBits((uint)(kept[at >> 6] >> (at & 63))), L.Of(0f), sum, L.Of(0f));
            if (part)
                L.StorePart(dSpikes + at, L.LoadPart(dSpikes + at, tile.Part) + sum, tile.Part);
            else
                L.Store(dSpikes + at, L.Load(dSpikes + at) + sum);
        }
    }
}
