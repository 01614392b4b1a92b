using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>What a reduction does with each element, and how two partial results become one.</summary>
internal interface IFold
{
    static abstract double Start { get; }
    static abstract L Step<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L>;
    static abstract L Join<L>(L a, L b) where L : struct, IVectorLane<L>;
}

/// <summary>Reductions of contiguous elements over 16 virtual lanes: element i goes to partial i mod 16, and the partials meet in a fixed tree,
/// so the vector width does not show in the result.</summary>
internal static unsafe class RowFold
{
    /// <summary>The fold of x[0 … count), with y and the constant k at hand.</summary>
    [SkipLocalsInit]
    public static float Run<TFold, L>(float* x, float* y, float k, int count) where TFold : struct, IFold where L : struct, IVectorLane<L>
    {
        float* parts = stackalloc float[16];
        L constant = L.Of(k);
        int whole = count & ~15;
        for (int lane = 0; lane < 16; lane += L.Count)
        {
            L sum = L.Of(TFold.Start);
            for (int i = lane; i < whole; i += 16)
                sum = TFold.Step(sum, L.Load(x + i), L.Load(y + i), constant);
            L.Store(parts + lane, sum);
        }
        for (int i = whole; i < count; i++)
            F32.Store(parts + (i - whole), TFold.Step(F32.Load(parts + (i - whole)), F32.Load(x + i), F32.Load(y + i), new F32(k)));
        return Join<TFold>(parts);
    }

    /// <summary>The 16 partials as one: i meets i + 8, then i + 4, i + 2, i + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Join<TFold>(float* parts) where TFold : struct, IFold
    {
        F32x4 four = TFold.Join(TFold.Join(F32x4.Load(parts), F32x4.Load(parts + 8)), TFold.Join(F32x4.Load(parts + 4), F32x4.Load(parts + 12)));
        F32x4.Store(parts, four);
        return TFold.Join(TFold.Join(new F32(parts[0]), new F32(parts[2])), TFold.Join(new F32(parts[1]), new F32(parts[3]))).Value;
    }

    /// <summary>Σ x.</summary>
    internal readonly struct Sum : IFold
    {
        public static double Start => 0;
        public static L Step<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L> => sum + x;
        public static L Join<L>(L a, L b) where L : struct, IVectorLane<L> => a + b;
    }

    /// <summary>Σ (x − k)².</summary>
    internal readonly struct Squares : IFold
    {
        public static double Start => 0;

        public static L Step<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L>
        {
            L d = x - k;
            return L.MulAdd(d, d, sum);
        }

        public static L Join<L>(L a, L b) where L : struct, IVectorLane<L> => a + b;
    }

    /// <summary>Σ x·(y − k).</summary>
    internal readonly struct CentredDot : IFold
    {
        public static double Start => 0;
        public static L Step<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L> => L.MulAdd(x, y - k, sum);
        public static L Join<L>(L a, L b) where L : struct, IVectorLane<L> => a + b;
    }

    /// <summary>0 while every x is finite, NaN from the first that is not.</summary>
    internal readonly struct Finite : IFold
    {
        public static double Start => 0;
        public static L Step<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L> => L.MulAdd(x, L.Of(0), sum);
        public static L Join<L>(L a, L b) where L : struct, IVectorLane<L> => a + b;
    }
}
