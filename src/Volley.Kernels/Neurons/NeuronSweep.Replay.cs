using System.Numerics;
using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>The loops of <see cref="NeuronReplay"/>.</summary>
internal unsafe partial struct NeuronSweep
{
    /// <summary>Runs sample <c>item / Tiles</c>, tile <c>item % Tiles</c> once more: its states into <see cref="Saved"/> and its distances into <see cref="Output"/>,
    /// or, where <paramref name="changes"/> is not null, how often <paramref name="state"/> changed.</summary>
    public static void Replay(NeuronKernel kernel, in NeuronSweep sweep, LaneWidth width, int item, long* changes, int state)
    {
        switch (width)
        {
            case LaneWidth.Vector512: Accept<F32x16>(kernel, sweep, item, changes, state); break;
            case LaneWidth.Vector256: Accept<F32x8>(kernel, sweep, item, changes, state); break;
            case LaneWidth.Vector128: Accept<F32x4>(kernel, sweep, item, changes, state); break;
            default: Accept<F32>(kernel, sweep, item, changes, state); break;
        }

        static void Accept<L>(NeuronKernel kernel, in NeuronSweep sweep, int item, long* changes, int state) where L : unmanaged, IVectorLane<L>
        {
            var visitor = new ReplayVisitor<L>(sweep, item, changes, state);
            kernel.Accept<L, ReplayVisitor<L>>(ref visitor);
        }
    }

    private readonly struct ReplayVisitor<L>(NeuronSweep sweep, int item, long* changes, int state) : INeuronVisitor<L> where L : unmanaged, IVectorLane<L>
    {
        public void Visit<TNeuron>() where TNeuron : unmanaged, INeuron<TNeuron, L>
        {
            int sample = item / sweep.Tiles, tile = item % sweep.Tiles;
            if (changes is null)
                sweep.StatesOfTile<TNeuron, L>(sample, tile);
            else
                Interlocked.Add(ref changes[sample], sweep.ChangesOfTile<TNeuron, L>(sample, tile, state));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void StatesOfTile<TNeuron, L>(int b, int tileIndex)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        Tile tile = TileOf<L>(tileIndex);
        int states = TNeuron.StateCount, neurons = Call.Neurons, length = Kernels.Lengths.Of(Lengths, b, Call.Steps);
        TNeuron* n = Begin<TNeuron, L>(b, tile, (nint)tile.Blocks * sizeof(L));
        L* distance = (L*)(n + tile.Blocks);
        Source source = SourceOf(tile);
        for (int t = 0; t < length; t++)
        {
            long step = (long)b * Call.Steps + t;
            float* x = X + step * neurons + tile.First;
            for (int i = 0; i < tile.Blocks; i++)
                distance[i] = TNeuron.Charge(ref n[i], i < tile.Full ? source.Load<L>(x, i * L.Count) : source.LoadPart<L>(x, i * L.Count, tile.Part));
            StoreFields<TNeuron, L>(n, 0, states, Saved + step * states * neurons + tile.First, tile);
            StoreFields<L, L>(distance, 0, 1, Output + step * neurons + tile.First, tile);
            for (int i = 0; i < tile.Blocks; i++)
                End<TNeuron, L>(n + i, distance[i], Spiking, Call.FiresAtThreshold);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly long ChangesOfTile<TNeuron, L>(int b, int tileIndex, int state)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        Tile tile = TileOf<L>(tileIndex);
        int length = Kernels.Lengths.Of(Lengths, b, Call.Steps);
        TNeuron* n = Begin<TNeuron, L>(b, tile, 0);
        Source source = SourceOf(tile);
        long changes = 0;
        for (int t = 0; t < length; t++)
        {
            int changed = ChangesOfRow<TNeuron, L>(n, X + ((long)b * Call.Steps + t) * Call.Neurons + tile.First, state, tile, source);
            changes += t > 0 ? changed : 0;
        }
        return changes;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly int ChangesOfRow<TNeuron, L>(TNeuron* n, float* x, int state, in Tile tile, Source source)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        int changes = 0, full = tile.Full;
        for (int i = 0; i < full; i++)
            changes += BitOperations.PopCount(Changed(n + i, source.Load<L>(x, i * L.Count), state, Spiking, Call.FiresAtThreshold));
        if (tile.Part > 0)
            changes += BitOperations.PopCount(Changed(n + full, source.LoadPart<L>(x, full * L.Count, tile.Part), state, Spiking, Call.FiresAtThreshold) & ((1u << tile.Part) - 1));
        return changes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static uint Changed(TNeuron* n, L input, int state, bool spiking, bool atThreshold)
        {
            L before = ((L*)n)[state];
            End<TNeuron, L>(n, TNeuron.Charge(ref *n, input), spiking, atThreshold);
            return L.PositiveBits(L.Abs(((L*)n)[state] - before));
        }
    }

    /// <summary>The neurons of a tile before the first step, and behind them <paramref name="more"/> bytes to work in.</summary>
    private readonly TNeuron* Begin<TNeuron, L>(int b, in Tile tile, nint more)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        int states = TNeuron.StateCount;
        TNeuron* n = (TNeuron*)Scratch.Take((nint)tile.Blocks * sizeof(TNeuron) + more);
        LoadFields<TNeuron, L>(n, 0, states, Initial is null ? null : Initial + (long)b * states * Call.Neurons + tile.First, tile);
        LoadFields<TNeuron, L>(n, states, ParameterCount, Parameters + tile.First, tile);
        return n;
    }

    /// <summary>What the spike does, and what follows it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End<TNeuron, L>(TNeuron* n, L distance, bool spiking, bool atThreshold)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        TNeuron.Fire(ref *n, spiking ? SpikeOf(distance, atThreshold) : default);
        FlushStates<TNeuron, L>(n);
    }
}
