using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Σ_t y_t.</summary>
internal unsafe struct SumReadout : IReadout
{
    public static void Forward<L>(float* y, float* scores, int steps, int classes) where L : struct, IVectorLane<L>
    {
        new Span<float>(scores, classes).Clear();
        ColumnFold.Sweep<ColumnFold.Sum, L>(y, y, scores, scores, null, classes, steps, classes);
    }

    public static void Backward<L>(float* y, float* dScores, float* dY, int steps, int classes) where L : struct, IVectorLane<L>
    {
        for (nint t = 0; t < steps; t++)
            new ReadOnlySpan<float>(dScores, classes).CopyTo(new Span<float>(dY + t * classes, classes));
    }
}
