using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>1 for −w &lt; x ≤ w, else 0 (sparch, Bittar and Garner 2022).</summary>
/// <param name="HalfWidth">w; 0.5 in sparch.</param>
public readonly record struct Boxcar(float HalfWidth) : ISurrogate
{
    public Boxcar() : this(0.5f) { }

    public float Support => HalfWidth;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Slope<L>(L x) where L : unmanaged, ILane<L> =>
        L.IfGreater(x, L.Of(-HalfWidth), L.IfGreater(x, L.Of(HalfWidth), L.Of(0), L.Of(1)), L.Of(0));

    unsafe void ISurrogate.Rows<L>(L* distances, L* slopes, int count) => SlopeRows.Fill(this, distances, slopes, count);
}
