using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>The loss of temporal efficient training of each sample and its gradient, as many steps at once as a lane has elements.</summary>
internal unsafe struct TetLoss(Cpu cpu, float* sequence, int* lengths, int* labels, float* softLabels, float smoothing, float lambda, float target,
    float* dSequence, double* losses, int batch, int steps, int classes) : IWidthBody
{
    public readonly void Run<L>() where L : struct, IVectorLane<L>
    {
        int grain = Rows.Grain(cpu, batch, 1 + (int)(ElementMap.Block / Math.Max((long)steps * classes, 1)));
        Rows.For(cpu, batch, grain, new Samples<L>(sequence, lengths, labels, softLabels, smoothing, lambda, target, dSequence, losses, batch, steps, classes));
    }

    private struct Samples<L>(float* sequence, int* lengths, int* labels, float* softLabels, float smoothing, float lambda, float target, float* dSequence,
        double* losses, int batch, int steps, int classes) : IRows
        where L : struct, IVectorLane<L>
    {
        public readonly void Run(int start, int end)
        {
            for (int b = start; b < end; b++)
            {
                nint first = (nint)b * steps * classes;
                int length = Lengths.Of(lengths, b, steps);
                float* soft = softLabels is null ? null : softLabels + (nint)b * classes;
                losses[b] = length == 0 ? 0 : Sample(new LossTarget(labels is null ? 0 : labels[b], soft, smoothing, classes), sequence + first, dSequence + first, length);
                new Span<float>(dSequence + first + (nint)length * classes, (steps - length) * classes).Clear();
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly double Sample(LossTarget wanted, float* z, float* dZ, int length)
        {
            float* tile = (float*)Scratch.Take((nint)Softmax.TileSize<L>(classes) * sizeof(float));
            float* logSum = stackalloc float[16];
            float entropyScale = (float)((1 - (double)lambda) / ((double)length * batch));
            float errorScale = (float)(2 * (double)lambda / ((double)length * classes * batch));
            double entropy = 0;
            for (int t = 0; t < length; t += L.Count)
            {
                int count = Math.Min(L.Count, length - t);
                nint offset = (nint)t * classes;
                Softmax.Gather<L>(z + offset, count, classes, tile);
                Softmax.Apply<L>(tile, classes, logSum);
                Softmax.Scatter<L>(tile, count, classes, dZ + offset);
                for (int i = 0; i < count; i++, offset += classes)
                {
                    entropy += wanted.CrossEntropy(z + offset, logSum[i]);
                    wanted.Gradient<L>(dZ + offset, entropyScale);
                }
            }
            int outputs = length * classes;
            AddError(z, dZ, outputs, errorScale);
            double error = RowFold.Run<RowFold.Squares, L>(z, z, target, outputs);
            return (1 - (double)lambda) * (entropy / length) + lambda * (error / outputs);
        }

        /// <summary>dZ += scale·(z − target).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void AddError(float* z, float* dZ, int count, float scale)
        {
            int i = 0;
            for (; i + L.Count <= count; i += L.Count)
                L.Store(dZ + i, L.MulAdd(L.Load(z + i) - L.Of(target), L.Of(scale), L.Load(dZ + i)));
            for (; i < count; i++)
                F32.Store(dZ + i, F32.MulAdd(F32.Load(z + i) - F32.Of(target), F32.Of(scale), F32.Load(dZ + i)));
        }
    }
}
