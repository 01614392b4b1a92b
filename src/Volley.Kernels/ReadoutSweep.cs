using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Runs a readout over the samples of a batch, forward or backward.</summary>
/// <param name="scores">The scores [batch, classes], written; backward their gradient, read.</param>
internal unsafe struct ReadoutSweep<TReadout>(Cpu cpu, bool backward, float* sequence, int* lengths, float* scores, float* dSequence, int batch, int steps, int classes)
    : IWidthBody
    where TReadout : struct, IReadout
{
    public readonly void Run<L>() where L : struct, IVectorLane<L>
    {
        int grain = Rows.Grain(cpu, batch, 1 + (int)(ElementMap.Block / Math.Max((long)steps * classes, 1)));
        if (backward)
            Rows.For(cpu, batch, grain, new BackwardRows<L>(sequence, lengths, scores, dSequence, steps, classes));
        else
            Rows.For(cpu, batch, grain, new ForwardRows<L>(sequence, lengths, scores, steps, classes));
    }

    private struct ForwardRows<L>(float* sequence, int* lengths, float* scores, int steps, int classes) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            for (int b = start; b < end; b++)
            {
                int length = Lengths.Of(lengths, b, steps);
                float* s = scores + (nint)b * classes;
                if (length == 0)
                    new Span<float>(s, classes).Clear();
                else
                    TReadout.Forward<L>(sequence + (nint)b * steps * classes, s, length, classes);
            }
        }
    }

    private struct BackwardRows<L>(float* sequence, int* lengths, float* dScores, float* dSequence, int steps, int classes) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            for (int b = start; b < end; b++)
            {
                int length = Lengths.Of(lengths, b, steps);
                nint first = (nint)b * steps * classes;
                if (length > 0)
                    TReadout.Backward<L>(sequence + first, dScores + (nint)b * classes, dSequence + first, length, classes);
                new Span<float>(dSequence + first + (nint)length * classes, (steps - length) * classes).Clear();
            }
        }
    }
}
