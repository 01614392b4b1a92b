using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Spikes;

/// <summary>Sums of the rows of a matrix that lists pick: destination[s, :] = (0 or destination[s, :]) + Σ_k size[k] · matrix[list[k], :] + bias,
/// k over list s in its order, one fused multiply-add a term.</summary>
/// <remarks>
/// Both event-driven products are this: the forward product picks rows of the weights for each row of spikes, the weight gradient picks rows of
/// the output's gradient for each input. The sums of up to 16 lanes stay in registers while a list is read.
/// </remarks>
internal unsafe struct PickedSums
{
    /// <summary>[*, columns], <see cref="Stride"/> apart; columns is a multiple of the lane.</summary>
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

    /// <summary>Does <paramref name="columns"/> columns, a multiple of the lane.</summary>
    public void Run<L>(int columns) where L : struct, IVectorLane<L>
    {
        if (Sizes == null)
            Run<L, Same>(columns);
        else
            Run<L, Each>(columns);
    }

    private void Run<L, TSize>(int columns) where L : struct, IVectorLane<L> where TSize : struct
    {
        // 16 sums fit where there are 32 registers.
        bool manyRegisters = L.Count == 16 || AdvSimd.IsSupported;
        for (int column = 0; column < columns;)
        {
            int lanes = (columns - column) / L.Count;
            if (lanes >= 16 && manyRegisters)
            {
                Sixteen<L, TSize>(column);
                column += 16 * L.Count;
            }
            else if (lanes >= 8)
            {
                Eight<L, TSize>(column);
                column += 8 * L.Count;
            }
            else if (lanes >= 4)
            {
                Four<L, TSize>(column);
                column += 4 * L.Count;
            }
            else if (lanes >= 2)
            {
                Two<L, TSize>(column);
                column += 2 * L.Count;
            }
            else
            {
                One<L, TSize>(column);
                column += L.Count;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sixteen<L, TSize>(int column) where L : struct, IVectorLane<L> where TSize : struct
    {
        int lane = L.Count;
        L scale = LaneShuffle.Splat<L>(Scale);
        float* matrix = Matrix + column;
        nint stride = Stride;
        for (int s = 0; s < Sums; s++)
        {
            int* pick = Lists + Starts[s];
            int* end = Lists + Starts[s + 1];
            float* size = Sizes + Starts[s];
            float* sum = Destination + s * DestinationStride + column;
            L a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default, a8 = default, a9 = default, a10 = default, a11 = default, a12 = default, a13 = default, a14 = default, a15 = default;
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
                a8 = L.Load(sum + 8 * lane);
                a9 = L.Load(sum + 9 * lane);
                a10 = L.Load(sum + 10 * lane);
                a11 = L.Load(sum + 11 * lane);
                a12 = L.Load(sum + 12 * lane);
                a13 = L.Load(sum + 13 * lane);
                a14 = L.Load(sum + 14 * lane);
                a15 = L.Load(sum + 15 * lane);
            }
            for (; pick < end; pick++)
            {
                if (typeof(TSize) == typeof(Each))
                    scale = LaneShuffle.Splat<L>(*size++);
                float* row = matrix + *pick * stride;
                a0 = L.MulAdd(scale, L.Load(row), a0);
                a1 = L.MulAdd(scale, L.Load(row + lane), a1);
                a2 = L.MulAdd(scale, L.Load(row + 2 * lane), a2);
                a3 = L.MulAdd(scale, L.Load(row + 3 * lane), a3);
                a4 = L.MulAdd(scale, L.Load(row + 4 * lane), a4);
                a5 = L.MulAdd(scale, L.Load(row + 5 * lane), a5);
                a6 = L.MulAdd(scale, L.Load(row + 6 * lane), a6);
                a7 = L.MulAdd(scale, L.Load(row + 7 * lane), a7);
                a8 = L.MulAdd(scale, L.Load(row + 8 * lane), a8);
                a9 = L.MulAdd(scale, L.Load(row + 9 * lane), a9);
                a10 = L.MulAdd(scale, L.Load(row + 10 * lane), a10);
                a11 = L.MulAdd(scale, L.Load(row + 11 * lane), a11);
                a12 = L.MulAdd(scale, L.Load(row + 12 * lane), a12);
                a13 = L.MulAdd(scale, L.Load(row + 13 * lane), a13);
                a14 = L.MulAdd(scale, L.Load(row + 14 * lane), a14);
                a15 = L.MulAdd(scale, L.Load(row + 15 * lane), a15);
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
                a8 += L.Load(bias + 8 * lane);
                a9 += L.Load(bias + 9 * lane);
                a10 += L.Load(bias + 10 * lane);
                a11 += L.Load(bias + 11 * lane);
                a12 += L.Load(bias + 12 * lane);
                a13 += L.Load(bias + 13 * lane);
                a14 += L.Load(bias + 14 * lane);
                a15 += L.Load(bias + 15 * lane);
            }
            L.Store(sum, a0);
            L.Store(sum + lane, a1);
            L.Store(sum + 2 * lane, a2);
            L.Store(sum + 3 * lane, a3);
            L.Store(sum + 4 * lane, a4);
            L.Store(sum + 5 * lane, a5);
            L.Store(sum + 6 * lane, a6);
            L.Store(sum + 7 * lane, a7);
            L.Store(sum + 8 * lane, a8);
            L.Store(sum + 9 * lane, a9);
            L.Store(sum + 10 * lane, a10);
            L.Store(sum + 11 * lane, a11);
            L.Store(sum + 12 * lane, a12);
            L.Store(sum + 13 * lane, a13);
            L.Store(sum + 14 * lane, a14);
            L.Store(sum + 15 * lane, a15);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Eight<L, TSize>(int column) where L : struct, IVectorLane<L> where TSize : struct
    {
        int lane = L.Count;
        L scale = LaneShuffle.Splat<L>(Scale);
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
                    scale = LaneShuffle.Splat<L>(*size++);
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
        L scale = LaneShuffle.Splat<L>(Scale);
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
                    scale = LaneShuffle.Splat<L>(*size++);
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
        L scale = LaneShuffle.Splat<L>(Scale);
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
                    scale = LaneShuffle.Splat<L>(*size++);
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
        L scale = LaneShuffle.Splat<L>(Scale);
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
                    scale = LaneShuffle.Splat<L>(*size++);
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
