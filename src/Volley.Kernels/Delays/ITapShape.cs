using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Delays;

/// <summary>How the weight of a synapse spreads over the taps around its delay, before the taps are divided by their sum.</summary>
public enum TapInterpolation
{
    /// <summary>exp(−½(u/σ)²) with σ = |SIG| + 0.27, and 0 beyond 6 σ, where a float no longer sees it.</summary>
    Gaussian,

    /// <summary>max(0, 1 + |SIG| − |u|); with SIG = 0 and a whole number for a delay, a single tap.</summary>
    Triangle,
}

/// <summary>The height of a tap and how it moves with the synapse's position; u = tap − delay.</summary>
internal interface ITapShape
{
    /// <summary>The height at distance u, and its derivative with respect to the position P (delay = ⌊K/2⌋ − P, so that du/dP = 1).</summary>
    void At<L>(L u, out L height, out L slope) where L : struct, IVectorLane<L>;
}

/// <summary>exp(−½(u/σ)²); the slope is −u/σ²·height.</summary>
internal readonly struct GaussianTap(float sigma) : ITapShape
{
    private readonly float _inverse = 1 / (sigma * sigma), _reach = 6 * sigma;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L>(L u, out L height, out L slope) where L : struct, IVectorLane<L>
    {
        L inverse = L.Of(_inverse);
        height = LaneMath.Exp(u * u * inverse * L.Of(-0.5f));
        height = L.IfGreater(L.Abs(u), L.Of(_reach), L.Of(0f), height);
        slope = -(u * inverse * height);
    }
}

/// <summary>max(0, width − |u|); the slope is −sign u where the height is not 0.</summary>
internal readonly struct TriangleTap(float width) : ITapShape
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L>(L u, out L height, out L slope) where L : struct, IVectorLane<L>
    {
        L zero = L.Of(0f), rise = L.Of(width) - L.Abs(u);
        height = L.IfGreater(rise, zero, rise, zero);
        L sign = L.IfGreater(u, zero, L.Of(-1f), L.IfGreater(zero, u, L.Of(1f), zero));
        slope = L.IfGreater(rise, zero, sign, zero);
    }
}
