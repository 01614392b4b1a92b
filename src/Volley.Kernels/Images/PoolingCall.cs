namespace Volley.Kernels;

/// <summary>Sizes of one pooling over images whose channels lie together; a one-dimensional signal is an image of height 1.</summary>
/// <param name="Images">Images: B·T of a batch over time.</param>
/// <param name="Height">H of the input.</param>
/// <param name="Width">W of the input.</param>
/// <param name="Channels">C.</param>
/// <param name="KernelHeight">Rows of a window.</param>
/// <param name="KernelWidth">Columns of a window.</param>
/// <param name="StrideHeight">Rows from one window to the next.</param>
/// <param name="StrideWidth">Columns from one window to the next.</param>
/// <param name="PadHeight">Rows around the image that windows reach into, fewer than the kernel has.</param>
/// <param name="PadWidth">Columns around the image that windows reach into, fewer than the kernel has.</param>
public readonly record struct PoolingCall(int Images, int Height, int Width, int Channels, int KernelHeight, int KernelWidth,
    int StrideHeight, int StrideWidth, int PadHeight = 0, int PadWidth = 0)
{
    /// <summary>H of the output.</summary>
    public int OutputHeight => (Height + 2 * PadHeight - KernelHeight) / StrideHeight + 1;

    /// <summary>W of the output.</summary>
    public int OutputWidth => (Width + 2 * PadWidth - KernelWidth) / StrideWidth + 1;

    /// <summary>Elements of x [images, height, width, channels].</summary>
    public long InputCount => (long)Images * Height * Width * Channels;

    /// <summary>Elements of y [images, output height, output width, channels].</summary>
    public long OutputCount => (long)Images * OutputHeight * OutputWidth * Channels;

    /// <summary>Throws unless the sizes make sense together.</summary>
    internal void Check() => new ConvolutionCall(Images, Height, Width, Channels, Channels, KernelHeight, KernelWidth, StrideHeight, StrideWidth, PadHeight, PadWidth).Check();

    /// <summary>The rows of the image that output row <paramref name="row"/> sees: from the first to before the last.</summary>
    internal (int First, int End) RowsOf(int row) => Clip(row * StrideHeight - PadHeight, KernelHeight, Height);

    /// <summary>The columns of the image that output column <paramref name="column"/> sees.</summary>
    internal (int First, int End) ColumnsOf(int column) => Clip(column * StrideWidth - PadWidth, KernelWidth, Width);

    /// <summary>The output rows that see row <paramref name="row"/> of the image.</summary>
    internal (int First, int End) OutputRowsOf(int row) => Seeing(row + PadHeight, KernelHeight, StrideHeight, OutputHeight);

    /// <summary>The output columns that see column <paramref name="column"/> of the image.</summary>
    internal (int First, int End) OutputColumnsOf(int column) => Seeing(column + PadWidth, KernelWidth, StrideWidth, OutputWidth);

    private static (int First, int End) Clip(int first, int size, int limit) => (Math.Max(first, 0), Math.Min(first + size, limit));

    private static (int First, int End) Seeing(int at, int kernel, int stride, int limit) =>
        (at < kernel ? 0 : (at - kernel) / stride + 1, Math.Min(at / stride + 1, limit));
}
