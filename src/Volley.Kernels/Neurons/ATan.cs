using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>(α/2) / (1 + (π/2·α·x)²): the slope of arctan (Fang et al. 2021).</summary>
/// <param name="Alpha">Steepness; 2 in the PSN paper, 5 in DCLS-Delays.</param>
public readonly record struct ATan(float Alpha) : ISurrogate
{
    private readonly float _scale = (float)(Math.PI / 2 * Math.Abs(Alpha)), _peak = Alpha / 2;

    public ATan() : this(2) { }

    public float Support => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Slope<L>(L x) where L : unmanaged, ILane<L>
    {
        // Beyond 1e18 the square would overflow; the slope is below 1e-36 there.
        L scaled = L.Abs(x) * L.Of(_scale);
        scaled = L.IfGreater(scaled, L.Of(1e18), L.Of(1e18), scaled);
        return L.Of(_peak) * L.Reciprocal(L.MulAdd(scaled, scaled, L.Of(1)));
    }

    unsafe void ISurrogate.Rows<L>(L* distances, L* slopes, int count) => SlopeRows.Fill(this, distances, slopes, count);
}
