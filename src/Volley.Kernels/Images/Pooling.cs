using System.Runtime.CompilerServices;
using Volley.Kernels.Spikes;

namespace Volley.Kernels;

/// <summary>Average and maximum over windows of images whose channels lie together, [images, H, W, C].</summary>
/// <remarks>Sums run over the places of a window, or the windows of a place, in ascending order, one chain an element. A mean divides by the size of the window, zeros
/// around the image included, as PyTorch does unless told otherwise; a maximum leaves them out.</remarks>
public static unsafe partial class Pooling
{
    /// <summary>y = Σ x over the window / (kernel height · kernel width).</summary>
    /// <param name="x">[images, H, W, channels]</param>
    /// <param name="y">[images, output H, output W, channels], written.</param>
    /// <param name="call">The sizes.</param>
    /// <exception cref="ArgumentException">A length does not fit the sizes, or the sizes each other.</exception>
    public static void AverageForward(Cpu cpu, ReadOnlySpan<float> x, Span<float> y, PoolingCall call)
    {
        CheckLengths(x.Length, y.Length, call);
        fixed (float* px = x, py = y)
            Pool<Mean>(cpu, new PixelSource(px, call.Channels), px, py, call);
    }

    /// <inheritdoc cref="AverageForward(Cpu, ReadOnlySpan{float}, Span{float}, PoolingCall)"/>
    /// <param name="x">[images · H · W, channels]</param>
    public static void AverageForward(Cpu cpu, SpikeMatrix x, Span<float> y, PoolingCall call)
    {
        CheckLengths((long)x.Rows * x.Columns, y.Length, call);
        fixed (ulong* bits = x.Bits, negative = x.Negative)
        fixed (float* values = x.Values, py = y)
            Pool<Mean>(cpu, new PixelSource(new SpikePointers(bits, x.WordsPerRow, x.Columns, x.Scale, values, negative)), null, py, call);
    }

    /// <summary>dX = Σ dY over the windows that saw the place / (kernel height · kernel width).</summary>
    /// <param name="dY">[images, output H, output W, channels]</param>
    /// <param name="dX">[images, H, W, channels], written.</param>
    /// <param name="call">The sizes.</param>
    /// <exception cref="ArgumentException">A length does not fit the sizes, or the sizes each other.</exception>
    public static void AverageBackward(Cpu cpu, ReadOnlySpan<float> dY, Span<float> dX, PoolingCall call)
    {
        CheckLengths(dX.Length, dY.Length, call);
        fixed (float* pd = dY, px = dX)
        {
            var work = new SpreadWork(cpu, pd, px, call);
            cpu.Dispatch(ref work);
        }
    }

    /// <summary>y = max x over the part of the window that lies in the image.</summary>
    /// <inheritdoc cref="AverageForward(Cpu, ReadOnlySpan{float}, Span{float}, PoolingCall)"/>
    public static void MaxForward(Cpu cpu, ReadOnlySpan<float> x, Span<float> y, PoolingCall call)
    {
        CheckLengths(x.Length, y.Length, call);
        fixed (float* px = x, py = y)
            Pool<Largest>(cpu, new PixelSource(px, call.Channels), px, py, call);
    }

    /// <summary>The maximum of spikes that all count the same: whether there is one in the window.</summary>
    /// <param name="bits">[images · H · W, words of channels]</param>
    /// <param name="pooled">[images · output H · output W, words of channels], written.</param>
    /// <param name="call">The sizes.</param>
    /// <exception cref="ArgumentException">A length does not fit the sizes, or the sizes each other.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MaxForward(ReadOnlySpan<ulong> bits, Span<ulong> pooled, PoolingCall call)
    {
        call.Check();
        int words = SpikeBits.WordsPerRow(call.Channels);
        Check.Length(bits.Length, (long)call.Images * call.Height * call.Width, words, nameof(bits));
        Check.Length(pooled.Length, (long)call.Images * call.OutputHeight * call.OutputWidth, words, nameof(pooled));
        int to = 0;
        for (int row = 0; row < call.Images * call.OutputHeight; row++)
        {
            int image = row / call.OutputHeight;
            (int firstRow, int endRow) = call.RowsOf(row % call.OutputHeight);
            for (int column = 0; column < call.OutputWidth; column++, to += words)
            {
                (int firstColumn, int endColumn) = call.ColumnsOf(column);
                for (int k = 0; k < words; k++)
                {
                    ulong any = 0;
                    for (int y = firstRow; y < endRow; y++)
                    {
                        for (int x = firstColumn; x < endColumn; x++)
                            any |= bits[((image * call.Height + y) * call.Width + x) * words + k];
                    }
                    pooled[to + k] = any;
                }
            }
        }
    }

    /// <summary>dX = Σ dY over the windows in which the place is the first that holds the maximum.</summary>
    /// <param name="x">[images, H, W, channels]</param>
    /// <param name="dY">[images, output H, output W, channels]</param>
    /// <param name="dX">[images, H, W, channels], written.</param>
    /// <param name="call">The sizes.</param>
    /// <exception cref="ArgumentException">A length does not fit the sizes, or the sizes each other.</exception>
    public static void MaxBackward(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX, PoolingCall call)
    {
        CheckLengths(x.Length, dY.Length, call);
        Check.Length(dX, call.InputCount, nameof(dX));
        fixed (float* px = x, pd = dY, pdx = dX)
        {
            var work = new LargestBackWork(cpu, px, pd, pdx, call);
            cpu.Dispatch(ref work);
        }
    }

    private static void CheckLengths(long x, long y, in PoolingCall call)
    {
        call.Check();
        if (x != call.InputCount || y != call.OutputCount)
            throw new ArgumentException($"There are {x} elements in and {y} out, expected {call.InputCount} and {call.OutputCount}.");
    }

    private static void Pool<TFold>(Cpu cpu, PixelSource source, float* x, float* y, in PoolingCall call) where TFold : struct, IFold
    {
        var work = new PoolWork<TFold>(cpu, source, x, y, call);
        cpu.Dispatch(ref work);
    }
}
