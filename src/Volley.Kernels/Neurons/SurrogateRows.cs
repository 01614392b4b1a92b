using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>Slopes of a surrogate in place, for kernels that know their lane only as a vector of floats.</summary>
internal static unsafe class SurrogateRows
{
    /// <summary>Turns <paramref name="count"/> lanes of distances into slopes.</summary>
    public static void Fill<L>(ISurrogate surrogate, float* distances, int count) where L : struct, IVectorLane<L>
    {
        if (typeof(L) == typeof(F32x16))
            surrogate.Rows((F32x16*)distances, (F32x16*)distances, count);
        else if (typeof(L) == typeof(F32x8))
            surrogate.Rows((F32x8*)distances, (F32x8*)distances, count);
        else if (typeof(L) == typeof(F32x4))
            surrogate.Rows((F32x4*)distances, (F32x4*)distances, count);
        else
            surrogate.Rows((F32*)distances, (F32*)distances, count);
    }
}
