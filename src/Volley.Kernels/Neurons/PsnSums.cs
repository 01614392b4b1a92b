using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Neurons;

/// <summary>Sums over neurons for the gradients of <see cref="Psn"/>, in 16 partial sums each: neuron n of a tile goes to partial n mod 16.</summary>
/// <remarks>Needs no transpose of X, which for few steps would cost more than the product.</remarks>
internal static unsafe class PsnSums
{
    /// <summary>Partials of one sum.</summary>
    public const int Lanes = 16;

    /// <summary>sums[i, j] += Σₙ a[i, n]·b[j, n] for n &lt; <paramref name="count"/>, a multiple of 16.</summary>
    public static void Dots<L>(float* a, nint aRow, int aRows, float* b, nint bRow, int bRows, int count, float* sums, nint sumsRow)
        where L : struct, IVectorLane<L>
    {
        if (GemmBlock.ManyRegisters)
            Dots<L, Four>(a, aRow, aRows, b, bRow, bRows, count, sums, sumsRow);
        else
            Dots<L, Two>(a, aRow, aRows, b, bRow, bRows, count, sums, sumsRow);
    }

    /// <summary>Four columns against R rows in registers. Behind the last row or column stand copies of it, which end with the same sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots<L, R>(float* a, nint aRow, int aRows, float* b, nint bRow, int bRows, int count, float* sums, nint sumsRow)
        where L : struct, IVectorLane<L> where R : struct, ICount
    {
        for (int i = 0; i < aRows; i += R.Value)
        {
            nint i1 = Math.Min(i + 1, aRows - 1), i2 = Math.Min(i + 2, aRows - 1), i3 = Math.Min(i + 3, aRows - 1);
            for (int j = 0; j < bRows; j += 4)
            {
                nint j1 = Math.Min(j + 1, bRows - 1), j2 = Math.Min(j + 2, bRows - 1), j3 = Math.Min(j + 3, bRows - 1);
                for (int lane = 0; lane < Lanes; lane += L.Count)
                {
                    float* a0 = a + i * aRow + lane, b0 = b + j * bRow + lane, end = a0 + count;
                    nint a1 = (i1 - i) * aRow, a2 = (i2 - i) * aRow, a3 = (i3 - i) * aRow;
                    nint b1 = (j1 - j) * bRow, b2 = (j2 - j) * bRow, b3 = (j3 - j) * bRow;
                    float* s0 = sums + (i * sumsRow + j) * Lanes + lane, s1 = s0 + (i1 - i) * sumsRow * Lanes;
                    float* s2 = s0 + (i2 - i) * sumsRow * Lanes, s3 = s0 + (i3 - i) * sumsRow * Lanes;
                    nint c1 = (j1 - j) * Lanes, c2 = (j2 - j) * Lanes, c3 = (j3 - j) * Lanes;
                    L s00 = L.Load(s0), s01 = L.Load(s0 + c1), s02 = L.Load(s0 + c2), s03 = L.Load(s0 + c3);
                    L s10 = L.Load(s1), s11 = L.Load(s1 + c1), s12 = L.Load(s1 + c2), s13 = L.Load(s1 + c3);
                    L s20 = L.Load(s2), s21 = L.Load(s2 + c1), s22 = L.Load(s2 + c2), s23 = L.Load(s2 + c3);
                    L s30 = L.Load(s3), s31 = L.Load(s3 + c1), s32 = L.Load(s3 + c2), s33 = L.Load(s3 + c3);
                    for (; a0 < end; a0 += Lanes, b0 += Lanes)
                    {
                        L y0 = L.Load(b0), y1 = L.Load(b0 + b1), y2 = L.Load(b0 + b2), y3 = L.Load(b0 + b3);
                        Add(L.Load(a0), y0, y1, y2, y3, ref s00, ref s01, ref s02, ref s03);
                        Add(L.Load(a0 + a1), y0, y1, y2, y3, ref s10, ref s11, ref s12, ref s13);
                        if (R.Value > 2)
                        {
                            Add(L.Load(a0 + a2), y0, y1, y2, y3, ref s20, ref s21, ref s22, ref s23);
                            Add(L.Load(a0 + a3), y0, y1, y2, y3, ref s30, ref s31, ref s32, ref s33);
                        }
                    }
                    Store(s0, c1, c2, c3, s00, s01, s02, s03);
                    Store(s1, c1, c2, c3, s10, s11, s12, s13);
                    if (R.Value > 2)
                    {
                        Store(s2, c1, c2, c3, s20, s21, s22, s23);
                        Store(s3, c1, c2, c3, s30, s31, s32, s33);
                    }
                }
            }
        }
    }

    /// <summary>sums[i mod <paramref name="cycle"/>] += Σₙ a[i, n] for n &lt; <paramref name="count"/>, a multiple of 16; the cycle is a multiple of 4, or
    /// no shorter than the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows<L>(float* a, nint aRow, int aRows, int count, float* sums, int cycle) where L : struct, IVectorLane<L>
    {
        for (int lane = 0; lane < Lanes; lane += L.Count)
        {
            int i = 0;
            for (; i + 4 <= aRows; i += 4)
            {
                float* a0 = a + i * aRow + lane, end = a0 + count, s = sums + i % cycle * Lanes + lane;
                L s0 = L.Load(s), s1 = L.Load(s + Lanes), s2 = L.Load(s + 2 * Lanes), s3 = L.Load(s + 3 * Lanes);
                for (; a0 < end; a0 += Lanes)
                    (s0, s1, s2, s3) = (s0 + L.Load(a0), s1 + L.Load(a0 + aRow), s2 + L.Load(a0 + 2 * aRow), s3 + L.Load(a0 + 3 * aRow));
                L.Store(s, s0);
                L.Store(s + Lanes, s1);
                L.Store(s + 2 * Lanes, s2);
                L.Store(s + 3 * Lanes, s3);
            }
            for (; i < aRows; i++)
            {
                float* a0 = a + i * aRow + lane, end = a0 + count, s = sums + i % cycle * Lanes + lane;
                L sum = L.Load(s);
                for (; a0 < end; a0 += Lanes)
                    sum += L.Load(a0);
                L.Store(s, sum);
            }
        }
    }

    /// <summary>The sum of the partials.</summary>
    public static float Join(float* partials) => RowFold.Join<RowFold.Sum>(partials);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<L>(L x, L y0, L y1, L y2, L y3, ref L s0, ref L s1, ref L s2, ref L s3) where L : struct, IVectorLane<L>
    {
        L.Accumulate(ref s0, x, y0);
        L.Accumulate(ref s1, x, y1);
        L.Accumulate(ref s2, x, y2);
        L.Accumulate(ref s3, x, y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<L>(float* s, nint c1, nint c2, nint c3, L s0, L s1, L s2, L s3) where L : struct, IVectorLane<L>
    {
        L.Store(s, s0);
        L.Store(s + c1, s1);
        L.Store(s + c2, s2);
        L.Store(s + c3, s3);
    }
}
