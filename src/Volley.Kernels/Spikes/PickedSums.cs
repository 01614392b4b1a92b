using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Spikes;

/// <summary>Sums of the rows of a matrix that lists pick: destination[s, :] = (0 or destination[s, :]) + Σ_k size[k] · matrix[list[k], :] + bias,
/// k over list s in its order, one fused multiply-add a term.</summary>
/// <remarks>
/// Both event-driven products are this: the forward product picks rows of the weights for each row of spikes, the weight gradient picks rows of
/// the output's gradient for each input. The sums of up to 8 lanes stay in registers
/// while a list is read: enough to hide the latency of the adds. 16 are slower where they matter, because fewer of the picked columns fit the
/// first-level cache (2000 x 256 -> 256 at 5 % spikes: 0.43 ms against 0.33).
/// </remarks>
internal unsafe struct PickedSums
{
    /// <summary>[*, columns], <see cref="Stride"/> apart.</summary>
    public float* Matrix;
    public nint Stride;

    /// <summary>List s is <see cref="Lists"/> from <see cref="Starts"/>[s] to <see cref="Starts"/>[s + 1].</summary>
    public int* Lists;
    public int* Starts;
    public int Sums;

    /// <summary>A size for each element of the lists, or null: then all have <see cref="Scale"/>.</summary>
    public float* Sizes;
    public float Scale;

    /// <summary>[Sums, columns], <see cref="DestinationStride"/> apart.</summary>
    public float* Destination;
    public nint DestinationStride;
    public bool Accumulate;

    /// <summary>[columns] or null.</summary>
    public float* Bias;

    private readonly struct Each;

    private readonly struct Same;

    /// <summary>Does the columns from <paramref name="first"/> to <paramref name="end"/>, a whole number of lanes.</summary>
    public void Run<L>(int first, int end) where L : struct, IVectorLane<L>
    {
        if (Sizes == null)
            Run<L, Same>(first, end);
        else
            Run<L, Each>(first, end);
    }

