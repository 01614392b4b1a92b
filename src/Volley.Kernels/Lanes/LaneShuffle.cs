using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Volley.Kernels.Lanes;

/// <summary>Elements of lanes picked by index.</summary>
internal static class LaneShuffle
{
    /// <summary>Elements that <see cref="Pick"/> picks from: two lanes of 16, else one lane.</summary>
    public static int PickFrom<L>() where L : struct, IVectorLane<L> => typeof(L) == typeof(F32x16) ? 32 : L.Count;

    /// <summary>Element k of the result is element index[k] of <paramref name="low"/> followed by <paramref name="high"/> (which only lanes of 16 have).</summary>
    /// <param name="index">The bits of 32-bit integers from 0 to <see cref="PickFrom"/> − 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Pick<L>(L low, L high, L index) where L : struct, IVectorLane<L>
    {
        if (typeof(L) == typeof(F32x16))
        {
            Vector512<float> a = Unsafe.BitCast<L, Vector512<float>>(low), b = Unsafe.BitCast<L, Vector512<float>>(high);
            Vector512<int> i = Unsafe.BitCast<L, Vector512<int>>(index);
            if (Avx512F.IsSupported)
                return Unsafe.BitCast<Vector512<float>, L>(Avx512F.PermuteVar16x32x2(a, i, b));
            // Shuffle gives 0 for an index outside, so the two halves do not meet.
            Vector512<int> both = Vector512.Shuffle(a, i).AsInt32() | Vector512.Shuffle(b, i - Vector512.Create(16)).AsInt32();
            return Unsafe.BitCast<Vector512<int>, L>(both);
        }
        if (typeof(L) == typeof(F32x8))
            return Unsafe.BitCast<Vector256<float>, L>(Vector256.ShuffleNative(Unsafe.BitCast<L, Vector256<float>>(low), Unsafe.BitCast<L, Vector256<int>>(index)));
        if (typeof(L) == typeof(F32x4))
            return Unsafe.BitCast<Vector128<float>, L>(Vector128.ShuffleNative(Unsafe.BitCast<L, Vector128<float>>(low), Unsafe.BitCast<L, Vector128<int>>(index)));
        return low;
    }
}
