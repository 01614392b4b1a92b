using Volley.Tensors;

namespace Volley.Data;

/// <summary>Images in the four idx files of MNIST (LeCun et al. 1998), as sequences.</summary>
/// <remarks>A part is <c>train</c> or <c>t10k</c>; its files are <c>{part}-images-idx3-ubyte</c> and <c>{part}-labels-idx1-ubyte</c>, also with
/// a dot before <c>idx</c>, and with or without <c>.gz</c>. Any number and size of images will do.</remarks>
public static class Mnist
{
    private const int MostPixels = 1 << 20;

    // A label is one byte of the file.
    private const int MostClasses = 256;

    /// <summary>Reads both parts and divides the training part.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A file is missing; the message lists the names looked for.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message says where.</exception>
    public static DatasetSplits Open(string folder, MnistOptions? options = null)
    {
        options ??= new MnistOptions();
        ImageSequences train = ReadPart(folder, "train", options), test = ReadPart(folder, "t10k", options);
        if (train.Size != test.Size)
        {
            throw new InvalidDataException(
                $"The images in '{folder}' differ in size: {train.Size.Height} x {train.Size.Width} pixels in train, "
                + $"{test.Size.Height} x {test.Size.Width} in t10k.");
        }
        return Splits.Divide(train, test, options.Split);
    }

    /// <summary>The whole official training part (60 000 images), in file order.</summary>
    /// <inheritdoc cref="Open"/>
    public static IDataset ReadTrain(string folder, MnistOptions? options = null) => ReadPart(folder, "train", options ?? new MnistOptions());

    /// <summary>The official test part (10 000 images), in file order.</summary>
    /// <inheritdoc cref="Open"/>
    public static IDataset ReadTest(string folder, MnistOptions? options = null) => ReadPart(folder, "t10k", options ?? new MnistOptions());

    private static ImageSequences ReadPart(string folder, string part, MnistOptions options)
    {
        if (options.Classes is < 1 or > MostClasses)
            throw new ArgumentOutOfRangeException(nameof(options), options.Classes, $"Classes is {options.Classes}; expected 1 … {MostClasses}.");
        string images = FindFile(folder, part, "images", "idx3"), labels = FindFile(folder, part, "labels", "idx1");
        // The header alone comes first: the size of an image is part of what the cache is asked for.
        int[] shape = Idx.ReadShape(images, 3);
        if ((long)shape[1] * shape[2] > MostPixels)
            throw new InvalidDataException($"'{images}', byte 8: images of {shape[1]} x {shape[2]} pixels; at most {MostPixels} pixels are read.");
        PixelMap map = Map(options, shape[1], shape[2]);
        ImageBlock block = ImageCache.Load(
            options.Cache, [images, labels], map, options.Classes, () => Decode(images, labels, map, options.Classes));
        var info = new DatasetInfo(
            options.Name, SampleKind.Values, map.Units, map.Steps, options.Classes, ClassNames.Numbers(options.Classes))
        {
            StepShape = options.Layout == MnistLayout.Image ? new Shape(shape[1], shape[2], 1) : map.Units,
            Image = new ImageLayout(shape[1], shape[2], 1)
            {
                Pixels = options.Scale ?? ChannelScale.Unit(1),
                Places = options.PermutationSeed is null ? null : map.Source,
            },
        };
        return new ImageSequences(info, block, channels: 1, options.Scale) { Size = (shape[1], shape[2]) };
    }

    private static string FindFile(string folder, string part, string what, string type)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' (looked there for the MNIST file {part}-{what}-{type}-ubyte).");
        string[] names =
        [
            $"{part}-{what}-{type}-ubyte", $"{part}-{what}-{type}-ubyte.gz", $"{part}-{what}.{type}-ubyte", $"{part}-{what}.{type}-ubyte.gz",
        ];
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"'{folder}' has none of {string.Join(", ", names)}.", Path.Combine(folder, names[0]));
    }

    private static PixelMap Map(MnistOptions options, int rows, int columns)
    {
        int pixels = rows * columns;
        int[] source = options.PermutationSeed is { } seed ? PixelPermutation.Create(seed, pixels) : [.. Enumerable.Range(0, pixels)];
        string order = options.PermutationSeed is { } s ? $"lcg {s}" : "in order";
        return options.Layout switch
        {
            MnistLayout.Rows => new PixelMap($"idx {rows} x {columns}, rows, {order}", rows, columns, source),
            MnistLayout.Pixels => new PixelMap($"idx {rows} x {columns}, pixels, {order}", pixels, 1, source),
            MnistLayout.Image => new PixelMap($"idx {rows} x {columns}, whole, {order}", 1, pixels, source),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Layout, "Expected a member of MnistLayout."),
        };
    }

    private static ImageBlock Decode(string imagePath, string labelPath, PixelMap map, int classes)
    {
        ReadOnlyMemory<byte> labels = Idx.ReadLabels(labelPath, classes);
        IdxArray images = Idx.Read(imagePath, 3);
        int count = images.Shape[0];
        if (labels.Length != count)
            throw new InvalidDataException($"'{labelPath}', byte 4: there are {labels.Length} labels for the {count} images of '{imagePath}'.");
        ImageBlock block = ImageBlock.Create(count, map.Source.Length, classes);
        labels.Span.CopyTo(block.Labels);
        for (int i = 0; i < count; i++)
            map.Apply(images.Data.Span.Slice(i * map.Source.Length, map.Source.Length), block.Sample(i));
        return block;
    }
}
