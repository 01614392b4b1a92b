using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>α·σ(αx)·(1 − σ(αx)): the slope of the logistic function.</summary>
/// <param name="Alpha">Steepness; 4, as in SpikingJelly.</param>
public readonly record struct Sigmoid(float Alpha) : ISurrogate
{
    public Sigmoid() : this(4) { }

    public float Support => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Slope<L>(L x) where L : unmanaged, ILane<L>
    {
        // σ(1 − σ) = e / (1 + e)² with e = exp(−|αx|) ≤ 1, which cannot overflow.
        L e = L.Exp(-(L.Abs(x) * L.Of(Math.Abs(Alpha))));
        L reciprocal = L.Reciprocal(L.Of(1) + e);
        return L.Of(Alpha) * e * (reciprocal * reciprocal);
    }

    unsafe void ISurrogate.Rows<L>(L* distances, L* slopes, int count) => SlopeRows.Fill(this, distances, slopes, count);
}
