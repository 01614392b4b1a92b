using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>(1 + h)·N(x; 0, σ) − h·N(x; σ, sσ) − h·N(x; −σ, sσ): a narrow bump with shallow negative shoulders (Yin et al. 2021).</summary>
/// <param name="Height">h; 0.15.</param>
/// <param name="Spread">s, the width of the shoulders over that of the bump; 6.</param>
/// <param name="Sigma">σ, the width of the bump; 0.5.</param>
public readonly record struct MultiGaussian(float Height, float Spread, float Sigma) : ISurrogate
{
    private readonly float _narrow = (float)(1 / (double)Sigma), _wide = (float)(1 / ((double)Spread * Sigma));
    private readonly float _bump = Peak(1 + (double)Height, Sigma), _shoulder = Peak(Height, (double)Spread * Sigma);

    public MultiGaussian() : this(0.15f, 6, 0.5f) { }

    public float Support => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Slope<L>(L x) where L : unmanaged, ILane<L>
    {
        L bump = Bell(x, _narrow, _bump), shift = L.Of(Sigma);
        L shoulders = Bell(x - shift, _wide, _shoulder) + Bell(x + shift, _wide, _shoulder);
        return bump - shoulders;
    }

    /// <summary>peak·e^(−(x·inverse)²/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Bell<L>(L x, float inverse, float peak) where L : unmanaged, ILane<L>
    {
        L scaled = x * L.Of(inverse);
        return L.Of(peak) * L.Exp(scaled * scaled * L.Of(-0.5));
    }

    /// <summary>height·N(0; 0, sigma).</summary>
    private static float Peak(double height, double sigma) => (float)(height / (sigma * Math.Sqrt(2 * Math.PI)));

    unsafe void ISurrogate.Rows<L>(L* distances, L* slopes, int count) => SlopeRows.Fill(this, distances, slopes, count);
}
