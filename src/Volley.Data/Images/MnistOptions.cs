namespace Volley.Data;

/// <summary>How MNIST and its look-alikes (Fashion-MNIST, KMNIST, …) are read.</summary>
public sealed record MnistOptions
{
    /// <summary>The name of the data set.</summary>
    public string Name { get; init; } = "mnist";

    /// <summary>Rows or pixels as time steps.</summary>
    public MnistLayout Layout { get; init; }

    /// <summary>Shuffles the pixels, the same way in every image, by <see cref="PixelPermutation"/> from this seed; null leaves them in order.
    /// With <see cref="MnistLayout.Pixels"/> and seed 1 this is permuted sequential MNIST.</summary>
    public uint? PermutationSeed { get; init; }

    /// <summary>From pixels to values; null gives 0 … 1.</summary>
    public ChannelScale? Scale { get; init; }

    /// <summary>Number of classes; a label at or above it is an error.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>How the training part is divided.</summary>
    public SplitOptions Split { get; init; } = new();

    /// <summary>Where decoded images are kept for the next run; null to decode every time.</summary>
    public DiskCache? Cache { get; init; }
}
