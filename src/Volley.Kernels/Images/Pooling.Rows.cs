using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

public static unsafe partial class Pooling
{
    /// <summary>How a window becomes a number.</summary>
    private interface IFold
    {
        static abstract L Start<L>(L first) where L : struct, IVectorLane<L>;

        static abstract L Add<L>(L folded, L value) where L : struct, IVectorLane<L>;

        static abstract L End<L>(L folded, L share) where L : struct, IVectorLane<L>;
    }

    private readonly struct Mean : IFold
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Start<L>(L first) where L : struct, IVectorLane<L> => first;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Add<L>(L folded, L value) where L : struct, IVectorLane<L> => folded + value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L End<L>(L folded, L share) where L : struct, IVectorLane<L> => folded * share;
    }

    private readonly struct Largest : IFold
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Start<L>(L first) where L : struct, IVectorLane<L> => first;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Add<L>(L folded, L value) where L : struct, IVectorLane<L> => L.IfGreater(value, folded, value, folded);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L End<L>(L folded, L share) where L : struct, IVectorLane<L> => folded;
    }

    private readonly struct PoolWork<TFold>(Cpu cpu, PixelSource source, float* x, float* y, PoolingCall call) : IWidthBody where TFold : struct, IFold
    {
        public void Run<L>() where L : struct, IVectorLane<L>
        {
            int rows = call.Images * call.OutputHeight;
            Rows.For(cpu, rows, Rows.Grain(cpu, rows, 1 + 8192 / (call.OutputWidth * call.Channels)), new PoolRows<TFold, L>(source, x, y, call));
        }
    }

    /// <summary>Rows of the output. Spikes are written out first, a few rows of the image at a time.</summary>
    private readonly struct PoolRows<TFold, L>(PixelSource source, float* x, float* y, PoolingCall call) : IRows where TFold : struct, IFold where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            int imageRow = call.Width * call.Channels;
            float* copy = x is null ? (float*)Scratch.Own((nint)call.KernelHeight * imageRow * sizeof(float)) : null;
            for (nint row = start; row < end; row++)
            {
                nint image = row / call.OutputHeight;
                (int first, int last) = call.RowsOf((int)(row % call.OutputHeight));
                float* from = x + (image * call.Height + first) * imageRow;
                if (x is null)
                {
                    source.Write<L>((image * call.Height + first) * call.Width, (last - first) * call.Width, 0, call.Channels, copy, call.Channels);
                    from = copy;
                }
                float* to = y + row * call.OutputWidth * call.Channels;
                for (int column = 0; column < call.OutputWidth; column++, to += call.Channels)
                {
                    (int left, int right) = call.ColumnsOf(column);
                    Window(from + (nint)left * call.Channels, last - first, right - left, imageRow, to);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Window(float* from, int rows, int columns, nint imageRow, float* to)
        {
            int channels = call.Channels, c = 0;
            float share = 1f / (call.KernelHeight * call.KernelWidth);
            for (; c + L.Count <= channels; c += L.Count)
                L.Store(to + c, TFold.End(Fold<L>(from + c, rows, columns, imageRow), L.Of(share)));
            for (; c < channels; c++)
                F32.Store(to + c, TFold.End(Fold<F32>(from + c, rows, columns, imageRow), F32.Of(share)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V Fold<V>(float* from, int rows, int columns, nint imageRow) where V : struct, IVectorLane<V>
        {
            V folded = TFold.Start(V.Load(from));
            for (int r = 0; r < rows; r++)
            {
                float* place = from + r * imageRow;
                for (int k = 0; k < columns; k++, place += call.Channels)
                {
                    if (r + k > 0)
                        folded = TFold.Add(folded, V.Load(place));
                }
            }
            return folded;
        }
    }

    private readonly struct SpreadWork(Cpu cpu, float* dY, float* dX, PoolingCall call) : IWidthBody
    {
        public void Run<L>() where L : struct, IVectorLane<L>
        {
            int rows = call.Images * call.Height;
            Rows.For(cpu, rows, Rows.Grain(cpu, rows, 1 + 8192 / (call.Width * call.Channels)), new SpreadRows<L>(dY, dX, call));
        }
    }

    /// <summary>Rows of the gradient of the input of a mean.</summary>
    private readonly struct SpreadRows<L>(float* dY, float* dX, PoolingCall call) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            int channels = call.Channels;
            nint outputRow = (nint)call.OutputWidth * channels;
            float share = 1f / (call.KernelHeight * call.KernelWidth);
            for (nint row = start; row < end; row++)
            {
                (int first, int last) = call.OutputRowsOf((int)(row % call.Height));
                float* from = dY + (row / call.Height * call.OutputHeight + first) * outputRow, to = dX + row * call.Width * channels;
                for (int column = 0; column < call.Width; column++, to += channels)
                {
                    (int left, int right) = call.OutputColumnsOf(column);
                    int c = 0;
                    for (; c + L.Count <= channels; c += L.Count)
                        L.Store(to + c, Sum<L>(from + (nint)left * channels + c, last - first, right - left, outputRow) * L.Of(share));
                    for (; c < channels; c++)
                        F32.Store(to + c, Sum<F32>(from + (nint)left * channels + c, last - first, right - left, outputRow) * F32.Of(share));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V Sum<V>(float* from, int rows, int columns, nint outputRow) where V : struct, IVectorLane<V>
        {
            V sum = default;
            for (int r = 0; r < rows; r++)
            {
                for (int k = 0; k < columns; k++)
                    sum += V.Load(from + r * outputRow + (nint)k * call.Channels);
            }
            return sum;
        }
    }

    private readonly struct LargestBackWork(Cpu cpu, float* x, float* dY, float* dX, PoolingCall call) : IWidthBody
    {
        public void Run<L>() where L : struct, IVectorLane<L> => Rows.For(cpu, call.Images, Rows.Grain(cpu, call.Images), new LargestBackImages<L>(x, dY, dX, call));
    }

    /// <summary>Images of the gradient of the input of a maximum.</summary>
    private readonly struct LargestBackImages<L>(float* x, float* dY, float* dX, PoolingCall call) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            nint image = (nint)call.Height * call.Width * call.Channels, imageRow = (nint)call.Width * call.Channels;
            new Span<float>(dX + start * image, checked((int)((end - start) * image))).Clear();
            for (nint row = (nint)start * call.OutputHeight; row < (nint)end * call.OutputHeight; row++)
            {
                (int first, int last) = call.RowsOf((int)(row % call.OutputHeight));
                nint origin = row / call.OutputHeight * image + first * imageRow;
                float* from = dY + row * call.OutputWidth * call.Channels;
                for (int column = 0; column < call.OutputWidth; column++, from += call.Channels)
                {
                    (int left, int right) = call.ColumnsOf(column);
                    nint at = origin + (nint)left * call.Channels;
                    int c = 0;
                    for (; c + L.Count <= call.Channels; c += L.Count)
                        Window<L>(x + at + c, from + c, dX + at + c, last - first, right - left, imageRow);
                    for (; c < call.Channels; c++)
                        Window<F32>(x + at + c, from + c, dX + at + c, last - first, right - left, imageRow);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Window<V>(float* x, float* dY, float* dX, int rows, int columns, nint imageRow) where V : struct, IVectorLane<V>
        {
            V most = V.Load(x), zero = default, one = V.Of(1f), gradient = V.Load(dY), taken = default;
            for (int i = 1; i < rows * columns; i++)
            {
                V value = V.Load(x + i / columns * imageRow + (nint)(i % columns) * call.Channels);
                most = V.IfGreater(value, most, value, most);
            }
            for (int i = 0; i < rows * columns; i++)
            {
                nint at = i / columns * imageRow + (nint)(i % columns) * call.Channels;
                V takes = V.IfGreaterOrEqual(V.Load(x + at), most, one - taken, zero);
                taken += takes;
                V.Store(dX + at, V.Load(dX + at) + V.IfGreater(takes, zero, gradient, zero));
            }
        }
    }
}
