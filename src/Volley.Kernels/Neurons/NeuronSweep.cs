using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>The loops of the driver over one sample and one tile of neurons: pointers, strides and the two sweeps.</summary>
internal unsafe partial struct NeuronSweep
{
    /// <summary>Neurons in a tile: state, parameters and one row of input in L1. A multiple of 64, so that tiles never share a word of spikes.</summary>
    private const int TileSize = 512;

    public readonly NeuronCall Call;
    public readonly float* X, Parameters;
    public readonly int* Lengths;
    public readonly int States, ParameterCount, Tiles;
    public readonly bool Spiking;

    /// <summary>The neurons see x·factor + offset; null for x itself.</summary>
    public float* Factors, Offsets;

    public float* Initial, Output, Saved, Final, DOutput, DX, DParameters, DState;
    public ulong* Bits, Support;
    public float SupportWidth;

    public NeuronSweep(NeuronKernel kernel, NeuronCall call, float* x, float* parameters, int* lengths)
    {
        Call = call;
        X = x;
        Parameters = parameters;
        Lengths = lengths;
        Spiking = kernel.Spiking;
        States = kernel.States.Count;
        ParameterCount = kernel.Parameters.Count;
        Tiles = (call.Neurons + TileSize - 1) / TileSize;
    }

    /// <summary>Floats of a sample's input, output and their gradients; words of its spikes; floats of its saved states.</summary>
    private readonly long SignalPerSample => (long)Call.Steps * Call.Neurons;

    private readonly long BitsPerSample => (long)Call.Steps * Call.WordsPerRow;

    private readonly long SavedPerSample => (long)Call.Segments * States * Call.Neurons;

    /// <summary>Runs sample <c>item / Tiles</c>, tile <c>item % Tiles</c> forward.</summary>
    public static void Forward(NeuronKernel kernel, in NeuronSweep sweep, LaneWidth width, int item)
    {
        switch (width)
        {
            case LaneWidth.Vector512: Accept<F32x16>(kernel, sweep, item); break;
            case LaneWidth.Vector256: Accept<F32x8>(kernel, sweep, item); break;
            case LaneWidth.Vector128: Accept<F32x4>(kernel, sweep, item); break;
            default: Accept<F32>(kernel, sweep, item); break;
        }

        static void Accept<L>(NeuronKernel kernel, in NeuronSweep sweep, int item) where L : unmanaged, IVectorLane<L>
        {
            var visitor = new ForwardVisitor<L>(sweep, item);
            kernel.Accept<L, ForwardVisitor<L>>(ref visitor);
        }
    }

    /// <summary>Runs sample <c>item / Tiles</c>, tile <c>item % Tiles</c> backward.</summary>
    public static void Backward(NeuronKernel kernel, in NeuronSweep sweep, ISurrogate surrogate, LaneWidth width, int item)
    {
        switch (width)
        {
            case LaneWidth.Vector512: Accept<F32x16>(kernel, sweep, surrogate, item); break;
            case LaneWidth.Vector256: Accept<F32x8>(kernel, sweep, surrogate, item); break;
            case LaneWidth.Vector128: Accept<F32x4>(kernel, sweep, surrogate, item); break;
            default: Accept<F32>(kernel, sweep, surrogate, item); break;
        }

        static void Accept<L>(NeuronKernel kernel, in NeuronSweep sweep, ISurrogate surrogate, int item) where L : unmanaged, IVectorLane<L>
        {
            var visitor = new BackwardVisitor<L>(sweep, surrogate, item);
            kernel.Accept<L, BackwardVisitor<L>>(ref visitor);
        }
    }

    private readonly struct ForwardVisitor<L>(NeuronSweep sweep, int item) : INeuronVisitor<L> where L : unmanaged, IVectorLane<L>
    {
        public void Visit<TNeuron>() where TNeuron : unmanaged, INeuron<TNeuron, L> => sweep.ForwardTile<TNeuron, L>(item / sweep.Tiles, item % sweep.Tiles);
    }

