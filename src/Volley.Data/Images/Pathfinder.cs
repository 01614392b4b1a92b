using System.Globalization;
using System.Text;
using Volley.Recipes;

namespace Volley.Data;

/// <summary>Pathfinder and Path-X of the Long Range Arena (Linsley et al. 2018; Tay et al. 2021): a pixel a step, row after row, −1 … 1; class 1 where a
/// dashed curve joins the two dots. Images are read as they are asked for, so that opening is quick and memory holds none.</summary>
/// <remarks>A folder <c>pathfinder{size}</c> has <c>curv_baseline</c>, <c>curv_contour_length_9</c> and <c>curv_contour_length_14</c>, each with
/// <c>metadata/{n}.npy</c>, which are text and no arrays: lines of folder (<c>imgs/{n}</c>), image, a number, the class and more. The release has no
/// parts: samples are put in the order of these lists and divided by the split's seed, the same share of each class.</remarks>
public static class Pathfinder
{
    internal const string Name = "pathfinder";

    private const int MostSamples = 10_000_000;

    internal static readonly string[] Classes = ["apart", "joined"];

    /// <summary>Lists the images and divides them.</summary>
    /// <param name="folder">The folder <c>pathfinder{size}</c>, or the one that has it.</param>
    /// <param name="options">Which, and how they are divided.</param>
    /// <exception cref="IOException">There is no such folder, or it has no such lists.</exception>
    /// <exception cref="InvalidDataException">A list is damaged or names an image that is not there; the message has the line. A damaged image is
    /// told of in the same way when it is read.</exception>
    public static DatasetSplits Open(string folder, PathfinderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new PathfinderOptions();
        if (options.Size is < 1 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(options), options.Size, $"Size is {options.Size}; expected 1 … 1024.");
        string root = Find(folder, options);
        var images = new List<PathfinderImage>();
        int empty = 0;
        foreach (string list in Lists(root))
            Read(list, root, images, ref empty);
        if (images.Count == 0)
            throw new InvalidDataException($"The lists in '{Path.Combine(root, "metadata")}' name no image.");
        if (empty > 0)
            options.Warn?.Invoke($"'{root}' has {empty} empty image{(empty == 1 ? "" : "s")}, left out.");
        var info = new DatasetInfo(Name, SampleKind.Values, 1, options.Size * options.Size, 2, Classes);
        (IDataset rest, IDataset test) = new PathfinderImages(info, root, [.. images], options.Size).HoldOutTest(PathfinderOptions.TestFraction, options.Split.Seed);
        return Splits.Divide(rest, test, options.Split) with { Input = new InputDescription(ClassNames: Classes) };
    }

    internal static string FolderOf(PathfinderDifficulty difficulty) => difficulty switch
    {
        PathfinderDifficulty.Easy => "curv_baseline",
        PathfinderDifficulty.Intermediate => "curv_contour_length_9",
        _ => "curv_contour_length_14",
    };

    private static string Find(string folder, PathfinderOptions options)
    {
        string name = FolderOf(options.Difficulty), sized = FormattableString.Invariant($"pathfinder{options.Size}");
        string looked = Path.Combine(sized, name, "metadata");
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' (looked there for {looked}).");
        return ((string[])[Path.Combine(folder, sized, name), Path.Combine(folder, name)]).FirstOrDefault(root => Directory.Exists(Path.Combine(root, "metadata")))
            ?? throw new FileNotFoundException($"'{folder}' has no {looked}.", Path.Combine(folder, looked));
    }

    private static IEnumerable<string> Lists(string root)
    {
        string[] lists = Directory.GetFiles(Path.Combine(root, "metadata"), "*.npy");
        return lists.Length > 0
            ? lists.OrderBy(Number).ThenBy(list => list, StringComparer.Ordinal)
            : throw new FileNotFoundException($"'{Path.Combine(root, "metadata")}' has no list {{n}}.npy.", root);
    }

    private static long Number(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : long.MaxValue;

    private static void Read(string list, string root, List<PathfinderImage> images, ref int empty)
    {
        using var lines = new TextLines(list);
        while (lines.Next())
        {
            string[] words = Encoding.Latin1.GetString(lines.Line[..Math.Min(lines.Line.Length, 1024)]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            if (words.Length < 4 || words[3] is not ("0" or "1"))
                throw lines.Bad("expected folder, image, a number and the class 0 or 1");
            // What a list names must lie below its own folder.
            if (!words[0].StartsWith("imgs/", StringComparison.Ordinal) || !IsPlain(words[0].AsSpan(5)) || !IsPlain(words[1]))
                throw lines.Bad($"'{Recipes.Json.Names.Shown(words[0])}' and '{Recipes.Json.Names.Shown(words[1])}' are no imgs/{{n}} and name of an image");
            var image = new PathfinderImage(words[0], words[1], words[3] == "1");
            var file = new FileInfo(image.PathIn(root));
            if (!file.Exists)
                throw lines.Bad($"the image '{file.FullName}' is not there");
            if (file.Length == 0)
            {
                // The release has one.
                empty++;
                continue;
            }
            if (images.Count == MostSamples)
                throw lines.Bad($"there are more than {MostSamples} images");
            images.Add(image);
        }
    }

    private static bool IsPlain(ReadOnlySpan<char> name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.'))
                return false;
        }
        return name.Length > 0 && name[0] != '.';
    }
}
