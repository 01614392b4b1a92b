using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Σ_t softmax(y_t), as many steps at once as a lane has elements.</summary>
internal unsafe struct SumSoftmaxReadout : IReadout
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<L>(float* y, float* scores, int steps, int classes) where L : struct, IVectorLane<L>
    {
        float* p = (float*)Scratch.Take((nint)Softmax.TileSize<L>(classes) * sizeof(float));
        new Span<float>(scores, classes).Clear();
        for (int t = 0; t < steps; t += L.Count)
        {
            int count = Math.Min(L.Count, steps - t);
            Softmax.Gather<L>(y + (nint)t * classes, count, classes, p);
            Softmax.Apply<L>(p, classes);
            for (int c = 0; c < classes; c++)
            {
                float score = scores[c];
                for (int i = 0; i < count; i++)
                    score += p[c * L.Count + i];
                scores[c] = score;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<L>(float* y, float* dScores, float* dY, int steps, int classes) where L : struct, IVectorLane<L>
    {
        float* p = (float*)Scratch.Take((nint)Softmax.TileSize<L>(classes) * sizeof(float));
        for (int t = 0; t < steps; t += L.Count)
        {
            int count = Math.Min(L.Count, steps - t);
            Softmax.Gather<L>(y + (nint)t * classes, count, classes, p);
            Softmax.Apply<L>(p, classes);
            L dot = L.Of(0);
            for (int c = 0; c < classes; c++)
                dot = L.MulAdd(L.Load(p + c * L.Count), L.Of(dScores[c]), dot);
            for (int c = 0; c < classes; c++)
                L.Store(p + c * L.Count, L.Load(p + c * L.Count) * (L.Of(dScores[c]) - dot));
            Softmax.Scatter<L>(p, count, classes, dY + (nint)t * classes);
        }
    }
}