    private readonly struct BackwardVisitor<L>(NeuronSweep sweep, ISurrogate surrogate, int item) : INeuronVisitor<L> where L : unmanaged, IVectorLane<L>
    {
        public void Visit<TNeuron>() where TNeuron : unmanaged, INeuron<TNeuron, L> =>
            sweep.BackwardTile<TNeuron, L>(surrogate, item / sweep.Tiles, item % sweep.Tiles);
    }

    /// <summary>Neurons n … n + Width − 1 of one sample: <see cref="Full"/> lane blocks and, if <see cref="Part"/> is not 0, one with that many neurons.</summary>
    private readonly struct Tile(int first, int width, int lane)
    {
        public readonly int First = first, Width = width;
        public readonly int Full = width / lane;
        public readonly int Part = width % lane;
        public readonly int Blocks = (width + lane - 1) / lane;
    }

    private readonly Tile TileOf<L>(int index) where L : unmanaged, IVectorLane<L>
    {
        int first = index * TileSize;
        return new Tile(first, Math.Min(TileSize, Call.Neurons - first), L.Count);
    }

    /// <summary>Copies <paramref name="count"/> fields from rows of N floats into the structs, or zeros when there is no source.</summary>
    private readonly void LoadFields<TNeuron, L>(TNeuron* neurons, int field, int count, float* rows, in Tile tile)
        where TNeuron : unmanaged
        where L : unmanaged, IVectorLane<L>
    {
        for (int f = 0; f < count; f++)
        {
            float* row = rows + (long)f * Call.Neurons;
            for (int i = 0; i < tile.Full; i++)
                ((L*)(neurons + i))[field + f] = rows is null ? default : L.Load(row + i * L.Count);
            if (tile.Part > 0)
                ((L*)(neurons + tile.Full))[field + f] = rows is null ? default : L.LoadPart(row + tile.Full * L.Count, tile.Part);
        }
    }

