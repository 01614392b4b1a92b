using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>h·max(0, 1 − |x| / w): a triangle of height h and half-width w (Bellec et al. 2018).</summary>
/// <param name="Height">h; 1, or 0.3 in LSNNs. With h = 1 / w the triangle has area 1.</param>
/// <param name="Width">w; 1.</param>
public readonly record struct Triangle(float Height, float Width) : ISurrogate
{
    private readonly float _slope = -1 / Width;

    public Triangle() : this(1, 1) { }

    public float Support => Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Slope<L>(L x) where L : unmanaged, ILane<L>
    {
        L y = L.MulAdd(L.Abs(x), L.Of(_slope), L.Of(1));
        return L.Of(Height) * L.IfGreater(L.Of(0), y, L.Of(0), y);
    }

    unsafe void ISurrogate.Rows<L>(L* distances, L* slopes, int count) => SlopeRows.Fill(this, distances, slopes, count);
}
