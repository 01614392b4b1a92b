using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>1 / (k·|x| + 1)²: the slope of x / (1 + k·|x|) (SuperSpike, Zenke and Ganguli 2018).</summary>
/// <param name="Steepness">k; 25 in snnTorch and in Stan and Rhodes 2024, who call it slope.</param>
public readonly record struct FastSigmoid(float Steepness) : ISurrogate
{
    public FastSigmoid() : this(25) { }

    public float Support => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Slope<L>(L x) where L : unmanaged, ILane<L>
    {
        // The reciprocal is squared, not the denominator, which would overflow; 1e30 is as far as a reciprocal goes.
        L y = L.MulAdd(L.Abs(x), L.Of(Steepness), L.Of(1));
        L reciprocal = L.Reciprocal(L.IfGreater(y, L.Of(1e30), L.Of(1e30), y));
        return reciprocal * reciprocal;
    }

    unsafe void ISurrogate.Rows<L>(L* distances, L* slopes, int count) => SlopeRows.Fill(this, distances, slopes, count);
}
