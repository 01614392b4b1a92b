using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>Slope 1: what a non-spiking neuron uses, whose output is the membrane potential itself.</summary>
public readonly record struct Identity : ISurrogate
{
    public float Support => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Slope<L>(L x) where L : unmanaged, ILane<L> => L.Of(1);

    unsafe void ISurrogate.Rows<L>(L* distances, L* slopes, int count) => SlopeRows.Fill(this, distances, slopes, count);
}
