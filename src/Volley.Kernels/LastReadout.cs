using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>y of the last step.</summary>
internal unsafe struct LastReadout : IReadout
{
    public static void Forward<L>(float* y, float* scores, int steps, int classes) where L : struct, IVectorLane<L> =>
        new ReadOnlySpan<float>(y + (nint)(steps - 1) * classes, classes).CopyTo(new Span<float>(scores, classes));

    public static void Backward<L>(float* y, float* dScores, float* dY, int steps, int classes) where L : struct, IVectorLane<L>
    {
        nint last = (nint)(steps - 1) * classes;
        new Span<float>(dY, (int)last).Clear();
        new ReadOnlySpan<float>(dScores, classes).CopyTo(new Span<float>(dY + last, classes));
    }
}
