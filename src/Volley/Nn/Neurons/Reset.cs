using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Nn.Neurons;

/// <summary>What a spike does to the membrane potential.</summary>
public enum Reset
{
    /// <summary>V = u − z·θ, "soft".</summary>
    Subtract,

    /// <summary>V = u·(1 − z), "hard".</summary>
    ToZero,

    /// <summary>V = u.</summary>
    None,
}

internal static class ResetNames
{
    /// <summary>"lif, subtract, detached": how messages tell variants of a model apart.</summary>
    public static string Describe(this Reset reset, string model, bool detached) =>
        model + reset switch
        {
            Reset.Subtract => ", subtract",
            Reset.ToZero => ", to zero",
            _ => ", no reset",
        } + (detached && reset != Reset.None ? ", detached" : "");
}

/// <summary>A reset as maths, chosen at compile time so that a neuron pays for none of the others.</summary>
public interface IReset
{
    /// <summary>The potential after the reset.</summary>
    static abstract L Apply<L>(L u, L spike, L threshold) where L : unmanaged, ILane<L>;

    /// <summary>The adjoint: returns du, adds to the gradients of spike and threshold.</summary>
    static abstract L Backward<L>(L u, L spike, L threshold, L dV, ref L dSpike, ref L dThreshold) where L : unmanaged, ILane<L>;
}

/// <summary>V = u − z·θ.</summary>
public readonly struct SubtractReset : IReset
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Apply<L>(L u, L spike, L threshold) where L : unmanaged, ILane<L> => u - spike * threshold;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward<L>(L u, L spike, L threshold, L dV, ref L dSpike, ref L dThreshold) where L : unmanaged, ILane<L>
    {
        dSpike -= dV * threshold;
        dThreshold -= dV * spike;
        return dV;
    }
}

/// <summary>V = u − z·θ, and no gradient flows through z.</summary>
public readonly struct DetachedSubtractReset : IReset
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Apply<L>(L u, L spike, L threshold) where L : unmanaged, ILane<L> => u - L.Detach(spike) * threshold;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward<L>(L u, L spike, L threshold, L dV, ref L dSpike, ref L dThreshold) where L : unmanaged, ILane<L>
    {
        dThreshold -= dV * spike;
        return dV;
    }
}

/// <summary>V = u·(1 − z).</summary>
public readonly struct ZeroReset : IReset
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Apply<L>(L u, L spike, L threshold) where L : unmanaged, ILane<L> => u * (L.Of(1) - spike);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward<L>(L u, L spike, L threshold, L dV, ref L dSpike, ref L dThreshold) where L : unmanaged, ILane<L>
    {
        dSpike -= dV * u;
        return dV * (L.Of(1) - spike);
    }
}

/// <summary>V = u·(1 − z), and no gradient flows through z.</summary>
public readonly struct DetachedZeroReset : IReset
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Apply<L>(L u, L spike, L threshold) where L : unmanaged, ILane<L> => u * (L.Of(1) - L.Detach(spike));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward<L>(L u, L spike, L threshold, L dV, ref L dSpike, ref L dThreshold) where L : unmanaged, ILane<L> =>
        dV * (L.Of(1) - spike);
}

/// <summary>V = u.</summary>
public readonly struct NoReset : IReset
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Apply<L>(L u, L spike, L threshold) where L : unmanaged, ILane<L> => u;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward<L>(L u, L spike, L threshold, L dV, ref L dSpike, ref L dThreshold) where L : unmanaged, ILane<L> => dV;
}
