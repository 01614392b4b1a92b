namespace Volley.Data;

/// <summary>Where the pixels of pictures lie in a sample, so that augmentations of pictures find them.</summary>
/// <remarks>A sample [steps, units] is a row of frames of Height · Width · Channels elements, channels innermost: a sequence of columns or of pixels is
/// one frame, a clip has one a step. All frames of a sample are changed alike.</remarks>
/// <param name="Height">Rows of a frame.</param>
/// <param name="Width">Columns of a frame.</param>
/// <param name="Channels">Colours, or polarities of events.</param>
/// <param name="Order">Which of rows and columns is the outer axis.</param>
public sealed record ImageLayout(int Height, int Width, int Channels, ImageOrder Order = ImageOrder.Rows)
{
    /// <summary>From pixels of 0 … 255 to the sample's values; null where they are no such pixels, but counts of events.</summary>
    public ChannelScale? Pixels { get; init; }

    /// <summary>Where element i of a frame belongs in the picture, if the samples have its elements in another order; null if they do not.</summary>
    internal int[]? Places { get; init; }

    /// <summary>Elements of a frame.</summary>
    internal int Elements => Height * Width * Channels;

    /// <summary>Elements of the outer axis: rows, or columns.</summary>
    internal int Outer => Order == ImageOrder.Rows ? Height : Width;

    /// <summary>Pixels of one element of the outer axis, which lie side by side.</summary>
    internal int Inner => Order == ImageOrder.Rows ? Width : Height;

    /// <summary>What keeps augmentations of pictures from samples; null for nothing.</summary>
    internal static string? Problem(DatasetInfo info)
    {
        if (info.Image is not { } image)
            return "it changes pictures, but the samples are none";
        if (image.Height < 1 || image.Width < 1 || image.Channels < 1 || (long)info.MaxSteps * info.Units % ((long)image.Height * image.Width * image.Channels) != 0)
            return $"the samples are {info.MaxSteps} steps of {info.Units} units, no whole number of pictures of {image.Height} x {image.Width} x {image.Channels}";
        return info.Kind == SampleKind.Spikes && info.Units != image.Elements ? "pictures of spikes must be one a step" : null;
    }

    /// <summary>What keeps augmentations of values in pictures from samples; null for nothing.</summary>
    internal static string? ProblemOfValues(DatasetInfo info) =>
        Problem(info) ?? (info.Kind == SampleKind.Spikes ? "it changes values, but the samples are spikes" : null);

    /// <summary>What keeps augmentations of photographs from samples; null for nothing.</summary>
    internal static string? ProblemOfPixels(DatasetInfo info) =>
        ProblemOfValues(info) ?? (info.Image!.Pixels is null ? "it changes the pixels of photographs, but the samples are counts of events" : null);
}

/// <summary>The outer axis of a frame.</summary>
public enum ImageOrder
{
    /// <summary>[Height, Width, Channels].</summary>
    Rows,

    /// <summary>[Width, Height, Channels].</summary>
    Columns,
}
