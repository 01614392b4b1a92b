using Volley.Kernels;
using Volley.Recipes;

namespace Volley.Data;

/// <summary>Images in the manner of Pathfinder (Linsley et al. 2018), generated: Volley's own, not those of the Long Range Arena, and no accuracy on them
/// is one on Pathfinder. Two long dashed curves, shorter ones among them, and two dots: at the two ends of one curve (class 1, joined) or at
/// an end of each (class 0, apart). A pixel a step, row after row, −1 … 1.</summary>
/// <remarks>A pure function of <see cref="PathsOptions"/>, the same bits on every machine; a sample does not change when more are asked for. Classes
/// alternate, so that each part has as many of one as of the other. Apart, the image is drawn again until two ends have, to a 128th of a side, the
/// distance of the ends of one curve in another image, so that the distance says little.</remarks>
public static class Paths
{
    internal const string Name = "paths";

    // Part of the cache's key: other images need a new number.
    private const int Version = 1;

    /// <summary>Makes the three parts.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or the curves do not fit an image of the size.</exception>
    public static DatasetSplits Generate(PathsOptions? options = null)
    {
        options ??= new PathsOptions();
        CheckOptions(options);
        IDataset train = Part(options, "train", options.Train), valid = Part(options, "valid", options.Valid), test = Part(options, "test", options.Test);
        return new DatasetSplits(options.Split.Limit is { } limit ? train.Limit(limit, options.Split.Seed) : train, valid, test)
        {
            Input = new InputDescription(ClassNames: Pathfinder.Classes),
        };
    }

    private static ImageSequences Part(PathsOptions options, string name, int count)
    {
        int pixels = options.Size * options.Size;
        ImageBlock Draw()
        {
            Rng random = new Rng(options.Seed).Fork("volley.data.paths").Fork(name);
            ImageBlock block = ImageBlock.Create(count, pixels, Pathfinder.Classes.Length);
            for (int i = 0; i < count; i++)
            {
                block.Labels[i] = (byte)(i & 1);
                PathImage.Draw(options, joined: (i & 1) == 1, random.Fork(i), block.Sample(i));
            }
            return block;
        }
        string transform = FormattableString.Invariant(
            $"paths {Version}; {options.Size}, {options.Dashes} dashes, {options.Distractors} distractors, seed {options.Seed}, {name}, {count}");
        ImageBlock drawn = options.Cache is null
            ? Draw()
            : options.Cache.GetOrDecode(Array.Empty<byte[]>(), transform, bytes => ImageBlock.Parse(bytes, pixels, Pathfinder.Classes.Length), Draw, block => block.Bytes);
        return new ImageSequences(new DatasetInfo(Name, SampleKind.Values, 1, pixels, 2, Pathfinder.Classes), drawn, channels: 1, PathfinderImages.Scale);
    }

    private static void CheckOptions(PathsOptions options)
    {
        InRange(options.Size, 24, 256, nameof(options.Size));
        InRange(options.Dashes, 2, 32, nameof(options.Dashes));
        InRange(options.Distractors, 0, 32, nameof(options.Distractors));
        int most = (int)Math.Min(10_000_000, (Array.MaxLength - 64L) / (options.Size * options.Size + 1));
        InRange(options.Train, 2, most, nameof(options.Train));
        InRange(options.Valid, 2, most, nameof(options.Valid));
        InRange(options.Test, 2, most, nameof(options.Test));
    }

    private static void InRange(int value, int least, int most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; expected {least} … {most}.");
    }
}
