using System.Runtime.CompilerServices;

namespace Volley.Kernels;

/// <summary>Mean squared distance of a sample's spike counts from their targets, and its gradient.</summary>
internal unsafe struct SpikeCountRows(float* counts, int* labels, int* lengths, float correctRate, float wrongRate, float* dCounts, double* losses,
    int batch, int steps, int classes) : IRows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int start, int end)
    {
        double scale = 2.0 / ((double)batch * classes);
        for (int b = start; b < end; b++)
        {
            float* x = counts + (nint)b * classes, dx = dCounts + (nint)b * classes;
            int length = Lengths.Of(lengths, b, steps);
            double sum = 0;
            for (int c = 0; c < classes; c++)
            {
                double distance = x[c] - (double)(c == labels[b] ? correctRate : wrongRate) * length;
                sum += distance * distance;
                dx[c] = (float)(scale * distance);
            }
            losses[b] = sum / classes;
        }
    }
}
