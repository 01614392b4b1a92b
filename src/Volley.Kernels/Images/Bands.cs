using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>How a window slides over images that are read in bands: some rows of the output, and a padded copy of what they see.</summary>
/// <remarks>
/// Output row o sees the source rows o·Stride + tap − Top, tap = 0 … Kernel − 1, where there are such rows. With a dilation d, source row s stands at row s·d and
/// zeros stand between: that is the gradient of a convolution with stride d. In a padded copy the columns that an output sees, all channels, lie in one piece,
/// so a product can read them where they lie: rows of a matrix that overlap.
/// </remarks>
internal readonly unsafe struct Bands
{
    // Half of a padded band's cache: the output's rows, and weights, want the rest of it.
    private const int BandFloats = 48 * 1024;

    public readonly int SourceHeight, SourceWidth, Channels, OutputHeight, OutputWidth, KernelHeight, KernelWidth, StrideHeight, StrideWidth;
    public readonly int BandRows, PerImage, PaddedWidth;
    private readonly int _top, _left, _dilationHeight, _dilationWidth;

    private Bands(int sourceHeight, int sourceWidth, int channels, int outputHeight, int outputWidth, in ConvolutionCall call,
        int strideHeight, int strideWidth, int top, int left, int dilationHeight, int dilationWidth)
    {
        (SourceHeight, SourceWidth, Channels, OutputHeight, OutputWidth) = (sourceHeight, sourceWidth, channels, outputHeight, outputWidth);
        (KernelHeight, KernelWidth, StrideHeight, StrideWidth) = (call.KernelHeight, call.KernelWidth, strideHeight, strideWidth);
        (_top, _left, _dilationHeight, _dilationWidth) = (top, left, dilationHeight, dilationWidth);
        PaddedWidth = (outputWidth - 1) * strideWidth + KernelWidth;
        long row = Math.Max(1, (long)PaddedWidth * channels);
        int rows = (int)Math.Clamp((BandFloats / row - KernelHeight) / strideHeight + 1, 1, outputHeight);
        PerImage = (outputHeight + rows - 1) / rows;
        BandRows = (outputHeight + PerImage - 1) / PerImage;
        PerImage = (outputHeight + BandRows - 1) / BandRows;
    }

    /// <summary>The windows of a convolution over its input, for <see cref="ConvolutionCall.GroupInputs"/> channels.</summary>
    public static Bands OfInput(in ConvolutionCall call) => new(call.Height, call.Width, call.GroupInputs, call.OutputHeight, call.OutputWidth, call,
        call.StrideHeight, call.StrideWidth, call.PadHeight, call.PadWidth, 1, 1);

    /// <summary>The windows of the input's gradient over that of the output, the kernel turned round.</summary>
    public static Bands OfGradient(in ConvolutionCall call) => new(call.OutputHeight, call.OutputWidth, call.GroupOutputs, call.Height, call.Width, call,
        1, 1, call.KernelHeight - 1 - call.PadHeight, call.KernelWidth - 1 - call.PadWidth, call.StrideHeight, call.StrideWidth);

    /// <summary>Floats of one padded row.</summary>
    public nint RowFloats => (nint)PaddedWidth * Channels;

    /// <summary>Floats of the padded copy of a band.</summary>
    public nint CopyFloats => ((BandRows - 1) * StrideHeight + KernelHeight) * RowFloats;

    /// <summary>Bands whose copies fit a cache together, so that they share what is read of the weights.</summary>
    public int Together => (int)Math.Clamp(BandFloats / Math.Max(1, CopyFloats), 1, 64);

    /// <summary>The first output row of a band.</summary>
    public int FirstRow(int band) => band * BandRows;

    /// <summary>The output rows of a band.</summary>
    public int Rows(int band) => Math.Min(BandRows, OutputHeight - FirstRow(band));

    /// <summary>The source row that output row <paramref name="row"/> sees through row <paramref name="tap"/> of the kernel; −1 where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SourceRow(int row, int tap)
    {
        int at = row * StrideHeight + tap - _top;
        if (at < 0)
            return -1;
        if (_dilationHeight > 1)
        {
            if (at % _dilationHeight != 0)
                return -1;
            at /= _dilationHeight;
        }
        return at < SourceHeight ? at : -1;
    }

    /// <summary>The source column of padded column <paramref name="column"/> of a window without dilation; outside 0 … SourceWidth − 1 there is none.</summary>
    public int SourceColumn(int column) => column - _left;

    /// <summary>The first and last row of the kernel through which output row <paramref name="row"/> sees anything; none: (0, −1).</summary>
    public (int First, int Last) Seen(int row)
    {
        int first = 0, last = KernelHeight - 1;
        while (first <= last && SourceRow(row, first) < 0)
            first++;
        while (last >= first && SourceRow(row, last) < 0)
            last--;
        return first > last ? (0, -1) : (first, last);
    }

    /// <summary>Copies what a band sees, <see cref="Channels"/> channels from <paramref name="firstChannel"/> on; rows of the copy that see nothing are left as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Copy<L>(in PixelSource source, nint image, int band, int firstChannel, float* to) where L : struct, IVectorLane<L>
    {
        int first = FirstRow(band), rows = (Rows(band) - 1) * StrideHeight + KernelHeight;
        int count = Math.Min(SourceWidth, (PaddedWidth - _left + _dilationWidth - 1) / _dilationWidth);
        nint left = (nint)_left * Channels, right = left + (nint)((count - 1) * _dilationWidth + 1) * Channels;
        for (int r = 0; r < rows; r++, to += RowFloats)
        {
            int row = SourceRow(first, r);
            if (row < 0)
                continue;
            if (_dilationWidth > 1)
            {
                new Span<float>(to, (int)RowFloats).Clear();
            }
            else
            {
                new Span<float>(to, (int)left).Clear();
                new Span<float>(to + right, (int)(RowFloats - right)).Clear();
            }
            source.Write<L>((image * SourceHeight + row) * SourceWidth, count, firstChannel, Channels, to + left, (nint)_dilationWidth * Channels);
        }
    }
}
