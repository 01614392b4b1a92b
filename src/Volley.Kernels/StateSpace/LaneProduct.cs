using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.StateSpace;

/// <summary>Small matrix products, one for each lane: C[i, j] = Σₖ A[i, k]·B[j, k], where every element is a lane of channels. One chain over k, ascending.</summary>
internal static unsafe class LaneProduct
{
    /// <summary>A matrix of lanes; steps count floats.</summary>
    public readonly struct Matrix(float* start, nint row, nint step)
    {
        public readonly float* Start = start;
        public readonly nint Row = row, Step = step;
    }

    /// <summary>C = A·Bᵀ, or C += with <paramref name="accumulate"/>.</summary>
    public static void Run<L>(Matrix a, Matrix b, Matrix c, int rows, int columns, int depth, bool accumulate) where L : struct, IVectorLane<L>
    {
        int i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            int j = 0;
            for (; j + 4 <= columns; j += 4)
                Block<L>(At(a, i), At(b, j), new Matrix(c.Start + i * c.Row + j * c.Step, c.Row, c.Step), depth, accumulate);
            for (; j < columns; j++)
            {
                for (int e = i; e < i + 4; e++)
                    One<L>(At(a, e), At(b, j), c.Start + e * c.Row + j * c.Step, depth, accumulate);
            }
        }
        for (; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                One<L>(At(a, i), At(b, j), c.Start + i * c.Row + j * c.Step, depth, accumulate);
        }
    }

    private static Matrix At(Matrix m, int row) => new(m.Start + row * m.Row, m.Row, m.Step);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<L>(Matrix a, Matrix b, float* c, int depth, bool accumulate) where L : struct, IVectorLane<L>
    {
        L sum = accumulate ? L.Load(c) : L.Of(0f);
        float* x = a.Start, y = b.Start;
        for (int k = 0; k < depth; k++, x += a.Step, y += b.Step)
            L.Accumulate(ref sum, L.Load(x), L.Load(y));
        L.Store(c, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<L>(Matrix a, Matrix b, Matrix c, int depth, bool accumulate) where L : struct, IVectorLane<L>
    {
        float* c0 = c.Start, c1 = c0 + c.Row, c2 = c1 + c.Row, c3 = c2 + c.Row;
        nint next = c.Step;
        L s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
        L s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
        if (accumulate)
        {
            (s00, s01, s02, s03) = (L.Load(c0), L.Load(c0 + next), L.Load(c0 + 2 * next), L.Load(c0 + 3 * next));
            (s10, s11, s12, s13) = (L.Load(c1), L.Load(c1 + next), L.Load(c1 + 2 * next), L.Load(c1 + 3 * next));
            (s20, s21, s22, s23) = (L.Load(c2), L.Load(c2 + next), L.Load(c2 + 2 * next), L.Load(c2 + 3 * next));
            (s30, s31, s32, s33) = (L.Load(c3), L.Load(c3 + next), L.Load(c3 + 2 * next), L.Load(c3 + 3 * next));
        }
        float* x = a.Start, y = b.Start;
        nint row = a.Row, column = b.Row;
        for (int k = 0; k < depth; k++, x += a.Step, y += b.Step)
        {
            L y0 = L.Load(y), y1 = L.Load(y + column), y2 = L.Load(y + 2 * column), y3 = L.Load(y + 3 * column);
            L x0 = L.Load(x), x1 = L.Load(x + row), x2 = L.Load(x + 2 * row), x3 = L.Load(x + 3 * row);
            L.Accumulate(ref s00, x0, y0);
            L.Accumulate(ref s01, x0, y1);
            L.Accumulate(ref s02, x0, y2);
            L.Accumulate(ref s03, x0, y3);
            L.Accumulate(ref s10, x1, y0);
            L.Accumulate(ref s11, x1, y1);
            L.Accumulate(ref s12, x1, y2);
            L.Accumulate(ref s13, x1, y3);
            L.Accumulate(ref s20, x2, y0);
            L.Accumulate(ref s21, x2, y1);
            L.Accumulate(ref s22, x2, y2);
            L.Accumulate(ref s23, x2, y3);
            L.Accumulate(ref s30, x3, y0);
            L.Accumulate(ref s31, x3, y1);
            L.Accumulate(ref s32, x3, y2);
            L.Accumulate(ref s33, x3, y3);
        }
        Store4(c0, next, s00, s01, s02, s03);
        Store4(c1, next, s10, s11, s12, s13);
        Store4(c2, next, s20, s21, s22, s23);
        Store4(c3, next, s30, s31, s32, s33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store4<L>(float* to, nint next, L a, L b, L c, L d) where L : struct, IVectorLane<L>
    {
        L.Store(to, a);
        L.Store(to + next, b);
        L.Store(to + 2 * next, c);
        L.Store(to + 3 * next, d);
    }
}
