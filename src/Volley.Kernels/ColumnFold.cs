using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>What a reduction over rows adds to the one or two sums of each column; k is a constant of the column.</summary>
internal interface IColumnFold
{
    /// <summary>Whether there is a second sum.</summary>
    static abstract bool Two { get; }

    static abstract L First<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L>;
    static abstract L Second<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L>;
}

/// <summary>Sums over rows, column by column: each sum is one chain over the rows in order, with SIMD across columns.</summary>
internal static unsafe class ColumnFold
{
    // Sums stay in registers for this many rows. More would read memory in jumps that the prefetcher does not follow.
    private const int Strip = 8;

    /// <summary>Continues the chains in <paramref name="first"/> and <paramref name="second"/> (not read or written if there is only one) over
    /// <paramref name="rows"/> rows that lie <paramref name="stride"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sweep<TFold, L>(float* x, float* y, float* k, float* first, float* second, nint stride, int rows, int columns)
        where TFold : struct, IColumnFold
        where L : struct, IVectorLane<L>
    {
        for (int row = 0; row < rows; row += Strip)
        {
            int count = Math.Min(Strip, rows - row);
            float* a = x + row * stride, b = y + row * stride;
            int c = 0;
            for (; c + 4 * L.Count <= columns; c += 4 * L.Count)
                Four<TFold, L>(a + c, b + c, k + c, first + c, second + c, stride, count);
            for (; c + L.Count <= columns; c += L.Count)
                One<TFold, L>(a + c, b + c, k + c, first + c, second + c, stride, count);
            for (; c < columns; c++)
                One<TFold, F32>(a + c, b + c, k + c, first + c, second + c, stride, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<TFold, L>(float* x, float* y, float* k, float* first, float* second, nint stride, int rows)
        where TFold : struct, IColumnFold
        where L : struct, IVectorLane<L>
    {
        L constant = L.Load(k), f = L.Load(first), s = TFold.Two ? L.Load(second) : default;
        for (int row = 0; row < rows; row++)
        {
            L a = L.Load(x), b = L.Load(y);
            f = TFold.First(f, a, b, constant);
            s = TFold.Second(s, a, b, constant);
            x += stride;
            y += stride;
        }
        L.Store(first, f);
        if (TFold.Two)
            L.Store(second, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four<TFold, L>(float* x, float* y, float* k, float* first, float* second, nint stride, int rows)
        where TFold : struct, IColumnFold
        where L : struct, IVectorLane<L>
    {
        int n = L.Count;
        L k0 = L.Load(k), k1 = L.Load(k + n), k2 = L.Load(k + 2 * n), k3 = L.Load(k + 3 * n);
        L f0 = L.Load(first), f1 = L.Load(first + n), f2 = L.Load(first + 2 * n), f3 = L.Load(first + 3 * n);
        L s0 = default, s1 = default, s2 = default, s3 = default;
        if (TFold.Two)
            (s0, s1, s2, s3) = (L.Load(second), L.Load(second + n), L.Load(second + 2 * n), L.Load(second + 3 * n));
        for (int row = 0; row < rows; row++)
        {
            L a0 = L.Load(x), a1 = L.Load(x + n), a2 = L.Load(x + 2 * n), a3 = L.Load(x + 3 * n);
            L b0 = L.Load(y), b1 = L.Load(y + n), b2 = L.Load(y + 2 * n), b3 = L.Load(y + 3 * n);
            f0 = TFold.First(f0, a0, b0, k0);
            f1 = TFold.First(f1, a1, b1, k1);
            f2 = TFold.First(f2, a2, b2, k2);
            f3 = TFold.First(f3, a3, b3, k3);
            s0 = TFold.Second(s0, a0, b0, k0);
            s1 = TFold.Second(s1, a1, b1, k1);
            s2 = TFold.Second(s2, a2, b2, k2);
            s3 = TFold.Second(s3, a3, b3, k3);
            x += stride;
            y += stride;
        }
        L.Store(first, f0);
        L.Store(first + n, f1);
        L.Store(first + 2 * n, f2);
        L.Store(first + 3 * n, f3);
        if (!TFold.Two)
            return;
        L.Store(second, s0);
        L.Store(second + n, s1);
        L.Store(second + 2 * n, s2);
        L.Store(second + 3 * n, s3);
    }

    /// <summary>Σ x.</summary>
    internal readonly struct Sum : IColumnFold
    {
        public static bool Two => false;
        public static L First<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L> => sum + x;
        public static L Second<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L> => sum;
    }

    /// <summary>Σ (x − k) and Σ (x − k)².</summary>
    internal readonly struct Moments : IColumnFold
    {
        public static bool Two => true;
        public static L First<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L> => sum + (x - k);

        public static L Second<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L>
        {
            L d = x - k;
            return L.MulAdd(d, d, sum);
        }
    }

    /// <summary>Σ y and Σ y·(x − k).</summary>
    internal readonly struct Gradients : IColumnFold
    {
        public static bool Two => true;
        public static L First<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L> => sum + y;
        public static L Second<L>(L sum, L x, L y, L k) where L : struct, IVectorLane<L> => L.MulAdd(y, x - k, sum);
    }
}
