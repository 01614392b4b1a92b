using System.Numerics;
using System.Runtime.CompilerServices;
using Volley.Kernels.Delays;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>The loops of a recurrent layer. A sample's neurons stay where they are for the whole time loop; only currents, spikes and saved states move.</summary>
internal unsafe partial struct NeuronSweep
{
    /// <summary>What a recurrent layer has beside its neurons. <see cref="X"/> is the feed-forward current, <see cref="Saved"/> holds every step.</summary>
    public struct Loop
    {
        /// <summary>V, rows <see cref="Stride"/> apart, padded with zeros to whole lanes (forward).</summary>
        public float* Feedback;
        public nint Stride;

        /// <summary>c [N], or null.</summary>
        public float* Bias;

        /// <summary>Spikes before the first step [B, words], or null.</summary>
        public ulong* Previous;

        /// <summary>x + feedback [B, T, N].</summary>
        public float* Total;

        /// <summary>V transposed (backward).</summary>
        public PackedMatrix Transposed;

        /// <summary>Where spikes come back later than after one step.</summary>
        public LateFeedback Late;
    }

    /// <summary>Runs sample <paramref name="b"/> forward in time.</summary>
    public static void ForwardLoop(NeuronKernel kernel, in NeuronSweep sweep, in Loop loop, LaneWidth width, int b)
    {
        switch (width)
        {
            case LaneWidth.Vector512: Accept<F32x16>(kernel, sweep, loop, b); break;
            case LaneWidth.Vector256: Accept<F32x8>(kernel, sweep, loop, b); break;
            case LaneWidth.Vector128: Accept<F32x4>(kernel, sweep, loop, b); break;
            default: Accept<F32>(kernel, sweep, loop, b); break;
        }

        static void Accept<L>(NeuronKernel kernel, in NeuronSweep sweep, in Loop loop, int b) where L : unmanaged, IVectorLane<L>
        {
            var visitor = new ForwardLoopVisitor<L>(sweep, loop, b);
            kernel.Accept<L, ForwardLoopVisitor<L>>(ref visitor);
        }
    }

    /// <summary>Runs samples <paramref name="first"/> … + <paramref name="count"/> − 1 back in time, together.</summary>
    public static void BackwardLoop(NeuronKernel kernel, in NeuronSweep sweep, in Loop loop, ISurrogate surrogate, Cpu cpu, int first, int count)
    {
        switch (cpu.Width)
        {
            case LaneWidth.Vector512: Accept<F32x16>(kernel, sweep, loop, surrogate, cpu, first, count); break;
            case LaneWidth.Vector256: Accept<F32x8>(kernel, sweep, loop, surrogate, cpu, first, count); break;
            case LaneWidth.Vector128: Accept<F32x4>(kernel, sweep, loop, surrogate, cpu, first, count); break;
            default: Accept<F32>(kernel, sweep, loop, surrogate, cpu, first, count); break;
        }

        static void Accept<L>(NeuronKernel kernel, in NeuronSweep sweep, in Loop loop, ISurrogate surrogate, Cpu cpu, int first, int count)
            where L : unmanaged, IVectorLane<L>
        {
            var visitor = new BackwardLoopVisitor<L>(sweep, loop, surrogate, cpu, first, count);
            kernel.Accept<L, BackwardLoopVisitor<L>>(ref visitor);
        }
    }

    private readonly struct ForwardLoopVisitor<L>(NeuronSweep sweep, Loop loop, int b) : INeuronVisitor<L> where L : unmanaged, IVectorLane<L>
    {
        public void Visit<TNeuron>() where TNeuron : unmanaged, INeuron<TNeuron, L> => sweep.ForwardSample<TNeuron, L>(loop, b);
    }

