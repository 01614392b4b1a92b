using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>(1 + h)·N(x; 0, σ) − h·N(x; σ, sσ) − h·N(x; −σ, sσ): a narrow bump with shallow negative shoulders (Yin et al. 2021).</summary>
/// <param name="Height">h; 0.15.</param>
/// <param name="Spread">s, the width of the shoulders over that of the bump; 6.</param>
/// <param name="Sigma">σ, the width of the bump; 0.5.</param>
public readonly record struct MultiGaussian(float Height, float Spread, float Sigma) : ISurrogate
{
    public MultiGaussian() : this(0.15f, 6, 0.5f) { }

    public float Support => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Slope<L>(L x) where L : unmanaged, ILane<L>
    {
        double wide = (double)Spread * Sigma;
        L bump = Bell(x, Sigma, 1 + (double)Height);
        L shoulders = Bell(x - L.Of(Sigma), wide, Height) + Bell(x + L.Of(Sigma), wide, Height);
        return bump - shoulders;
    }

    /// <summary>height·N(x; 0, sigma).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Bell<L>(L x, double sigma, double height) where L : unmanaged, ILane<L>
    {
        L scaled = x * L.Of(1 / sigma);
        return L.Of(height / (sigma * Math.Sqrt(2 * Math.PI))) * L.Exp(scaled * scaled * L.Of(-0.5));
    }

    unsafe void ISurrogate.Rows<L>(L* distances, L* slopes, int count) => SlopeRows.Fill(this, distances, slopes, count);
}
