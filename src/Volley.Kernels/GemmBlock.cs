using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>One thread's share of a dense product: cuts it into blocks that fit the caches and hands tiles to <see cref="GemmTile"/>.</summary>
/// <remarks>
/// After Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication", with the inner loops the other way round: a panel of A
/// (12 × k) stays in L1 while the panels of B stream from L2, so C is walked along its rows. Measured 3-10 % faster here than the panel of B in L1:
/// fewer blocks of k, and no page of C touched per row. Between blocks of k the unfinished chains rest in C, so blocking changes no bit.
/// </remarks>
internal static unsafe class GemmBlock
{
    // A block of B is 1 MiB, half of this machine's L2; 12 x 512 floats of A are 24 KiB, half of L1.
    private const int BlockK = 512;
    private const int BlockN = 512;
    private const int BlockM = 96;

    // Packing B pays when enough rows share it; packing A when enough panels do, and always where a panel would be read across the rows of A.
    private const int DirectRows = 16;
    private const int DirectColumns = 256;

    // A tile of 12 x 32 floats, then the bias of its columns.
    public const int EdgeFloats = 12 * GemmPack.PanelColumns + GemmPack.PanelColumns;

    // Twelve rows of two lanes want 27 registers; AVX2 and older x86 have 16.
    public static readonly bool ManyRegisters = Vector512.IsHardwareAccelerated || AdvSimd.IsSupported;

    /// <summary>Rows of the next panel when <paramref name="rows"/> are left; never more than are left, so no tile reads or writes past the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PanelRows(int rows)
    {
        if (ManyRegisters)
        {
            if (rows >= 12)
                return 12;
            if (rows >= 8)
                return 8;
        }
        return rows >= 6 ? 6 : rows >= 4 ? 4 : rows >= 2 ? 2 : 1;
    }

    /// <summary>Rows i0 … i1 − 1 and columns j0 … j1 − 1 of C; j0 is a multiple of <see cref="GemmPack.PanelColumns"/>.</summary>
    public static void Run<L>(in GemmOperands x, int i0, int i1, int j0, int j1) where L : struct, IVectorLane<L>
    {
        if (x.BLayout == GemmLayout.Plain && i1 - i0 <= DirectRows)
            Direct<L>(x, i0, i1, j0, j1);
        else
            Blocked<L>(x, i0, i1, j0, j1);
    }