    private void Run<L, TSize>(int column, int end) where L : struct, IVectorLane<L> where TSize : struct
    {
        while (column < end)
        {
            switch ((end - column) / L.Count)
            {
                case >= 8:
                    Eight<L, TSize>(column);
                    column += 8 * L.Count;
                    break;
                case >= 4:
                    Four<L, TSize>(column);
                    column += 4 * L.Count;
                    break;
                case >= 2:
                    Two<L, TSize>(column);
                    column += 2 * L.Count;
                    break;
                default:
                    One<L, TSize>(column);
                    column += L.Count;
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Eight<L, TSize>(int column) where L : struct, IVectorLane<L> where TSize : struct
    {
        int lane = L.Count;
        float same = Scale;
        L scale = L.Spread(&same);
        float* matrix = Matrix + column;
        nint stride = Stride;
        for (int s = 0; s < Sums; s++)
        {
            int* pick = Lists + Starts[s];
            int* end = Lists + Starts[s + 1];
            float* size = Sizes + Starts[s];
            float* sum = Destination + s * DestinationStride + column;
            L a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
            if (Accumulate)
            {
                a0 = L.Load(sum);
                a1 = L.Load(sum + lane);
                a2 = L.Load(sum + 2 * lane);
                a3 = L.Load(sum + 3 * lane);
                a4 = L.Load(sum + 4 * lane);
                a5 = L.Load(sum + 5 * lane);
                a6 = L.Load(sum + 6 * lane);
                a7 = L.Load(sum + 7 * lane);
            }
            for (; pick < end; pick++)
            {
                if (typeof(TSize) == typeof(Each))
                    scale = L.Spread(size++);
                float* row = matrix + *pick * stride;
                a0 = L.MulAdd(scale, L.Load(row), a0);
                a1 = L.MulAdd(scale, L.Load(row + lane), a1);
                a2 = L.MulAdd(scale, L.Load(row + 2 * lane), a2);
                a3 = L.MulAdd(scale, L.Load(row + 3 * lane), a3);
                a4 = L.MulAdd(scale, L.Load(row + 4 * lane), a4);
                a5 = L.MulAdd(scale, L.Load(row + 5 * lane), a5);
                a6 = L.MulAdd(scale, L.Load(row + 6 * lane), a6);
                a7 = L.MulAdd(scale, L.Load(row + 7 * lane), a7);
            }
            if (Bias != null)
            {
                float* bias = Bias + column;
                a0 += L.Load(bias);
                a1 += L.Load(bias + lane);
                a2 += L.Load(bias + 2 * lane);
                a3 += L.Load(bias + 3 * lane);
                a4 += L.Load(bias + 4 * lane);
                a5 += L.Load(bias + 5 * lane);
                a6 += L.Load(bias + 6 * lane);
                a7 += L.Load(bias + 7 * lane);
            }
            L.Store(sum, a0);
            L.Store(sum + lane, a1);
            L.Store(sum + 2 * lane, a2);
            L.Store(sum + 3 * lane, a3);
            L.Store(sum + 4 * lane, a4);
            L.Store(sum + 5 * lane, a5);
            L.Store(sum + 6 * lane, a6);
            L.Store(sum + 7 * lane, a7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Four<L, TSize>(int column) where L : struct, IVectorLane<L> where TSize : struct
    {
        int lane = L.Count;
        float same = Scale;
        L scale = L.Spread(&same);
        float* matrix = Matrix + column;
        nint stride = Stride;
        for (int s = 0; s < Sums; s++)
        {
            int* pick = Lists + Starts[s];
            int* end = Lists + Starts[s + 1];
            float* size = Sizes + Starts[s];
            float* sum = Destination + s * DestinationStride + column;
            L a0 = default, a1 = default, a2 = default, a3 = default;
            if (Accumulate)
            {
                a0 = L.Load(sum);
                a1 = L.Load(sum + lane);
                a2 = L.Load(sum + 2 * lane);
                a3 = L.Load(sum + 3 * lane);
            }
            for (; pick < end; pick++)
            {
                if (typeof(TSize) == typeof(Each))
                    scale = L.Spread(size++);
                float* row = matrix + *pick * stride;
                a0 = L.MulAdd(scale, L.Load(row), a0);
                a1 = L.MulAdd(scale, L.Load(row + lane), a1);
                a2 = L.MulAdd(scale, L.Load(row + 2 * lane), a2);
                a3 = L.MulAdd(scale, L.Load(row + 3 * lane), a3);
            }
            if (Bias != null)
            {
                float* bias = Bias + column;
                a0 += L.Load(bias);
                a1 += L.Load(bias + lane);
                a2 += L.Load(bias + 2 * lane);
                a3 += L.Load(bias + 3 * lane);
            }
            L.Store(sum, a0);
            L.Store(sum + lane, a1);
            L.Store(sum + 2 * lane, a2);
            L.Store(sum + 3 * lane, a3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Two<L, TSize>(int column) where L : struct, IVectorLane<L> where TSize : struct
    {
        int lane = L.Count;
        float same = Scale;
        L scale = L.Spread(&same);
        float* matrix = Matrix + column;
        nint stride = Stride;
        for (int s = 0; s < Sums; s++)
        {
            int* pick = Lists + Starts[s];
            int* end = Lists + Starts[s + 1];
            float* size = Sizes + Starts[s];
            float* sum = Destination + s * DestinationStride + column;
            L a0 = default, a1 = default;
            if (Accumulate)
            {
                a0 = L.Load(sum);
                a1 = L.Load(sum + lane);
            }
            for (; pick < end; pick++)
            {
                if (typeof(TSize) == typeof(Each))
                    scale = L.Spread(size++);
                float* row = matrix + *pick * stride;
                a0 = L.MulAdd(scale, L.Load(row), a0);
                a1 = L.MulAdd(scale, L.Load(row + lane), a1);
            }
            if (Bias != null)
            {
                float* bias = Bias + column;
                a0 += L.Load(bias);
                a1 += L.Load(bias + lane);
            }
            L.Store(sum, a0);
            L.Store(sum + lane, a1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void One<L, TSize>(int column) where L : struct, IVectorLane<L> where TSize : struct
    {
        int lane = L.Count;
        float same = Scale;
        L scale = L.Spread(&same);
        float* matrix = Matrix + column;
        nint stride = Stride;
        for (int s = 0; s < Sums; s++)
        {
            int* pick = Lists + Starts[s];
            int* end = Lists + Starts[s + 1];
            float* size = Sizes + Starts[s];
            float* sum = Destination + s * DestinationStride + column;
            L a0 = default;
            if (Accumulate)
            {
                a0 = L.Load(sum);
            }
            for (; pick < end; pick++)
            {
                if (typeof(TSize) == typeof(Each))
                    scale = L.Spread(size++);
                float* row = matrix + *pick * stride;
                a0 = L.MulAdd(scale, L.Load(row), a0);
            }
            if (Bias != null)
            {
                float* bias = Bias + column;
                a0 += L.Load(bias);
            }
            L.Store(sum, a0);
        }
    }
}
