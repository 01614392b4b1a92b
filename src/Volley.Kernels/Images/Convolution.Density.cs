using System.Numerics;
using System.Runtime.CompilerServices;

namespace Volley.Kernels;

public static unsafe partial class Convolution
{
    /// <summary>Whether work for the spikes alone is faster than for every element when <paramref name="density"/> of the elements are spikes.</summary>
    public static bool PrefersEvents(double density, ConvolutionCall call) => call.Groups == 1 && SpikeGemm.PrefersEvents(density, call.Outputs);

    /// <summary>How many windows the spikes lie in, all together: each adds a weight to every output of its group.</summary>
    /// <param name="bits">[images · H · W, words of channels]</param>
    /// <param name="call">The sizes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long CountReached(ReadOnlySpan<ulong> bits, ConvolutionCall call)
    {
        call.Check();
        int words = SpikeBits.WordsPerRow(call.Inputs);
        Check.Length(bits.Length, (long)call.Images * call.Height * call.Width, words, nameof(bits));
        var windows = new PoolingCall(1, call.Height, call.Width, 1, call.KernelHeight, call.KernelWidth, call.StrideHeight, call.StrideWidth, call.PadHeight, call.PadWidth);
        long reached = 0;
        for (int row = 0; row < call.Images * call.Height; row++)
        {
            (int firstRow, int endRow) = windows.OutputRowsOf(row % call.Height);
            if (endRow <= firstRow)
                continue;
            for (int column = 0; column < call.Width; column++)
            {
                int spikes = 0;
                foreach (ulong word in bits.Slice((row * call.Width + column) * words, words))
                    spikes += BitOperations.PopCount(word);
                (int first, int end) = windows.OutputColumnsOf(column);
                reached += (long)spikes * (endRow - firstRow) * Math.Max(0, end - first);
            }
        }
        return reached;
    }
}
