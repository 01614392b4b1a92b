using System.Globalization;
using Volley.Recipes;

namespace Volley.Data;

/// <summary>The labelled part of the Large Movie Review Dataset (Maas et al. 2011), byte by byte: the Text task of the Long Range Arena. A sample has
/// one bit a step, that of its byte; class 0 is a bad review, 1 a good one.</summary>
/// <remarks>Reviews are <c>{train|test}/{neg|pos}/{id}_{rating}.txt</c>, whatever is before; those of <c>unsup</c> have no label and are not read. They
/// are put in the order of class and id, so that archive and folder give the same.</remarks>
public static class Imdb
{
    internal const string Name = "text", Files = "imdb.tar.gz or aclImdb_v1.tar.gz, or its folders train and test, each with pos and neg";

    // Part of the cache's key: another order, or another layout of TokenBlock, needs a new number.
    private const int Version = 1;

    // The set has 50 000; the limit stops an archive of empty files.
    private const int MostReviews = 1_000_000;

    // The set has 65 MB; the limit stops an archive that was packed a thousandfold before it fills the memory.
    private const long MostBytes = 1 << 29;

    private static readonly string[] Archives = ["imdb.tar.gz", "aclImdb_v1.tar.gz", "aclImdb.tar.gz"];
    private static readonly string[] Parts = ["train", "test"];
    internal static readonly string[] Classes = ["neg", "pos"];

    /// <summary>Reads both parts and divides the training part.</summary>
    /// <param name="path">A folder with the archive or with the reviews, or the archive itself (tar, plain or gzip).</param>
    /// <param name="options">How reviews become samples.</param>
    /// <exception cref="IOException">There is no such folder, or it has neither.</exception>
    /// <exception cref="InvalidDataException">The archive is damaged, or a part has no reviews.</exception>
    public static DatasetSplits Open(string path, TextOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options = TextSymbols.Checked(options);
        string? archive = File.Exists(path) ? path : Archives.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists);
        if (archive is null && !Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no folder '{path}' (looked there for {Files}).");
        TokenBlock[] parts = archive is null ? Blocks(ReadFolder(path, options), path, options) : ReadCached(archive, options);
        IDataset[] sets = [.. parts.Select(part => new TokenSequences(Name, part, TextSymbols.Count(options.Alphabet), options.MaxLength, Classes))];
        return Splits.Divide(sets[0], sets[1], options.Split) with { Input = new InputDescription(ClassNames: Classes) };
    }

    private static TokenBlock[] ReadCached(string archive, TextOptions options)
    {
        if (options.Cache is null)
            return Blocks(ReadArchive(archive, options), archive, options);
        var both = new Lazy<TokenBlock[]>(() => Blocks(ReadArchive(archive, options), archive, options));
        int symbols = TextSymbols.Count(options.Alphabet);
        byte[] digest = DiskCache.Digest(archive);
        return [.. Parts.Select((name, part) => options.Cache.GetOrDecode(
            [digest],
            FormattableString.Invariant($"imdb {Version}; {name}, {options.MaxLength} bytes, {symbols} symbols"),
            bytes => TokenBlock.Parse(bytes, 1, symbols, Classes.Length),
            () => both.Value[part],
            block => block.Bytes))];
    }

    private static List<Review> ReadArchive(string path, TextOptions options)
    {
        using DataFile file = DataFile.Open(path);
        var tar = new TarFile(file);
        var reviews = new List<Review>();
        long bytes = 0;
        while (tar.Next())
        {
            if (Review.Of(tar.Name) is not { } review)
                continue;
            if (reviews.Count == MostReviews)
                throw file.Bad(file.Position, $"there are more than {MostReviews} reviews");
            if (tar.Length == 0)
                throw file.Bad(file.Position, $"the review '{tar.Name}' is empty");
            review = review with { Symbols = TextSymbols.Of(tar.Read(options.MaxLength), options) };
            bytes += review.Symbols.Length;
            if (bytes > MostBytes)
                throw file.Bad(file.Position, $"there are more than {MostBytes} bytes of reviews");
            reviews.Add(review);
        }
        return reviews;
    }

    // Not kept in the cache: to know that the files are the same takes as long as to read them.
    private static List<Review> ReadFolder(string folder, TextOptions options)
    {
        string root = ((string[])["", "aclImdb", "imdb"]).Select(name => Path.Combine(folder, name)).FirstOrDefault(f => Directory.Exists(Path.Combine(f, Parts[0])))
            ?? throw new FileNotFoundException($"'{folder}' has neither {string.Join(", ", Archives)} nor folders {Parts[0]} and {Parts[1]}.", Path.Combine(folder, Archives[0]));
        var reviews = new List<Review>();
        foreach (string inner in from part in Parts from name in Classes select Path.Combine(root, part, name))
        {
            if (!Directory.Exists(inner))
                throw new DirectoryNotFoundException($"There is no folder '{inner}' (looked there for {{id}}_{{rating}}.txt).");
            foreach (string path in Directory.EnumerateFiles(inner, "*.txt"))
            {
                if (Review.Of(Path.GetRelativePath(root, path).Replace('\\', '/')) is not { } review)
                    continue;
                _ = RegularFile.Length(path);
                using DataFile file = DataFile.Open(path);
                if (file.IsGzip)
                    throw file.Bad(0, "the review is packed by gzip; unpack it");
                reviews.Add(review with { Symbols = TextSymbols.Of(file.ReadToEnd(options.MaxLength), options) });
            }
        }
        return reviews;
    }

    private static TokenBlock[] Blocks(List<Review> reviews, string source, TextOptions options) =>
    [
        .. Parts.Select((name, part) =>
        {
            Review[] ours = [.. reviews.Where(r => r.Part == part).OrderBy(r => r.Class).ThenBy(r => r.Id).ThenBy(r => r.Rating)];
            if (ours.Length == 0)
                throw new InvalidDataException($"'{source}' has no review {name}/neg/{{id}}_{{rating}}.txt or {name}/pos/{{id}}_{{rating}}.txt.");
            return TokenBlock.Create(
                [.. ours.Select(r => (ReadOnlyMemory<byte>)r.Symbols)], [.. ours.Select(r => r.Class)], 1, TextSymbols.Count(options.Alphabet), Classes.Length, $"'{source}'");
        }),
    ];

    private sealed record Review(int Part, byte Class, int Id, int Rating)
    {
        public byte[] Symbols { get; init; } = [];

        /// <summary>Null for a file of another name.</summary>
        public static Review? Of(string path)
        {
            string[] names = path.Split('/');
            if (names.Length < 3)
                return null;
            int part = Array.IndexOf(Parts, names[^3]), label = Array.IndexOf(Classes, names[^2]);
            string[] numbers = names[^1].EndsWith(".txt", StringComparison.Ordinal) ? names[^1][..^4].Split('_') : [];
            return part >= 0 && label >= 0 && numbers.Length == 2
                && int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out int rating)
                ? new Review(part, (byte)label, id, rating)
                : null;
        }
    }
}
