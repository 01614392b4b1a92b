using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>c·α / (2·e^(α|x|)): the spike escape rate of SLAYER (Shrestha and Orchard 2018), as in SE-adLIF (Baronig et al. 2025).</summary>
/// <param name="Alpha">Steepness α; 5 in SE-adLIF.</param>
/// <param name="Scale">Factor c; 0.4 in SE-adLIF.</param>
public readonly record struct SlayerExponential(float Alpha, float Scale) : ISurrogate
{
    private readonly float _peak = (float)((double)Scale * Alpha / 2);

    public SlayerExponential() : this(5, 0.4f) { }

    public float Support => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Slope<L>(L x) where L : unmanaged, ILane<L> =>
        L.Of(_peak) * L.Exp(-(L.Abs(x) * L.Of(Alpha)));

    unsafe void ISurrogate.Rows<L>(L* distances, L* slopes, int count) => SlopeRows.Fill(this, distances, slopes, count);
}