    /// <summary>Copies <paramref name="count"/> fields from the structs into rows of N floats, or adds them.</summary>
    private readonly void StoreFields<TNeuron, L>(TNeuron* neurons, int field, int count, float* rows, in Tile tile, bool add = false)
        where TNeuron : unmanaged
        where L : unmanaged, IVectorLane<L>
    {
        for (int f = 0; f < count; f++)
        {
            float* row = rows + (long)f * Call.Neurons;
            for (int i = 0; i < tile.Full; i++)
            {
                L value = ((L*)(neurons + i))[field + f];
                L.Store(row + i * L.Count, add ? L.Load(row + i * L.Count) + value : value);
            }
            if (tile.Part > 0)
            {
                L value = ((L*)(neurons + tile.Full))[field + f];
                float* rest = row + tile.Full * L.Count;
                L.StorePart(rest, add ? L.LoadPart(rest, tile.Part) + value : value, tile.Part);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Flush<L>(L value) where L : unmanaged, ILane<L> =>
        L.IfGreater(L.Of(NeuronDriver.Tiny), L.Abs(value), L.Of(0), value);

    /// <summary>Stores states below 1e-30 as 0. StateCount is a constant to the JIT, so only the lines that apply are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FlushStates<TNeuron, L>(TNeuron* neuron)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        L* field = (L*)neuron;
        if (TNeuron.StateCount > 0)
            field[0] = Flush(field[0]);
        if (TNeuron.StateCount > 1)
            field[1] = Flush(field[1]);
        if (TNeuron.StateCount > 2)
            field[2] = Flush(field[2]);
        if (TNeuron.StateCount > 3)
            field[3] = Flush(field[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyStates<TNeuron, L>(L* from, L* to)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        if (TNeuron.StateCount > 0)
            to[0] = from[0];
        if (TNeuron.StateCount > 1)
            to[1] = from[1];
        if (TNeuron.StateCount > 2)
            to[2] = from[2];
        if (TNeuron.StateCount > 3)
            to[3] = from[3];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L SpikeOf<L>(L distance, bool atThreshold) where L : unmanaged, ILane<L> =>
        atThreshold ? L.IfGreaterOrEqual(distance, L.Of(0), L.Of(1), L.Of(0)) : L.IfGreater(distance, L.Of(0), L.Of(1), L.Of(0));

    /// <summary>What the neurons of a tile see: x, or x·factor + offset.</summary>
    private readonly struct Source(float* factors, float* offsets)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Load<L>(float* x, int at) where L : unmanaged, IVectorLane<L> =>
            factors is null ? L.Load(x + at) : L.MulAdd(L.Load(x + at), L.Load(factors + at), L.Load(offsets + at));

        public L LoadPart<L>(float* x, int at, int count) where L : unmanaged, IVectorLane<L> =>
            factors is null ? L.LoadPart(x + at, count) : L.MulAdd(L.LoadPart(x + at, count), L.LoadPart(factors + at, count), L.LoadPart(offsets + at, count));
    }

    private readonly Source SourceOf(in Tile tile) => Factors is null ? default : new Source(Factors + tile.First, Offsets + tile.First);

    /// <summary>One step of one spiking block; the spikes as bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint StepSpiking<TNeuron, L>(TNeuron* n, L input, bool atThreshold, out L distance)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        distance = TNeuron.Charge(ref *n, input);
        L spike = SpikeOf(distance, atThreshold);
        TNeuron.Fire(ref *n, spike);
        FlushStates<TNeuron, L>(n);
        return L.PositiveBits(spike);
    }

    /// <summary>Which of the distances the surrogate may not be flat at, as bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint SupportOf<L>(L distance, float width) where L : unmanaged, IVectorLane<L> =>
        L.PositiveBits(L.IfGreater(L.Abs(distance), L.Of(width), L.Of(0), L.Of(1)));

    /// <summary>One step of one block whose output is its potential.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L StepValue<TNeuron, L>(TNeuron* n, L input)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        L value = TNeuron.Charge(ref *n, input);
        TNeuron.Fire(ref *n, default);
        FlushStates<TNeuron, L>(n);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void ForwardTile<TNeuron, L>(int b, int tileIndex)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        Tile tile = TileOf<L>(tileIndex);
        int neurons = Call.Neurons, states = TNeuron.StateCount, steps = Call.Steps, length = Lengths is null ? steps : Lengths[b];
        TNeuron* n = (TNeuron*)Scratch.Take(tile.Blocks * sizeof(TNeuron));
        LoadFields<TNeuron, L>(n, 0, states, Initial is null ? null : Initial + (long)b * states * neurons + tile.First, tile);
        LoadFields<TNeuron, L>(n, states, ParameterCount, Parameters + tile.First, tile);
        for (int t = 0; t < length; t++)
        {
            if (Saved is not null && t % Call.Segment == 0)
                StoreFields<TNeuron, L>(n, 0, states, Saved + b * SavedPerSample + (long)(t / Call.Segment) * states * neurons + tile.First, tile);
            float* x = X + b * SignalPerSample + (long)t * neurons + tile.First;
            if (Spiking)
                SpikingRow<TNeuron, L>(n, x, Bits + b * BitsPerSample + (long)t * Call.WordsPerRow + tile.First / 64,
                    Support is null ? null : Support + b * BitsPerSample + (long)t * Call.WordsPerRow + tile.First / 64, SupportWidth, tile, SourceOf(tile), Call.FiresAtThreshold);
            else
                ValueRow<TNeuron, L>(n, x, Output + b * SignalPerSample + (long)t * neurons + tile.First, tile, SourceOf(tile));
        }
        Silence(b, length, tile);
        if (Final is not null)
            StoreFields<TNeuron, L>(n, 0, states, Final + (long)b * states * neurons + tile.First, tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SpikingRow<TNeuron, L>(TNeuron* n, float* x, ulong* bits, ulong* support, float width, in Tile tile, Source source, bool atThreshold)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        ulong word = 0, near = 0;
        int shift = 0, full = tile.Full;
        for (int i = 0; i < full; i++)
        {
            word |= (ulong)StepSpiking(n + i, source.Load<L>(x, i * L.Count), atThreshold, out L distance) << shift;
            if (support is not null)
                near |= (ulong)SupportOf(distance, width) << shift;
            shift += L.Count;
            if (shift == 64)
            {
                *bits++ = word;
                if (support is not null)
                    *support++ = near;
                (word, near, shift) = (0, 0, 0);
            }
        }
        if (tile.Part > 0)
        {
            // The lanes behind the last neuron may fire (a threshold of 0, say); the padding of a row is 0.
            uint mask = (1u << tile.Part) - 1;
            word |= (ulong)(StepSpiking(n + full, source.LoadPart<L>(x, full * L.Count, tile.Part), atThreshold, out L distance) & mask) << shift;
            near |= (ulong)(SupportOf(distance, width) & mask) << shift;
        }
        if (tile.Width % 64 == 0)
            return;
        *bits = word;
        if (support is not null)
            *support = near;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ValueRow<TNeuron, L>(TNeuron* n, float* x, float* output, in Tile tile, Source source)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        int full = tile.Full;
        for (int i = 0; i < full; i++)
            L.Store(output + i * L.Count, StepValue(n + i, source.Load<L>(x, i * L.Count)));
        if (tile.Part > 0)
            L.StorePart(output + full * L.Count, StepValue(n + full, source.LoadPart<L>(x, full * L.Count, tile.Part)), tile.Part);
    }

    /// <summary>Nothing fires behind the length of a sample.</summary>
    private readonly void Silence(int b, int length, in Tile tile)
    {
        for (int t = length; t < Call.Steps; t++)
        {
            long row = b * BitsPerSample + (long)t * Call.WordsPerRow + tile.First / 64;
            if (Spiking)
                new Span<ulong>(Bits + row, (tile.Width + 63) / 64).Clear();
            if (Support is not null)
                new Span<ulong>(Support + row, (tile.Width + 63) / 64).Clear();
            if (!Spiking)
                new Span<float>(Output + b * SignalPerSample + (long)t * Call.Neurons + tile.First, tile.Width).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void BackwardTile<TNeuron, L>(ISurrogate surrogate, int b, int tileIndex)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        Tile tile = TileOf<L>(tileIndex);
        int neurons = Call.Neurons, states = TNeuron.StateCount, steps = Call.Steps, length = Lengths is null ? steps : Lengths[b], blocks = tile.Blocks;
        int segment = Call.Segment, rows = Math.Min(segment, steps);

        byte* scratch = Scratch.Take(2 * (nint)blocks * sizeof(TNeuron) + (nint)rows * blocks * (states + 2) * sizeof(L));
        TNeuron* n = (TNeuron*)scratch, d = n + blocks;
        L* before = (L*)(d + blocks), distance = before + (nint)rows * blocks * states, slope = distance + (nint)rows * blocks;

        LoadFields<TNeuron, L>(n, states, ParameterCount, Parameters + tile.First, tile);
        LoadFields<TNeuron, L>(d, 0, states, DState is null ? null : DState + (long)b * states * neurons + tile.First, tile);
        LoadFields<TNeuron, L>(d, states, ParameterCount, null, tile);
        for (int t = length; t < steps; t++)
            new Span<float>(DX + b * SignalPerSample + (long)t * neurons + tile.First, tile.Width).Clear();

        for (int first = length > 0 ? (length - 1) / segment * segment : -1; first >= 0; first -= segment)
        {
            int last = Math.Min(first + segment, length);
            float* x = X + b * SignalPerSample + (long)first * neurons + tile.First;
            LoadFields<TNeuron, L>(n, 0, states, Saved + b * SavedPerSample + (long)(first / segment) * states * neurons + tile.First, tile);
            for (int t = 0; t < last - first; t++)
                RecomputeRow<TNeuron, L>(n, x + (long)t * neurons, before + (nint)t * blocks * states, distance + (nint)t * blocks, tile, SourceOf(tile), Spiking, Call.FiresAtThreshold);
            surrogate.Rows(distance, slope, (last - first) * blocks);
            float* dOutput = DOutput + b * SignalPerSample + (long)first * neurons + tile.First;
            float* dX = DX + b * SignalPerSample + (long)first * neurons + tile.First;
            for (int t = last - first - 1; t >= 0; t--)
            {
                var row = new BackwardRow<L>(before + (nint)t * blocks * states, distance + (nint)t * blocks, slope + (nint)t * blocks,
                    x + (long)t * neurons, dOutput + (long)t * neurons, dX + (long)t * neurons);
                WalkBack(n, d, row, tile, SourceOf(tile), Spiking, Call.FiresAtThreshold);
                if (Call.Truncate > 0 && (first + t) % Call.Truncate == 0)
                    LoadFields<TNeuron, L>(d, 0, states, null, tile);
            }
        }
        if (DParameters is not null)
            StoreFields<TNeuron, L>(d, states, ParameterCount, DParameters + (long)b * ParameterCount * neurons + tile.First, tile, add: true);
        if (DState is not null)
            StoreFields<TNeuron, L>(d, 0, states, DState + (long)b * states * neurons + tile.First, tile);
    }

    /// <summary>Forward once more for one row, keeping the state before each step and the distance to the threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RecomputeRow<TNeuron, L>(TNeuron* n, float* x, L* before, L* distance, in Tile tile, Source source, bool spiking, bool atThreshold)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        int full = tile.Full;
        for (int i = 0; i < full; i++)
            distance[i] = Recompute(n + i, source.Load<L>(x, i * L.Count), before + i * TNeuron.StateCount, spiking, atThreshold);
        if (tile.Part > 0)
            distance[full] = Recompute(n + full, source.LoadPart<L>(x, full * L.Count, tile.Part), before + full * TNeuron.StateCount, spiking, atThreshold);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static L Recompute(TNeuron* n, L input, L* before, bool spiking, bool atThreshold)
        {
            CopyStates<TNeuron, L>((L*)n, before);
            L distance = TNeuron.Charge(ref *n, input);
            TNeuron.Fire(ref *n, spiking ? SpikeOf(distance, atThreshold) : default);
            FlushStates<TNeuron, L>(n);
            return distance;
        }
    }

    /// <summary>What one row of the walk back reads and writes.</summary>
    private readonly struct BackwardRow<L>(L* before, L* distance, L* slope, float* x, float* dOutput, float* dX) where L : unmanaged
    {
        public readonly L* Before = before, Distance = distance, Slope = slope;
        public readonly float* X = x, DOutput = dOutput, DX = dX;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WalkBack<TNeuron, L>(TNeuron* n, TNeuron* d, in BackwardRow<L> row, in Tile tile, Source source, bool spiking, bool atThreshold)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        int full = tile.Full;
        L* before = row.Before, distance = row.Distance, slope = row.Slope;
        float* x = row.X, dOutput = row.DOutput, dX = row.DX;
        // From the last block to the first: with time walked back, memory is one descending stream, which the hardware prefetches.
        for (int i = full - 1; i >= 0; i--)
        {
            L dInput = Back(n + i, d + i, before + i * TNeuron.StateCount, distance[i], slope[i], source.Load<L>(x, i * L.Count), L.Load(dOutput + i * L.Count), spiking, atThreshold);
            L.Store(dX + i * L.Count, dInput);
        }
        if (tile.Part > 0)
        {
            int i = full, at = full * L.Count;
            L dInput = Back(n + i, d + i, before + i * TNeuron.StateCount, distance[i], slope[i], source.LoadPart<L>(x, at, tile.Part), L.LoadPart(dOutput + at, tile.Part), spiking, atThreshold);
            L.StorePart(dX + at, dInput, tile.Part);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static L Back(TNeuron* n, TNeuron* d, L* before, L distance, L slope, L input, L dOutput, bool spiking, bool atThreshold)
        {
            CopyStates<TNeuron, L>(before, (L*)n);
            L spike = spiking ? SpikeOf(distance, atThreshold) : default;
            L dInput = TNeuron.Backward(in *n, input, spike, slope, ref *d, dOutput);
            FlushStates<TNeuron, L>(d);
            return dInput;
        }
    }
}
