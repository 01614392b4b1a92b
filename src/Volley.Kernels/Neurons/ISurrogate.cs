using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>What stands in for the derivative of the spike Θ(x), as a function of the distance x = u − θ.</summary>
/// <remarks>A surrogate is a record struct that implements <see cref="Slope"/>; <see cref="Rows"/> is always <c>=> SlopeRows.Fill(this, …)</c>.</remarks>
public interface ISurrogate
{
    /// <summary>The slope dΘ/dx at distance <paramref name="x"/>.</summary>
    L Slope<L>(L x) where L : unmanaged, ILane<L>;

    /// <summary>Slopes of <paramref name="count"/> lanes of distances; the buffers may be the same.</summary>
    unsafe void Rows<L>(L* distances, L* slopes, int count) where L : unmanaged, ILane<L>;

    /// <summary>The slope is 0 wherever |x| exceeds this; infinite if it never is.</summary>
    float Support { get; }
}

/// <summary>The loop behind <see cref="ISurrogate.Rows"/>: one virtual call a row of neurons, none an element.</summary>
public static class SlopeRows
{
    public static unsafe void Fill<TSurrogate, L>(TSurrogate surrogate, L* distances, L* slopes, int count)
        where TSurrogate : struct, ISurrogate
        where L : unmanaged, ILane<L>
    {
        for (int i = 0; i < count; i++)
            slopes[i] = surrogate.Slope(distances[i]);
    }
}
