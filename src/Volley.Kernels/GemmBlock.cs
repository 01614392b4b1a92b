using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>One thread's share of a dense product: cuts it into blocks that fit the caches and hands tiles to <see cref="GemmTile"/>.</summary>
/// <remarks>
/// Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication": a panel of B (k × 32) stays in L1, a block of A in L2, a block
/// of B in L2 or L3. Between blocks of k the unfinished chains rest in C, so blocking changes no bit.
/// </remarks>
internal static unsafe class GemmBlock
{
    // 256 x 32 floats of B are 32 KiB, two thirds of this machine's L1; measured flat from 192 to 384.
    private const int BlockK = 256;
    private const int BlockM = 480;
    private const int BlockN = 1024;

    // Packing B pays when enough rows share it, packing A when enough panels do.
    private const int DirectRows = 16;
    private const int DirectColumns = 256;

    // Twelve rows of two lanes want 27 registers; AVX2 and older x86 have 16.
    private static readonly bool s_manyRegisters = Vector512.IsHardwareAccelerated || AdvSimd.IsSupported;

    /// <summary>Rows of the next panel when <paramref name="rows"/> are left; never more than are left, so no tile reads or writes past the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PanelRows(int rows)
    {
        if (s_manyRegisters)
        {
            if (rows >= 12)
                return 12;
            if (rows >= 8)
                return 8;
        }
        return rows >= 6 ? 6 : rows >= 4 ? 4 : rows >= 2 ? 2 : 1;
    }

    /// <summary>Rows i0 … i1 − 1 and columns j0 … j1 − 1 of C; j0 is a multiple of <see cref="GemmPack.PanelColumns"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<L>(in GemmOperands x, int i0, int i1, int j0, int j1) where L : struct, IVectorLane<L>
    {
        if (x.BLayout == GemmLayout.Plain && i1 - i0 <= DirectRows)
        {
            Direct<L>(x, i0, i1, j0, j1);
            return;
        }

        int kBlock = Even(x.K, BlockK, 1), mBlock = Even(i1 - i0, BlockM, 12), nBlock = Even(j1 - j0, BlockN, GemmPack.PanelColumns);
        bool packA = j1 - j0 > DirectColumns || (x.AStep != 1 && j1 - j0 > GemmPack.PanelColumns);
        nint sizeA = packA ? (nint)mBlock * kBlock : 0, sizeB = x.BLayout == GemmLayout.Packed ? 0 : GemmPack.Size(kBlock, nBlock);
        sizeA = (sizeA + 15) / 16 * 16;
        float* scratch = Scratch.Floats(EdgeFloats + sizeA + sizeB), packedA = scratch + EdgeFloats, packedB = packedA + sizeA;
        // What lies behind an edge must not be denormal: that would be slow.
        new Span<float>(scratch, EdgeFloats).Clear();

        for (int jc = j0; jc < j1; jc += nBlock)
        {
            int nc = Math.Min(nBlock, j1 - jc);
            for (int pc = 0; pc == 0 || pc < x.K; pc += kBlock)
            {
                int kc = Math.Min(kBlock, x.K - pc);
                bool first = pc == 0, last = pc + kc >= x.K;
                float* b = packedB;
                nint bDepth = kc;
                if (x.BLayout == GemmLayout.Packed)
                {
                    b = x.B + jc * (nint)x.K;
                    bDepth = x.K;
                }
                else if (x.BLayout == GemmLayout.Plain)
                    GemmPack.B<L>(x.B + pc * x.BRow + jc, x.BRow, kc, nc, packedB);
                else
                    GemmPack.TransposedB(x.B + jc * x.BRow + pc, x.BRow, kc, nc, packedB);

                for (int ic = i0; ic < i1; ic += mBlock)
                {
                    int mc = Math.Min(mBlock, i1 - ic);
                    float* a = x.A + ic * x.ARow + pc * x.AStep;
                    if (packA && x.AStep == 1)
                        GemmPack.A(a, x.ARow, mc, kc, packedA);
                    else if (packA)
                        GemmPack.TransposedA(a, x.AStep, mc, kc, packedA);

                    for (int j = 0; j < nc; j += GemmPack.PanelColumns)
                    {
                        int columns = Math.Min(nc - j, GemmPack.PanelColumns), width = GemmPack.PanelWidth(columns);
                        // Only a packed matrix holds more of k than this block.
                        float* panel = b + j * bDepth + (x.BLayout == GemmLayout.Packed ? (nint)pc * width : 0);
                        var strip = new Strip
                        {
                            A = packA ? packedA : a,
                            ARow = x.ARow,
                            AStep = x.AStep,
                            PackedA = packA,
                            BStep = width,
                            CRow = x.CRow,
                            Rows = mc,
                            K = kc,
                            Accumulate = x.Accumulate || !first,
                        };
                        for (int js = 0; js < columns; js += 2 * L.Count)
                        {
                            strip.B = panel + js;
                            strip.C = x.C + ic * x.CRow + jc + j + js;
                            strip.Bias = last && x.Bias is not null ? x.Bias + jc + j + js : null;
                            int left = columns - js;
                            if (left >= 2 * L.Count)
                                Tiles<L, Two>(strip);
                            else if (left == L.Count)
                                Tiles<L, One>(strip);
                            else if (left < L.Count)
                                Edge<L, One>(strip, left, scratch);
                            else
                                Edge<L, Two>(strip, left, scratch);
                        }
                    }
                }
            }
        }
    }

