using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Volley.Kernels.Spikes;

/// <summary>Transposition of a panel of floats.</summary>
internal static unsafe class Transpose
{
    /// <summary>result[c, r] = source[r, c] for r &lt; rows, 0 for rows ≤ r &lt; <paramref name="padded"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* source, nint sourceStride, float* result, nint resultStride, int rows, int columns, int padded)
    {
        int r = 0;
        if (Sse.IsSupported)
        {
            for (; r <= rows - 4; r += 4)
            {
                float* from = source + r * sourceStride;
                int c = 0;
                for (; c <= columns - 4; c += 4)
                    Four(from + c, sourceStride, result + c * resultStride + r, resultStride);
                for (; c < columns; c++)
                {
                    for (int k = 0; k < 4; k++)
                        result[c * resultStride + r + k] = from[k * sourceStride + c];
                }
            }
        }
        for (; r < padded; r++)
        {
            for (int c = 0; c < columns; c++)
                result[c * resultStride + r] = r < rows ? source[r * sourceStride + c] : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* source, nint sourceStride, float* result, nint resultStride)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + sourceStride);
        Vector128<float> c = Vector128.Load(source + 2 * sourceStride), d = Vector128.Load(source + 3 * sourceStride);
        Vector128<float> abLow = Sse.UnpackLow(a, b), abHigh = Sse.UnpackHigh(a, b), cdLow = Sse.UnpackLow(c, d), cdHigh = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(abLow, cdLow).Store(result);
        Sse.MoveHighToLow(cdLow, abLow).Store(result + resultStride);
        Sse.MoveLowToHigh(abHigh, cdHigh).Store(result + 2 * resultStride);
        Sse.MoveHighToLow(cdHigh, abHigh).Store(result + 3 * resultStride);
    }
}
