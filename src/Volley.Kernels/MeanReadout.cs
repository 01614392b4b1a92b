using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Σ_t y_t / steps.</summary>
internal unsafe struct MeanReadout : IReadout
{
    public static void Forward<L>(float* y, float* scores, int steps, int classes) where L : struct, IVectorLane<L>
    {
        SumReadout.Forward<L>(y, scores, steps, classes);
        for (int c = 0; c < classes; c++)
            scores[c] /= steps;
    }

    public static void Backward<L>(float* y, float* dScores, float* dY, int steps, int classes) where L : struct, IVectorLane<L>
    {
        for (int c = 0; c < classes; c++)
            dY[c] = dScores[c] / steps;
        SumReadout.Backward<L>(y, dY, dY, steps, classes);
    }
}
