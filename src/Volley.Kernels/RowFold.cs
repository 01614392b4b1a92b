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
        for (int half = 8; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
                F32.Store(parts + i, TFold.Join(F32.Load(parts + i), F32.Load(parts + i + half)));
        }
        return parts[0];
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

    /// <summary>Σ x·y.</summary>
    internal readonly struct Dot : IFold
    {
        public static double Start => 0;
        public static L Step<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L> => L.MulAdd(x, y, sum);
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

    /// <summary>max x; NaN if one is NaN.</summary>
    internal readonly struct Largest : IFold
    {
        public static double Start => double.NegativeInfinity;
        public static L Step<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L> => L.Max(sum, x);
        public static L Join<L>(L a, L b) where L : struct, IVectorLane<L> => L.Max(a, b);
    }
}