    /// <summary>All of C for a small k, where N is a multiple of 32: B is read where it lies, and two lanes of its columns stay in L1 for all rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Strips<L>(in GemmOperands x) where L : struct, IVectorLane<L>
    {
        var strip = new Strip { ARow = x.ARow, AStep = x.AStep, CRow = x.CRow, K = x.K, Accumulate = x.Accumulate };
        for (int j = 0; j < x.N; j += 2 * L.Count)
        {
            for (int i = 0; i < x.M; i += strip.Rows)
            {
                strip.A = x.A + i * x.ARow;
                strip.C = x.C + i * x.CRow;
                strip.Rows = PanelRows(x.M - i);
                Tile<L, Two>(strip, j, x.B + j, x.BRow);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocked<L>(in GemmOperands x, int i0, int i1, int j0, int j1) where L : struct, IVectorLane<L>
    {
        int kBlock = Even(x.K, BlockK, 1), mBlock = Even(i1 - i0, BlockM, 12), nBlock = Even(j1 - j0, BlockN, GemmPack.PanelColumns);
        bool packA = j1 - j0 > DirectColumns || x.AStep != 1;
        nint sizeA = packA ? ((nint)mBlock * kBlock + 15) / 16 * 16 : 0, sizeB = x.BLayout == GemmLayout.Packed ? 0 : GemmPack.Size(kBlock, nBlock);
        float* scratch = Scratch.Floats(EdgeFloats + sizeA + sizeB), packedA = scratch + EdgeFloats, packedB = packedA + sizeA;
        // What lies behind an edge must not be denormal: that would be slow.
        new Span<float>(scratch, EdgeFloats).Clear();

        for (int jc = j0; jc < j1; jc += nBlock)
        {
            int nc = Math.Min(nBlock, j1 - jc);
            // At least once: with k = 0 there is still C to clear and the bias to add.
            for (int pc = 0; pc == 0 || pc < x.K; pc += kBlock)
            {
                int kc = Math.Min(kBlock, x.K - pc);
                Panels b = PackB<L>(x, jc, nc, pc, kc, packedB);
                for (int ic = i0; ic < i1; ic += mBlock)
                {
                    int mc = Math.Min(mBlock, i1 - ic);
                    float* a = x.A + ic * x.ARow + pc * x.AStep;
                    if (packA && x.AStep == 1)
                        GemmPack.A(a, x.ARow, mc, kc, packedA);
                    else if (packA)
                        GemmPack.TransposedA(a, x.AStep, mc, kc, packedA);

                    for (int i = 0; i < mc;)
                    {
                        int rows = PanelRows(mc - i);
                        var strip = new Strip
                        {
                            A = packA ? packedA + (nint)i * kc : a + i * x.ARow,
                            ARow = packA ? 1 : x.ARow,
                            AStep = packA ? rows : x.AStep,
                            C = x.C + (ic + i) * x.CRow + jc,
                            CRow = x.CRow,
                            Rows = rows,
                            K = kc,
                            Accumulate = x.Accumulate || pc > 0,
                            Bias = x.Bias is not null && pc + kc >= x.K ? x.Bias + jc : null,
                        };
                        Multiply<L>(strip, b, scratch);
                        i += rows;
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

    /// <summary>Rows pc … pc + kc − 1 and columns jc … jc + nc − 1 of B as panels.</summary>
    private static Panels PackB<L>(in GemmOperands x, int jc, int nc, int pc, int kc, float* packed) where L : struct, IVectorLane<L>
    {
        // A packed matrix holds all of k, a block only its own part.
        if (x.BLayout == GemmLayout.Packed)
            return new Panels { B = x.B + jc * (nint)x.K, Depth = x.K, FirstRow = pc, Columns = nc };
        if (x.BLayout == GemmLayout.Plain)
            GemmPack.B<L>(x.B + pc * x.BRow + jc, x.BRow, kc, nc, packed);
        else
            GemmPack.TransposedB(x.B + jc * x.BRow + pc, x.BRow, kc, nc, packed);
        return new Panels { B = packed, Depth = kc, FirstRow = 0, Columns = nc };
    }

    /// <summary>Panels of B, <see cref="Depth"/> rows each, of which the product starts at row <see cref="FirstRow"/>.</summary>
    internal struct Panels
    {
        public float* B;
        public nint Depth, FirstRow;
        public int Columns;
    }

    /// <summary>Up to 12 rows of A and of C; steps count floats, Bias is null unless k ends here.</summary>
    internal struct Strip
    {
        public float* A, C, Bias;
        public nint ARow, AStep, CRow;
        public int Rows, K;
        public bool Accumulate;
    }

    /// <summary>One strip against all panels.</summary>
    /// <param name="scratch"><see cref="EdgeFloats"/> floats, cleared once.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<L>(in Strip s, in Panels b, float* scratch) where L : struct, IVectorLane<L>
    {
        for (int j = 0; j < b.Columns; j += GemmPack.PanelColumns)
        {
            int columns = Math.Min(b.Columns - j, GemmPack.PanelColumns), width = GemmPack.PanelWidth(columns);
            float* panel = b.B + j * b.Depth + b.FirstRow * width;
            for (int lane = 0; lane < columns; lane += 2 * L.Count)
            {
                int left = columns - lane;
                if (left >= 2 * L.Count)
                    Tile<L, Two>(s, j + lane, panel + lane, width);
                else if (left == L.Count)
                    Tile<L, One>(s, j + lane, panel + lane, width);
                else if (left < L.Count)
                    Edge<L, One>(s, j + lane, panel + lane, width, left, scratch);
                else
                    Edge<L, Two>(s, j + lane, panel + lane, width, left, scratch);
            }
        }
    }

    /// <summary>Few rows: B is read where it lies, and the columns that fill no lane are left to narrower lanes, which give the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Direct<L>(in GemmOperands x, int i0, int i1, int j0, int j1) where L : struct, IVectorLane<L>
    {
        int columns = (j1 - j0) / L.Count * L.Count;
        for (int i = i0; i < i1;)
        {
            int rows = PanelRows(i1 - i);
            var strip = new Strip
            {
                A = x.A + i * x.ARow,
                ARow = x.ARow,
                AStep = x.AStep,
                C = x.C + i * x.CRow + j0,
                CRow = x.CRow,
                Rows = rows,
                K = x.K,
                Accumulate = x.Accumulate,
                Bias = x.Bias is not null ? x.Bias + j0 : null,
            };
            int j = 0;
            if (rows == 1)
            {
                for (; j + 8 * L.Count <= columns; j += 8 * L.Count)
                {
                    GemmTile.Row<L>(strip.A, strip.AStep, x.B + j0 + j, x.BRow, strip.C + j, x.K, x.Accumulate, strip.Bias is not null ? strip.Bias + j : null);
                }
            }
            for (; j + 2 * L.Count <= columns; j += 2 * L.Count)
                Tile<L, Two>(strip, j, x.B + j0 + j, x.BRow);
            if (j < columns)
                Tile<L, One>(strip, j, x.B + j0 + j, x.BRow);
            i += rows;
        }

        int rest = j0 + columns;
        if (rest == j1)
            return;
        if (L.Count == 16)
            Direct<F32x8>(x, i0, i1, rest, j1);
        else if (L.Count == 8)
            Direct<F32x4>(x, i0, i1, rest, j1);
        else
            Direct<F32>(x, i0, i1, rest, j1);
    }

    /// <summary>The strip's columns from <paramref name="j"/> on, as many as V lanes have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<L, V>(in Strip s, int j, float* b, nint bStep) where L : struct, IVectorLane<L> where V : struct, ICount =>
        Tile<L, V>(s, b, bStep, s.C + j, s.CRow, s.Accumulate, s.Bias is not null ? s.Bias + j : null);

    /// <summary>As <see cref="Tile{L,V}(in Strip, int, float*, nint)"/> where only some of the columns exist: the tile lies in scratch, its valid part is copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Edge<L, V>(in Strip s, int j, float* b, nint bStep, int columns, float* scratch) where L : struct, IVectorLane<L> where V : struct, ICount
    {
        int width = V.Value * L.Count;
        float* c = s.C + j, bias = null;
        if (s.Bias is not null)
        {
            bias = scratch + 12 * GemmPack.PanelColumns;
            GemmPack.Copy(s.Bias + j, bias, columns);
        }
        if (s.Accumulate)
        {
            for (int r = 0; r < s.Rows; r++)
                GemmPack.Copy(c + r * s.CRow, scratch + r * width, columns);
        }
        Tile<L, V>(s, b, bStep, scratch, width, s.Accumulate, bias);
        for (int r = 0; r < s.Rows; r++)
            GemmPack.Copy(scratch + r * width, c + r * s.CRow, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<L, V>(in Strip s, float* b, nint bStep, float* c, nint cRow, bool accumulate, float* bias)
        where L : struct, IVectorLane<L> where V : struct, ICount
    {
        byte* pa = (byte*)s.A, pb = (byte*)b, pc = (byte*)c;
        nint row = s.ARow * sizeof(float), step = s.AStep * sizeof(float);
        (bStep, cRow) = (bStep * sizeof(float), cRow * sizeof(float));
        switch (s.Rows)
        {
            case 12: GemmTile.Run<L, Twelve, V>(pa, row, step, pb, bStep, pc, cRow, s.K, accumulate, bias); break;
            case 8: GemmTile.Run<L, Eight, V>(pa, row, step, pb, bStep, pc, cRow, s.K, accumulate, bias); break;
            case 6: GemmTile.Run<L, Six, V>(pa, row, step, pb, bStep, pc, cRow, s.K, accumulate, bias); break;
            case 4: GemmTile.Run<L, Four, V>(pa, row, step, pb, bStep, pc, cRow, s.K, accumulate, bias); break;
            case 2: GemmTile.Run<L, Two, V>(pa, row, step, pb, bStep, pc, cRow, s.K, accumulate, bias); break;
            default: GemmTile.Run<L, One, V>(pa, row, step, pb, bStep, pc, cRow, s.K, accumulate, bias); break;
        }
    }
}
