using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Softmax of several rows at once: a tile [classes, lane] holds one row in each element of a lane.</summary>
/// <remarks>Rows are short (10 to 35 classes), so lanes across classes would be half empty and would need a tree for every sum. Across rows every lane
/// is full, and the sum over classes is one chain in order: neither the vector width nor padded classes can show in its bits.</remarks>
internal static unsafe class Softmax
{
    /// <summary>Floats in a tile.</summary>
    public static int TileSize<L>(int classes) where L : struct, IVectorLane<L> => classes * L.Count;

    /// <summary>Copies <paramref name="count"/> ≤ L.Count rows into the tile, zeros in the elements that are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather<L>(float* rows, int count, int classes, float* tile) where L : struct, IVectorLane<L>
    {
        int width = L.Count;
        if (count < width)
            new Span<float>(tile, classes * width).Clear();
        for (int r = 0; r < count; r++)
        {
            for (int c = 0; c < classes; c++)
                tile[c * width + r] = rows[c];
            rows += classes;
        }
    }

    /// <summary>Copies the tile back into <paramref name="count"/> rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter<L>(float* tile, int count, int classes, float* rows) where L : struct, IVectorLane<L>
    {
        int width = L.Count;
        for (int r = 0; r < count; r++)
        {
            for (int c = 0; c < classes; c++)
                rows[c] = tile[c * width + r];
            rows += classes;
        }
    }

    /// <summary>Replaces the rows of the tile by their softmax: e^(z − max) over the sum of those in the order of the classes.</summary>
    /// <param name="logSum">ln Σ e^z of each row [lane], or null: the log-sum-exp; NaN where a logit is not finite.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<L>(float* tile, int classes, float* logSum = null) where L : struct, IVectorLane<L>
    {
        int width = L.Count, size = classes * width;
        L max = L.Of(double.NegativeInfinity), poison = L.Of(0), sum = L.Of(0);
        for (int i = 0; i < size; i += width)
        {
            L z = L.Load(tile + i);
            max = L.Max(max, z);
            poison = L.MulAdd(z, L.Of(0), poison);
        }
        for (int i = 0; i < size; i += width)
        {
            L e = L.Exp(L.Load(tile + i) - max);
            L.Store(tile + i, e);
            sum += e;
        }
        for (int i = 0; i < size; i += width)
            L.Store(tile + i, L.Load(tile + i) / sum);
        if (logSum is not null)
            L.Store(logSum, max + LaneMath.Log(sum) + poison);
    }
}
