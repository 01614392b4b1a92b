using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Cross entropy of every labelled step of each sample and its gradient, as many steps at once as a lane has elements.</summary>
internal unsafe struct StepCrossEntropyLoss(Cpu cpu, float* sequence, int* labels, float smoothing, float* dSequence, double* losses, int batch, int steps, int classes)
    : IWidthBody
{
    public readonly void Run<L>() where L : struct, IVectorLane<L>
    {
        int grain = Rows.Grain(cpu, batch, 1 + (int)(ElementMap.Block / Math.Max((long)steps * classes, 1)));
        Rows.For(cpu, batch, grain, new Samples<L>(sequence, labels, smoothing, dSequence, losses, batch, steps, classes));
    }

    private struct Samples<L>(float* sequence, int* labels, float smoothing, float* dSequence, double* losses, int batch, int steps, int classes) : IRows
        where L : struct, IVectorLane<L>
    {
        public readonly void Run(int start, int end)
        {
            for (int b = start; b < end; b++)
            {
                nint first = (nint)b * steps;
                int labelled = 0;
                for (int t = 0; t < steps; t++)
                    labelled += labels[first + t] >= 0 ? 1 : 0;
                losses[b] = labelled == 0 ? 0 : Sample(labels + first, sequence + first * classes, dSequence + first * classes, labelled);
                if (labelled == 0)
                    new Span<float>(dSequence + first * classes, steps * classes).Clear();
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly double Sample(int* wanted, float* z, float* dZ, int labelled)
        {
            float* tile = (float*)Scratch.Take((nint)Softmax.TileSize<L>(classes) * sizeof(float));
            float* logSum = stackalloc float[16];
            float scale = (float)(1 / ((double)labelled * batch));
            double entropy = 0;
            for (int t = 0; t < steps; t += L.Count)
            {
                int count = Math.Min(L.Count, steps - t);
                nint offset = (nint)t * classes;
                // Rows do not meet in a tile, so what an unlabelled step holds is of no account.
                Softmax.Gather<L>(z + offset, count, classes, tile);
                Softmax.Apply<L>(tile, classes, logSum);
                Softmax.Scatter<L>(tile, count, classes, dZ + offset);
                for (int i = 0; i < count; i++, offset += classes)
                {
                    if (wanted[t + i] < 0)
                    {
                        new Span<float>(dZ + offset, classes).Clear();
                        continue;
                    }
                    var target = new LossTarget(wanted[t + i], null, smoothing, classes);
                    entropy += target.CrossEntropy(z + offset, logSum[i]);
                    target.Gradient<L>(dZ + offset, scale);
                }
            }
            return entropy / labelled;
        }
    }
}