    /// <summary>The size of equal blocks of at most <paramref name="most"/>, a multiple of <paramref name="unit"/>.</summary>
    private static int Even(int total, int most, int unit)
    {
        int blocks = Math.Max(1, (total + most - 1) / most);
        int size = (total + blocks - 1) / blocks;
        return Math.Max(unit, (size + unit - 1) / unit * unit);
    }

    /// <summary>Few rows: B is read where it lies, and the columns that fill no lane are left to narrower lanes, which give the same bits.</summary>
    private static void Direct<L>(in GemmOperands x, int i0, int i1, int j0, int j1) where L : struct, IVectorLane<L>
    {
        var strip = new Strip
        {
            A = x.A + i0 * x.ARow,
            ARow = x.ARow,
            AStep = x.AStep,
            BStep = x.BRow,
            CRow = x.CRow,
            Rows = i1 - i0,
            K = x.K,
            Accumulate = x.Accumulate,
        };
        int j = j0;
        while (j + L.Count <= j1)
        {
            strip.B = x.B + j;
            strip.C = x.C + i0 * x.CRow + j;
            strip.Bias = x.Bias is not null ? x.Bias + j : null;
            if (j + 2 * L.Count <= j1)
            {
                Tiles<L, Two>(strip);
                j += 2 * L.Count;
            }
            else
            {
                Tiles<L, One>(strip);
                j += L.Count;
            }
        }
        if (j == j1)
            return;
        if (L.Count == 16)
            Direct<F32x8>(x, i0, i1, j, j1);
        else if (L.Count == 8)
            Direct<F32x4>(x, i0, i1, j, j1);
        else
            Direct<F32>(x, i0, i1, j, j1);
    }

    /// <summary>All rows of a block against one panel of B.</summary>
    private struct Strip
    {
        public float* A, B, C, Bias;
        public nint ARow, AStep, BStep, CRow;
        public int Rows, K;
        public bool PackedA, Accumulate;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles<L, V>(in Strip s) where L : struct, IVectorLane<L> where V : struct, ICount
    {
        for (int i = 0; i < s.Rows;)
        {
            int rows = PanelRows(s.Rows - i);
            Tile<L, V>(s, i, rows, s.C + i * s.CRow, s.CRow, s.Bias);
            i += rows;
        }
    }

    // A tile of 12 x 32 floats, then the bias of its columns.
    private const int EdgeFloats = 12 * GemmPack.PanelColumns + GemmPack.PanelColumns;

    /// <summary>As <see cref="Tiles"/> where the panel has fewer columns than its lanes: the tile lies in scratch and its valid part is copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Edge<L, V>(in Strip s, int columns, float* scratch) where L : struct, IVectorLane<L> where V : struct, ICount
    {
        int width = V.Value * L.Count;
        float* bias = scratch + 12 * GemmPack.PanelColumns;
        if (s.Bias is not null)
            GemmPack.Copy(s.Bias, bias, columns);
        for (int i = 0; i < s.Rows;)
        {
            int rows = PanelRows(s.Rows - i);
            float* c = s.C + i * s.CRow;
            if (s.Accumulate)
            {
                for (int r = 0; r < rows; r++)
                    GemmPack.Copy(c + r * s.CRow, scratch + r * width, columns);
            }
            Tile<L, V>(s, i, rows, scratch, width, s.Bias is null ? null : bias);
            for (int r = 0; r < rows; r++)
                GemmPack.Copy(scratch + r * width, c + r * s.CRow, columns);
            i += rows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<L, V>(in Strip s, int i, int rows, float* c, nint cRow, float* bias) where L : struct, IVectorLane<L> where V : struct, ICount
    {
        byte* a = (byte*)(s.A + i * (s.PackedA ? s.K : s.ARow));
        nint rowStep = sizeof(float) * (s.PackedA ? 1 : s.ARow), step = sizeof(float) * (s.PackedA ? rows : s.AStep);
        nint bStep = s.BStep * sizeof(float), cStep = cRow * sizeof(float);
        switch (rows)
        {
            case 12: GemmTile.Run<L, Twelve, V>(a, rowStep, step, (byte*)s.B, bStep, (byte*)c, cStep, s.K, s.Accumulate, bias); break;
            case 8: GemmTile.Run<L, Eight, V>(a, rowStep, step, (byte*)s.B, bStep, (byte*)c, cStep, s.K, s.Accumulate, bias); break;
            case 6: GemmTile.Run<L, Six, V>(a, rowStep, step, (byte*)s.B, bStep, (byte*)c, cStep, s.K, s.Accumulate, bias); break;
            case 4: GemmTile.Run<L, Four, V>(a, rowStep, step, (byte*)s.B, bStep, (byte*)c, cStep, s.K, s.Accumulate, bias); break;
            case 2: GemmTile.Run<L, Two, V>(a, rowStep, step, (byte*)s.B, bStep, (byte*)c, cStep, s.K, s.Accumulate, bias); break;
            default: GemmTile.Run<L, One, V>(a, rowStep, step, (byte*)s.B, bStep, (byte*)c, cStep, s.K, s.Accumulate, bias); break;
        }
    }
}
