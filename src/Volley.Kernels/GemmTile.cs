using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>A number the compiler knows, so that one source of the tile gives a kernel for every tile size.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}

internal readonly struct One : ICount { public static int Value => 1; }
internal readonly struct Two : ICount { public static int Value => 2; }
internal readonly struct Four : ICount { public static int Value => 4; }
internal readonly struct Six : ICount { public static int Value => 6; }
internal readonly struct Eight : ICount { public static int Value => 8; }
internal readonly struct Twelve : ICount { public static int Value => 12; }

/// <summary>The registers of the dense product: a tile of C with up to 12 rows and 2 lanes stays in registers while k runs.</summary>
internal static unsafe class GemmTile
{
    /// <summary>
    /// C[R, V·lanes] = (C or 0) + Σₚ A[i, p]·B[p, j], p ascending, one fused multiply-add chain an element; then + bias[j].
    /// A's element (i, p) lies at a + i·rowStep + p·step (bytes); B's row p at b + p·bStep and C's row i at c + i·cStep (bytes).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<L, R, V>(
        byte* a, nint rowStep, nint step, byte* b, nint bStep, byte* c, nint cStep, int k, bool accumulate, float* bias)
        where L : struct, IVectorLane<L> where R : struct, ICount where V : struct, ICount
    {
        L c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        L c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        L c60 = default, c61 = default, c70 = default, c71 = default, c80 = default, c81 = default;
        L c90 = default, c91 = default, cA0 = default, cA1 = default, cB0 = default, cB1 = default;
        byte* c3 = c + 3 * cStep, c6 = c3 + 3 * cStep, c9 = c6 + 3 * cStep;
        if (accumulate)
        {
            Load<L, V>(c, ref c00, ref c01);
            if (R.Value > 1) Load<L, V>(c + cStep, ref c10, ref c11);
            if (R.Value > 2) Load<L, V>(c + 2 * cStep, ref c20, ref c21);
            if (R.Value > 3) Load<L, V>(c3, ref c30, ref c31);
            if (R.Value > 4) Load<L, V>(c3 + cStep, ref c40, ref c41);
            if (R.Value > 5) Load<L, V>(c3 + 2 * cStep, ref c50, ref c51);
            if (R.Value > 6) Load<L, V>(c6, ref c60, ref c61);
            if (R.Value > 7) Load<L, V>(c6 + cStep, ref c70, ref c71);
            if (R.Value > 8) Load<L, V>(c6 + 2 * cStep, ref c80, ref c81);
            if (R.Value > 9) Load<L, V>(c9, ref c90, ref c91);
            if (R.Value > 10) Load<L, V>(c9 + cStep, ref cA0, ref cA1);
            if (R.Value > 11) Load<L, V>(c9 + 2 * cStep, ref cB0, ref cB1);
        }

        byte* a3 = a + 3 * rowStep, a6 = a3 + 3 * rowStep, a9 = a6 + 3 * rowStep;
        // The next panel of A lies right behind this one, unless rows are further apart than they are long. Its twelve streams are too many for the
        // hardware to foresee: N = 20 outputs of 25600 rows ran 1.6 times as long without this.
        byte* ahead = a + R.Value * rowStep;
        nint aheadStep = rowStep <= step * k ? sizeof(float) * R.Value : 0;
        for (; k > 0; k--)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(ahead);
                ahead += aheadStep;
            }
            L b0 = L.Load((float*)b), b1 = V.Value > 1 ? L.Load((float*)b + L.Count) : default;
            Add<L, V>(a, b0, b1, ref c00, ref c01);
            if (R.Value > 1) Add<L, V>(a + rowStep, b0, b1, ref c10, ref c11);
            if (R.Value > 2) Add<L, V>(a + 2 * rowStep, b0, b1, ref c20, ref c21);
            if (R.Value > 3) Add<L, V>(a3, b0, b1, ref c30, ref c31);
            if (R.Value > 4) Add<L, V>(a3 + rowStep, b0, b1, ref c40, ref c41);
            if (R.Value > 5) Add<L, V>(a3 + 2 * rowStep, b0, b1, ref c50, ref c51);
            if (R.Value > 6) Add<L, V>(a6, b0, b1, ref c60, ref c61);
            if (R.Value > 7) Add<L, V>(a6 + rowStep, b0, b1, ref c70, ref c71);
            if (R.Value > 8) Add<L, V>(a6 + 2 * rowStep, b0, b1, ref c80, ref c81);
            if (R.Value > 9) Add<L, V>(a9, b0, b1, ref c90, ref c91);
            if (R.Value > 10) Add<L, V>(a9 + rowStep, b0, b1, ref cA0, ref cA1);
            if (R.Value > 11) Add<L, V>(a9 + 2 * rowStep, b0, b1, ref cB0, ref cB1);
            a += step;
            if (R.Value > 3) a3 += step;
            if (R.Value > 6) a6 += step;
            if (R.Value > 9) a9 += step;
            b += bStep;
        }

        if (bias is not null)
        {
            L b0 = L.Load(bias), b1 = V.Value > 1 ? L.Load(bias + L.Count) : default;
            (c00, c01, c10, c11, c20, c21) = (c00 + b0, c01 + b1, c10 + b0, c11 + b1, c20 + b0, c21 + b1);
            (c30, c31, c40, c41, c50, c51) = (c30 + b0, c31 + b1, c40 + b0, c41 + b1, c50 + b0, c51 + b1);
            (c60, c61, c70, c71, c80, c81) = (c60 + b0, c61 + b1, c70 + b0, c71 + b1, c80 + b0, c81 + b1);
            (c90, c91, cA0, cA1, cB0, cB1) = (c90 + b0, c91 + b1, cA0 + b0, cA1 + b1, cB0 + b0, cB1 + b1);
        }

        Store<L, V>(c, c00, c01);
        if (R.Value > 1) Store<L, V>(c + cStep, c10, c11);
        if (R.Value > 2) Store<L, V>(c + 2 * cStep, c20, c21);
        if (R.Value > 3) Store<L, V>(c3, c30, c31);
        if (R.Value > 4) Store<L, V>(c3 + cStep, c40, c41);
        if (R.Value > 5) Store<L, V>(c3 + 2 * cStep, c50, c51);
        if (R.Value > 6) Store<L, V>(c6, c60, c61);
        if (R.Value > 7) Store<L, V>(c6 + cStep, c70, c71);
        if (R.Value > 8) Store<L, V>(c6 + 2 * cStep, c80, c81);
        if (R.Value > 9) Store<L, V>(c9, c90, c91);
        if (R.Value > 10) Store<L, V>(c9 + cStep, cA0, cA1);
        if (R.Value > 11) Store<L, V>(c9 + 2 * cStep, cB0, cB1);
    }

    /// <summary>One row and eight lanes: C[8·lanes] = (C or 0) + Σₚ a[p]·B[p, j], then + bias[j]; steps count floats. A single row has too few
    /// chains in two lanes to keep the multipliers busy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row<L>(float* a, nint step, float* b, nint bStep, float* c, int k, bool accumulate, float* bias) where L : struct, IVectorLane<L>
    {
        L c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        if (accumulate)
        {
            (c0, c1, c2, c3) = (L.Load(c), L.Load(c + L.Count), L.Load(c + 2 * L.Count), L.Load(c + 3 * L.Count));
            (c4, c5, c6, c7) = (L.Load(c + 4 * L.Count), L.Load(c + 5 * L.Count), L.Load(c + 6 * L.Count), L.Load(c + 7 * L.Count));
        }
        for (; k > 0; k--, a += step, b += bStep)
        {
            L value = L.Spread(a);
            L.Accumulate(ref c0, value, L.Load(b));
            L.Accumulate(ref c1, value, L.Load(b + L.Count));
            L.Accumulate(ref c2, value, L.Load(b + 2 * L.Count));
            L.Accumulate(ref c3, value, L.Load(b + 3 * L.Count));
            L.Accumulate(ref c4, value, L.Load(b + 4 * L.Count));
            L.Accumulate(ref c5, value, L.Load(b + 5 * L.Count));
            L.Accumulate(ref c6, value, L.Load(b + 6 * L.Count));
            L.Accumulate(ref c7, value, L.Load(b + 7 * L.Count));
        }
        if (bias is not null)
        {
            (c0, c1, c2, c3) = (c0 + L.Load(bias), c1 + L.Load(bias + L.Count), c2 + L.Load(bias + 2 * L.Count), c3 + L.Load(bias + 3 * L.Count));
            (c4, c5, c6, c7) = (c4 + L.Load(bias + 4 * L.Count), c5 + L.Load(bias + 5 * L.Count), c6 + L.Load(bias + 6 * L.Count), c7 + L.Load(bias + 7 * L.Count));
        }
        L.Store(c, c0);
        L.Store(c + L.Count, c1);
        L.Store(c + 2 * L.Count, c2);
        L.Store(c + 3 * L.Count, c3);
        L.Store(c + 4 * L.Count, c4);
        L.Store(c + 5 * L.Count, c5);
        L.Store(c + 6 * L.Count, c6);
        L.Store(c + 7 * L.Count, c7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<L, V>(byte* a, L b0, L b1, ref L c0, ref L c1) where L : struct, IVectorLane<L> where V : struct, ICount
    {
        L value = L.Spread((float*)a);
        L.Accumulate(ref c0, b0, value);
        if (V.Value > 1)
            L.Accumulate(ref c1, b1, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<L, V>(byte* c, ref L c0, ref L c1) where L : struct, IVectorLane<L> where V : struct, ICount
    {
        c0 = L.Load((float*)c);
        if (V.Value > 1)
            c1 = L.Load((float*)c + L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<L, V>(byte* c, L c0, L c1) where L : struct, IVectorLane<L> where V : struct, ICount
    {
        L.Store((float*)c, c0);
        if (V.Value > 1)
            L.Store((float*)c + L.Count, c1);
    }
}
