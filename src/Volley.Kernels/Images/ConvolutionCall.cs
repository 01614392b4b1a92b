namespace Volley.Kernels;

/// <summary>Sizes of one convolution over images whose channels lie together; a one-dimensional signal is an image of height 1.</summary>
/// <param name="Images">Images: B·T of a batch over time.</param>
/// <param name="Height">H of the input.</param>
/// <param name="Width">W of the input.</param>
/// <param name="Inputs">Channels in.</param>
/// <param name="Outputs">Channels out.</param>
/// <param name="KernelHeight">Rows that an output sees.</param>
/// <param name="KernelWidth">Columns that an output sees.</param>
/// <param name="StrideHeight">Rows from one output to the next.</param>
/// <param name="StrideWidth">Columns from one output to the next.</param>
/// <param name="PadHeight">Rows of zeros above and below, fewer than the kernel has.</param>
/// <param name="PadWidth">Columns of zeros left and right, fewer than the kernel has.</param>
/// <param name="Groups">Parts of the channels that see only their own: output group g reads input group g.</param>
public readonly record struct ConvolutionCall(int Images, int Height, int Width, int Inputs, int Outputs, int KernelHeight, int KernelWidth,
    int StrideHeight = 1, int StrideWidth = 1, int PadHeight = 0, int PadWidth = 0, int Groups = 1)
{
    /// <summary>H of the output.</summary>
    public int OutputHeight => (Height + 2 * PadHeight - KernelHeight) / StrideHeight + 1;

    /// <summary>W of the output.</summary>
    public int OutputWidth => (Width + 2 * PadWidth - KernelWidth) / StrideWidth + 1;

    /// <summary>Channels that an output sees.</summary>
    public int GroupInputs => Inputs / Groups;

    /// <summary>Outputs of a group.</summary>
    public int GroupOutputs => Outputs / Groups;

    /// <summary>Places that an output sees.</summary>
    public int Taps => KernelHeight * KernelWidth;

    /// <summary>Elements of x [images, height, width, inputs].</summary>
    public long InputCount => (long)Images * Height * Width * Inputs;

    /// <summary>Elements of y [images, output height, output width, outputs].</summary>
    public long OutputCount => (long)Images * OutputHeight * OutputWidth * Outputs;

    /// <summary>Elements of w [kernel height, kernel width, inputs / groups, outputs].</summary>
    public long WeightCount => (long)Taps * GroupInputs * Outputs;

    /// <summary>A product of rows: every output sees one place, and every place is seen.</summary>
    internal bool IsProduct => Taps == 1 && StrideHeight == 1 && StrideWidth == 1 && PadHeight == 0 && PadWidth == 0 && Groups == 1;

    /// <summary>Throws unless the sizes make sense together.</summary>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Images);
        foreach (int size in (ReadOnlySpan<int>)[Height, Width, Inputs, Outputs, KernelHeight, KernelWidth, StrideHeight, StrideWidth, Groups])
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (PadHeight < 0 || PadWidth < 0 || PadHeight >= KernelHeight || PadWidth >= KernelWidth)
            throw new ArgumentException($"The padding {PadHeight} x {PadWidth} must be smaller than the kernel {KernelHeight} x {KernelWidth}.");
        if (Height + 2 * PadHeight < KernelHeight || Width + 2 * PadWidth < KernelWidth)
            throw new ArgumentException($"A kernel of {KernelHeight} x {KernelWidth} does not fit into {Height} x {Width} with a padding of {PadHeight} x {PadWidth}.");
        if (Inputs % Groups != 0 || Outputs % Groups != 0)
            throw new ArgumentException($"{Inputs} inputs and {Outputs} outputs cannot be cut into {Groups} groups.");
    }
}
