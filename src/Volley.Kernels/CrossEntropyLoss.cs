using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Cross entropy of each sample and its gradient, as many samples at once as a lane has elements.</summary>
internal unsafe struct CrossEntropyLoss(Cpu cpu, float* logits, int* labels, float* softLabels, float smoothing, float* dLogits, double* losses, int batch, int classes)
    : IWidthBody
{
    public readonly void Run<L>() where L : struct, IVectorLane<L> =>
        Rows.For(cpu, batch, Rows.Grain(cpu, batch, 64), new Samples<L>(logits, labels, softLabels, smoothing, dLogits, losses, 1f / batch, classes));

    private struct Samples<L>(float* logits, int* labels, float* softLabels, float smoothing, float* dLogits, double* losses, float scale, int classes) : IRows
        where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            float* tile = (float*)Scratch.Take((nint)Softmax.TileSize<L>(classes) * sizeof(float));
            float* logSum = stackalloc float[16];
            for (int first = start; first < end; first += L.Count)
            {
                int count = Math.Min(L.Count, end - first);
                nint offset = (nint)first * classes;
                Softmax.Gather<L>(logits + offset, count, classes, tile);
                Softmax.Apply<L>(tile, classes, logSum);
                Softmax.Scatter<L>(tile, count, classes, dLogits + offset);
                for (int i = 0; i < count; i++, offset += classes)
                {
                    int b = first + i;
                    var target = new LossTarget(labels is null ? 0 : labels[b], softLabels is null ? null : softLabels + offset, smoothing, classes);
                    losses[b] = target.CrossEntropy(logits + offset, logSum[i]);
                    target.Gradient<L>(dLogits + offset, scale);
                }
            }
        }
    }
}