    private readonly struct BackwardLoopVisitor<L>(NeuronSweep sweep, Loop loop, ISurrogate surrogate, Cpu cpu, int first, int count) : INeuronVisitor<L>
        where L : unmanaged, IVectorLane<L>
    {
        public void Visit<TNeuron>() where TNeuron : unmanaged, INeuron<TNeuron, L> => sweep.BackwardSlice<TNeuron, L>(loop, surrogate, cpu, first, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void ForwardSample<TNeuron, L>(in Loop loop, int b)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        int neurons = Call.Neurons, states = TNeuron.StateCount, steps = Call.Steps, length = Lengths is null ? steps : Lengths[b], words = Call.WordsPerRow;
        var tile = new Tile(0, neurons, L.Count);
        TNeuron* n = (TNeuron*)Scratch.Take(tile.Blocks * (sizeof(TNeuron) + 2 * sizeof(L)));
        float* current = (float*)(n + tile.Blocks);
        int* list = (int*)(current + tile.Blocks * L.Count);
        LoadFields<TNeuron, L>(n, 0, states, Initial is null ? null : Initial + (long)b * states * neurons, tile);
        LoadFields<TNeuron, L>(n, states, ParameterCount, Parameters, tile);
        ulong* before = loop.Previous is null ? null : loop.Previous + (long)b * words;
        LateFeedback late = loop.Late;
        ClearArriving(late, b);
        for (int t = 0; t < length; t++)
        {
            long row = (long)b * steps + t;
            if (Saved is not null)
                StoreFields<TNeuron, L>(n, 0, states, Saved + row * states * neurons, tile);
            new ReadOnlySpan<float>(X + row * neurons, neurons).CopyTo(new Span<float>(current, neurons));
            if (late.Taps is not null)
                AddProduct<L>(late.Arriving + row * neurons, neurons, list, loop.Feedback, loop.Stride, current, tile.Blocks);
            else if (before is not null)
                AddRows<L>(before, words, loop.Feedback, loop.Stride, current, tile.Blocks);
            for (int i = 0; loop.Bias is not null && i < neurons; i++)
                current[i] += loop.Bias[i];
            new ReadOnlySpan<float>(current, neurons).CopyTo(new Span<float>(loop.Total + row * neurons, neurons));
            ulong* bits = Bits + row * words;
            SpikingRow<TNeuron, L>(n, current, bits, Support is null ? null : Support + row * words, SupportWidth, tile, default, Call.FiresAtThreshold);
            before = bits;
            if (late.Taps is not null)
                SpreadSpikes(late, bits, row, length - 1 - t);
            else if (late.Whole is not null)
                AxonalShift.Later(bits, words, late.Whole, before = late.ArrivingSpikes + (row + 1) * words, length - 1 - t);
        }
        Silence(b, length, tile);
        if (length < steps)
            new Span<float>(loop.Total + ((long)b * steps + length) * neurons, (steps - length) * neurons).Clear();
        if (Final is not null)
            StoreFields<TNeuron, L>(n, 0, states, Final + (long)b * states * neurons, tile);
    }

    /// <summary>sum += Σ rows of <paramref name="matrix"/> whose bit is set, in order. A spike counts 1, so adding is the fused multiply-add of the dense product.</summary>
    /// <remarks>One row of spikes is too little for the lists of <see cref="SpikeGemm"/>: those took 1.03 to 10 times as long (512 to 64 neurons).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows<L>(ulong* bits, int words, float* matrix, nint stride, float* sum, int blocks) where L : unmanaged, IVectorLane<L>
    {
        int i = 0;
        for (; i <= blocks - 8; i += 8)
        {
            float* at = sum + i * L.Count, column = matrix + i * L.Count;
            L a = L.Load(at), b = L.Load(at + L.Count), c = L.Load(at + 2 * L.Count), d = L.Load(at + 3 * L.Count);
            L e = L.Load(at + 4 * L.Count), f = L.Load(at + 5 * L.Count), g = L.Load(at + 6 * L.Count), h = L.Load(at + 7 * L.Count);
            for (int w = 0; w < words; w++)
            {
                for (ulong word = bits[w]; word != 0; word &= word - 1)
                {
                    float* row = column + (w * 64 + BitOperations.TrailingZeroCount(word)) * stride;
                    a += L.Load(row);
                    b += L.Load(row + L.Count);
                    c += L.Load(row + 2 * L.Count);
                    d += L.Load(row + 3 * L.Count);
                    e += L.Load(row + 4 * L.Count);
                    f += L.Load(row + 5 * L.Count);
                    g += L.Load(row + 6 * L.Count);
                    h += L.Load(row + 7 * L.Count);
                }
            }
            L.Store(at, a);
            L.Store(at + L.Count, b);
            L.Store(at + 2 * L.Count, c);
            L.Store(at + 3 * L.Count, d);
            L.Store(at + 4 * L.Count, e);
            L.Store(at + 5 * L.Count, f);
            L.Store(at + 6 * L.Count, g);
            L.Store(at + 7 * L.Count, h);
        }
        for (; i < blocks; i++)
        {
            L a = L.Load(sum + i * L.Count);
            for (int w = 0; w < words; w++)
            {
                for (ulong word = bits[w]; word != 0; word &= word - 1)
                    a += L.Load(matrix + i * L.Count + (w * 64 + BitOperations.TrailingZeroCount(word)) * stride);
            }
            L.Store(sum + i * L.Count, a);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void BackwardSlice<TNeuron, L>(in Loop loop, ISurrogate surrogate, Cpu cpu, int first, int count)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        int neurons = Call.Neurons, states = TNeuron.StateCount, steps = Call.Steps;
        var tile = new Tile(0, neurons, L.Count);
        int blocks = tile.Blocks;
        nint rowBytes = (nint)blocks * sizeof(TNeuron), lanes = (nint)blocks * sizeof(L);
        byte* scratch = Scratch.Take(rowBytes * (count + 1) + lanes * (states + 2) + (nint)count * neurons * sizeof(float));
        TNeuron* n = (TNeuron*)scratch, adjoints = n + blocks;
        L* before = (L*)(adjoints + (nint)count * blocks), distance = before + blocks * states, slope = distance + blocks;
        float* dSpikes = (float*)(slope + blocks);
        LoadFields<TNeuron, L>(n, states, ParameterCount, Parameters, tile);
        new Span<byte>(adjoints, checked((int)(rowBytes * count))).Clear();

        for (int t = steps - 1; t >= 0; t--)
        {
            for (int r = 0; r < count; r++)
                new ReadOnlySpan<float>(DOutput + ((long)(first + r) * steps + t) * neurons, neurons).CopyTo(new Span<float>(dSpikes + (nint)r * neurons, neurons));
            bool cut = Call.Truncate > 0 && (t + 1) % Call.Truncate == 0;
            if (loop.Late.Taps is not null)
            {
                for (int r = 0; r < count; r++)
                    AddReturned<L>(loop.Late, (long)(first + r) * steps + t, t, dSpikes + (nint)r * neurons, tile);
            }
            else if (t + 1 < steps && !cut)
            {
                var next = new ReadOnlySpan<float>(DX + ((long)first * steps + t + 1) * neurons, checked((int)((long)(count - 1) * steps * neurons + neurons)));
                Gemm.Multiply(cpu, next, steps * neurons, loop.Transposed, new Span<float>(dSpikes, count * neurons), neurons, count, accumulate: true);
            }
            for (int r = 0; r < count; r++)
            {
                int b = first + r;
                long row = (long)b * steps + t;
                float* dX = DX + row * neurons;
                if (Lengths is not null && t >= Lengths[b])
                {
                    new Span<float>(dX, neurons).Clear();
                    continue;
                }
                TNeuron* d = adjoints + (nint)r * blocks;
                if (cut)
                    LoadFields<TNeuron, L>(d, 0, states, null, tile);
                LoadFields<TNeuron, L>(n, 0, states, Saved + row * states * neurons, tile);
                RecomputeRow<TNeuron, L>(n, loop.Total + row * neurons, before, distance, tile, default, spiking: true, Call.FiresAtThreshold);
                surrogate.Rows(distance, slope, blocks);
                WalkBack(n, d, new BackwardRow<L>(before, distance, slope, loop.Total + row * neurons, dSpikes + (nint)r * neurons, dX), tile, default, spiking: true,
                    Call.FiresAtThreshold);
            }
            if (loop.Late.Taps is not null)
            {
                int span = checked((int)((long)(count - 1) * steps * neurons + neurons));
                long row = ((long)first * steps + t) * neurons;
                Gemm.Multiply(cpu, new ReadOnlySpan<float>(DX + row, span), steps * neurons, loop.Transposed, new Span<float>(loop.Late.Arriving + row, span), steps * neurons, count);
            }
        }
        for (int r = 0; r < count; r++)
            StoreFields<TNeuron, L>(adjoints + (nint)r * blocks, states, ParameterCount, DParameters + (long)(first + r) * ParameterCount * neurons, tile, add: true);
    }
}
