using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Spikes;

/// <summary>Rows between their own length and one rounded up to whole lanes, so that no loop has a tail.</summary>
internal static unsafe class Padding
{
    /// <summary><paramref name="columns"/> rounded up to whole lanes.</summary>
    public static int Padded<L>(int columns) where L : struct, IVectorLane<L> => (columns + L.Count - 1) / L.Count * L.Count;

    /// <summary>Copies <paramref name="rows"/> rows of <paramref name="columns"/> floats and nothing behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy<L>(float* source, nint sourceStride, float* destination, nint destinationStride, int rows, int columns) where L : struct, IVectorLane<L>
    {
        for (int r = 0; r < rows; r++, source += sourceStride, destination += destinationStride)
        {
            int c = 0;
            for (; c <= columns - L.Count; c += L.Count)
                L.Store(destination + c, L.Load(source + c));
            for (; c <= columns - 4; c += 4)
                Vector128.Load(source + c).Store(destination + c);
            for (; c < columns; c++)
                destination[c] = source[c];
        }
    }

    /// <summary>Sets what is behind <paramref name="columns"/> in each row to 0, so that sums over it stay finite.</summary>
    public static void ClearTails(float* rows, int stride, int count, int columns)
    {
        for (int r = 0; r < count; r++)
            new Span<float>(rows + (nint)r * stride + columns, stride - columns).Clear();
    }
}
