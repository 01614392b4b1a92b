using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>max_t y_t, with lanes across classes.</summary>
internal unsafe struct MaxReadout : IReadout
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<L>(float* y, float* scores, int steps, int classes) where L : struct, IVectorLane<L>
    {
        int c = 0;
        for (; c + L.Count <= classes; c += L.Count)
            L.Store(scores + c, Largest<L>(y + c, steps, classes));
        for (; c < classes; c++)
            F32.Store(scores + c, Largest<F32>(y + c, steps, classes));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<L>(float* y, float* dScores, float* dY, int steps, int classes) where L : struct, IVectorLane<L>
    {
        new Span<float>(dY, steps * classes).Clear();
        float* first = stackalloc float[16];
        int c = 0;
        for (; c + L.Count <= classes; c += L.Count)
        {
            L.Store(first, WhereLargest<L>(y + c, steps, classes));
            for (int i = 0; i < L.Count; i++)
                dY[(nint)first[i] * classes + c + i] = dScores[c + i];
        }
        for (; c < classes; c++)
            dY[(nint)WhereLargest<F32>(y + c, steps, classes).Value * classes + c] = dScores[c];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Largest<L>(float* y, int steps, int classes) where L : struct, IVectorLane<L>
    {
        L largest = L.Load(y);
        for (nint t = 1; t < steps; t++)
            largest = L.Max(largest, L.Load(y + t * classes));
        return largest;
    }

    /// <summary>The first step that holds the maximum, as a float: exact up to 2²⁴ steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L WhereLargest<L>(float* y, int steps, int classes) where L : struct, IVectorLane<L>
    {
        L largest = L.Load(y), where = L.Of(0);
        for (nint t = 1; t < steps; t++)
        {
            L value = L.Load(y + t * classes);
            where = L.IfGreater(value, largest, L.Of(t), where);
            largest = L.IfGreater(value, largest, value, largest);
        }
        return where;
    }
}
