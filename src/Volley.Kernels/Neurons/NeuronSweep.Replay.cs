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
        for (int t = 0; t < length; t++)
        {
            long step = (long)b * Call.Steps + t;
            for (int i = 0; i < tile.Blocks; i++)
                distance[i] = TNeuron.Charge(ref n[i], InputOf<L>(step, i, tile));
            StoreFields<TNeuron, L>(n, 0, states, Saved + step * states * neurons + tile.First, tile);
            StoreFields<L, L>(distance, 0, 1, Output + step * neurons + tile.First, tile);
            for (int i = 0; i < tile.Blocks; i++)
                End<TNeuron, L>(n + i, distance[i]);
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
        uint part = (1u << tile.Part) - 1;
        long changes = 0;
        for (int t = 0; t < length; t++)
        {
            long step = (long)b * Call.Steps + t;
            for (int i = 0; i < tile.Blocks; i++)
            {
                L before = ((L*)(n + i))[state];
                End<TNeuron, L>(n + i, TNeuron.Charge(ref n[i], InputOf<L>(step, i, tile)));
                uint changed = L.PositiveBits(L.IfGreater(L.Abs(((L*)(n + i))[state] - before), L.Of(0), L.Of(1), L.Of(0)));
                if (t > 0)
                    changes += BitOperations.PopCount(i < tile.Full ? changed : changed & part);
            }
        }
        return changes;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly L InputOf<L>(long step, int block, in Tile tile) where L : unmanaged, IVectorLane<L>
    {
        float* x = X + step * Call.Neurons + tile.First;
        return block < tile.Full ? SourceOf(tile).Load<L>(x, block * L.Count) : SourceOf(tile).LoadPart<L>(x, block * L.Count, tile.Part);
    }

    /// <summary>What the spike does, and what follows it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void End<TNeuron, L>(TNeuron* n, L distance)
        where TNeuron : unmanaged, INeuron<TNeuron, L>
        where L : unmanaged, IVectorLane<L>
    {
        TNeuron.Fire(ref *n, Spiking ? SpikeOf(distance, Call.FiresAtThreshold) : default);
        FlushStates<TNeuron, L>(n);
    }
}
