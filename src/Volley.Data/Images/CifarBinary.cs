using System.Globalization;
using Volley.Tensors;

namespace Volley.Data;

/// <summary>CIFAR-10 and CIFAR-100 in their binary version (Krizhevsky 2009), as sequences.</summary>
/// <remarks>A record is one label byte (CIFAR-100: coarse, then fine) and 3072 bytes: the red, green and blue planes of 32 rows of 32 pixels.
/// Training files are all <c>data_batch_*</c>, in the order of their numbers, or <c>train.bin</c>; test files all <c>test_batch*</c> or
/// <c>test.bin</c>; plain or gzip. Where a file is there both plain and as <c>.gz</c> the plain one is read.</remarks>
public static class CifarBinary
{
    private const int Side = 32, Plane = Side * Side, Channels = 3, ImageBytes = Channels * Plane;

    private static readonly string[] TenNames =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Reads both parts and divides the training part.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A part has no file; the message lists the names looked for.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message says where.</exception>
    public static DatasetSplits Open(string folder, CifarOptions? options = null)
    {
        options ??= new CifarOptions();
        return Splits.Divide(ReadTrain(folder, options), ReadTest(folder, options), options.Split);
    }

    /// <summary>All training files, in order.</summary>
    /// <inheritdoc cref="Open"/>
    public static IDataset ReadTrain(string folder, CifarOptions? options = null) =>
        Read(FindFiles(folder, "data_batch_*", "train.bin"), options ?? new CifarOptions());

    /// <summary>All test files, in order.</summary>
    /// <inheritdoc cref="Open"/>
    public static IDataset ReadTest(string folder, CifarOptions? options = null) =>
        Read(FindFiles(folder, "test_batch*", "test.bin"), options ?? new CifarOptions());

    private static ImageSequences Read(string[] files, CifarOptions options)
    {
        Check.Positive(options.MostRecords, nameof(options.MostRecords));
        Check.Positive(options.Repeats, nameof(options.Repeats));
        int classes = options.Labels switch { CifarLabels.Ten => 10, CifarLabels.Fine => 100, _ => 20 };
        bool grey = options.Layout == CifarLayout.GreyPixels;
        int channels = grey ? 1 : Channels;
        PixelMap map = Map(options.Layout);
        // The grey image is not a map of bytes of the file, but of the grey plane computed from them.
        ImageBlock block = ImageCache.Load(
            options.Cache, files, map with { Name = $"cifar {options.Labels}, {map.Name}" }, classes, () => Decode(files, map, grey, classes, options));
        int repeats = options.Layout == CifarLayout.Image ? options.Repeats : 1;
        var info = new DatasetInfo(
            options.Labels == CifarLabels.Ten ? "cifar10" : "cifar100",
            SampleKind.Values,
            map.Units,
            map.Steps * repeats,
            classes,
            options.Labels == CifarLabels.Ten ? TenNames : ClassNames.Numbers(classes))
        {
            StepShape = StepShape(options.Layout),
            Image = new ImageLayout(Side, Side, channels, options.Layout == CifarLayout.Columns ? ImageOrder.Columns : ImageOrder.Rows)
            {
                Pixels = options.Scale ?? ChannelScale.Unit(channels),
            },
        };
        return new ImageSequences(info, block, channels, options.Scale, repeats);
    }

    /// <summary>The axes of a time step.</summary>
    internal static Shape StepShape(CifarLayout layout) => layout switch
    {
        CifarLayout.Columns => new Shape(Side, Channels),
        CifarLayout.Pixels => Channels,
        CifarLayout.GreyPixels => 1,
        _ => new Shape(Side, Side, Channels),
    };

    private static PixelMap Map(CifarLayout layout)
    {
        // Source of the pixel (row, column) of a channel in the planes.
        static int At(int row, int column, int channel) => channel * Plane + row * Side + column;
        IEnumerable<int> side = Enumerable.Range(0, Side), channels = Enumerable.Range(0, Channels);
        IEnumerable<int> rowMajor = from row in side from column in side from channel in channels select At(row, column, channel);
        return layout switch
        {
            CifarLayout.Columns => new PixelMap("columns", Side, Side * Channels,
                [.. from column in side from row in side from channel in channels select At(row, column, channel)]),
            CifarLayout.Pixels => new PixelMap("pixels", Plane, Channels, [.. rowMajor]),
            CifarLayout.GreyPixels => new PixelMap("grey pixels", Plane, 1, [.. Enumerable.Range(0, Plane)]),
            CifarLayout.Image => new PixelMap("whole", 1, ImageBytes, [.. rowMajor]),
            _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "Expected a member of CifarLayout."),
        };
    }

    private static ImageBlock Decode(string[] files, PixelMap map, bool grey, int classes, CifarOptions options)
    {
        int labelBytes = options.Labels == CifarLabels.Ten ? 1 : 2, labelAt = options.Labels == CifarLabels.Fine ? 1 : 0;
        int record = labelBytes + ImageBytes;
        byte[][] contents = [.. files.Select(file => CifarFile.Read(file, labelBytes, labelAt, classes, options.MostRecords))];
        long count = contents.Sum(c => (long)c.Length / record);
        if (ImageBlock.Size(count, map.Source.Length) > Array.MaxLength)
            throw new InvalidDataException($"The {files.Length} files from '{files[0]}' on hold {count} images, too many to keep in memory.");

        ImageBlock block = ImageBlock.Create((int)count, map.Source.Length, classes);
        var plane = new byte[Plane];
        int i = 0;
        foreach (byte[] content in contents)
        {
            for (int start = 0; start < content.Length; start += record, i++)
            {
                block.Labels[i] = content[start + labelAt];
                ReadOnlySpan<byte> image = content.AsSpan(start + labelBytes, ImageBytes);
                if (grey)
                    Grey(image, plane);
                map.Apply(grey ? plane : image, block.Sample(i));
            }
        }
        return block;
    }

    private static void Grey(ReadOnlySpan<byte> image, Span<byte> plane)
    {
        for (int i = 0; i < Plane; i++)
            plane[i] = Bt601.Luma(image[i], image[Plane + i], image[2 * Plane + i]);
    }

    private static string[] FindFiles(string folder, string pattern, string single)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' (looked there for the CIFAR files {pattern} or {single}).");
        string[] files = Directory.GetFiles(folder, pattern);
        if (files.Length == 0)
            files = [.. new[] { single, single + ".gz" }.Select(name => Path.Combine(folder, name)).Where(File.Exists)];
        if (files.Length == 0)
            throw new FileNotFoundException($"'{folder}' has no file {pattern} and neither {single} nor {single}.gz.", Path.Combine(folder, single));
        return [.. files.Where(f => !(f.EndsWith(".gz", StringComparison.Ordinal) && files.Contains(f[..^3])))
            .OrderBy(BatchNumber).ThenBy(f => f, StringComparer.Ordinal)];
    }

    private static long BatchNumber(string path)
    {
        string digits = string.Concat(Path.GetFileName(path).SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit));
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
    }
}
