using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Copies blocks of A and B into the order in which the tile reads them.</summary>
/// <remarks>
/// A: panels of 12, 8, 6, 4, 2 or 1 rows (<see cref="GemmBlock.PanelRows"/>), each k × rows; the panel of row i starts at i·k.
/// B: panels of <see cref="PanelColumns"/> columns, each k × width; the panel of column j starts at j·k. The last one is as wide as its columns
/// rounded up to 16, the rest filled with zeros, so one packing serves every lane width.
/// </remarks>
internal static unsafe class GemmPack
{
    /// <summary>Columns of a panel of B: two lanes of the widest width.</summary>
    public const int PanelColumns = 32;

    /// <summary>Columns that panel takes when <paramref name="columns"/> are left.</summary>
    public static int PanelWidth(int columns) => columns > PanelColumns / 2 ? PanelColumns : PanelColumns / 2;

    /// <summary>Floats that a packed B takes.</summary>
    public static nint Size(int k, int n) => (nint)k * ((n + 15) / 16 * 16);

    /// <summary>B[k, n] with rows <paramref name="ld"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void B<L>(float* b, nint ld, int k, int n, float* packed) where L : struct, IVectorLane<L>
    {
        int whole = n / PanelColumns * PanelColumns;
        int rest = n - whole, width = PanelWidth(rest);
        nint panel = (nint)k * PanelColumns;
        // Row by row, so that memory is read in the order it lies in.
        for (int p = 0; p < k; p++)
        {
            float* source = b + p * ld, destination = packed + (nint)p * PanelColumns;
            for (int j = 0; j < whole; j += PanelColumns, source += PanelColumns, destination += panel)
            {
                for (int i = 0; i < PanelColumns; i += L.Count)
                    L.Store(destination + i, L.Load(source + i));
            }
            if (rest > 0)
            {
                destination = packed + (nint)whole * k + (nint)p * width;
                for (int i = 0; i < width; i += L.Count)
                    L.Store(destination + i, default);
                Copy(source, destination, rest);
            }
        }
    }

    /// <summary>The transpose of B[n, k] with rows <paramref name="ld"/> floats apart.</summary>
    public static void TransposedB(float* b, nint ld, int k, int n, float* packed)
    {
        for (int j = 0; j < n; j += PanelColumns)
        {
            int columns = Math.Min(n - j, PanelColumns), width = PanelWidth(columns);
            float* destination = packed + (nint)j * k;
            Transpose(b + j * ld, ld, columns, k, destination, width);
            for (int p = 0; columns < width && p < k; p++)
                new Span<float>(destination + (nint)p * width + columns, width - columns).Clear();
        }
    }

    /// <summary>A[m, k] with rows <paramref name="ld"/> floats apart.</summary>
    public static void A(float* a, nint ld, int m, int k, float* packed)
    {
        for (int i = 0; i < m;)
        {
            int rows = GemmBlock.PanelRows(m - i);
            Transpose(a + i * ld, ld, rows, k, packed + (nint)i * k, rows);
            i += rows;
        }
    }

    /// <summary>The transpose of A[k, m] with rows <paramref name="ld"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransposedA(float* a, nint ld, int m, int k, float* packed)
    {
        for (int p = 0; p < k; p++)
        {
            float* source = a + p * ld;
            for (int i = 0; i < m;)
            {
                int rows = GemmBlock.PanelRows(m - i);
                float* destination = packed + (nint)i * k + (nint)p * rows;
                if (rows == 12)
                {
                    Vector256.Load(source + i).Store(destination);
                    Vector128.Load(source + i + 8).Store(destination + 8);
                }
                else
                {
                    Copy(source + i, destination, rows);
                }
                i += rows;
            }
        }
    }

    /// <summary>destination[p, r] = source[r, p] for r &lt; <paramref name="rows"/>, p &lt; <paramref name="k"/>; destination's rows are
    /// <paramref name="width"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* source, nint ld, int rows, int k, float* destination, int width)
    {
        int r = 0;
        for (; r + 4 <= rows; r += 4)
        {
            float* s = source + r * ld, d = destination + r;
            nint step = width;
            int p = 0;
            for (; p + 4 <= k; p += 4, s += 4, d += 4 * step)
            {
                Vector128<float> r0 = Vector128.Load(s), r1 = Vector128.Load(s + ld), r2 = Vector128.Load(s + 2 * ld), r3 = Vector128.Load(s + 3 * ld);
                Vector128<float> a = Low(r0, r1), b = High(r0, r1), c = Low(r2, r3), e = High(r2, r3);
                LowPair(a, c).Store(d);
                HighPair(a, c).Store(d + step);
                LowPair(b, e).Store(d + 2 * step);
                HighPair(b, e).Store(d + 3 * step);
            }
            for (; p < k; p++, s++, d += step)
                (d[0], d[1], d[2], d[3]) = (s[0], s[ld], s[2 * ld], s[3 * ld]);
        }
        for (; r < rows; r++)
        {
            float* s = source + r * ld, d = destination + r;
            for (int p = 0; p < k; p++, d += width)
                *d = s[p];
        }
    }

    /// <summary>Copies <paramref name="count"/> floats; faster than a call of memmove for the few that a tile has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* source, float* destination, int count)
    {
        int i = 0;
        for (; i + 8 <= count; i += 8)
            Vector256.Load(source + i).Store(destination + i);
        if (i + 4 <= count)
        {
            Vector128.Load(source + i).Store(destination + i);
            i += 4;
        }
        for (; i < count; i++)
            destination[i] = source[i];
    }

    /// <summary>a0 b0 a1 b1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>a2 b2 a3 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);

    /// <summary>a0 a1 b0 b1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LowPair(Vector128<float> a, Vector128<float> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a.AsDouble(), b.AsDouble()).AsSingle()
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a.AsDouble(), b.AsDouble()).AsSingle()
        : Vector128.Create(a[0], a[1], b[0], b[1]);

    /// <summary>a2 a3 b2 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> HighPair(Vector128<float> a, Vector128<float> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a.AsDouble(), b.AsDouble()).AsSingle()
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a.AsDouble(), b.AsDouble()).AsSingle()
        : Vector128.Create(a[2], a[3], b[2], b[3]);
}
