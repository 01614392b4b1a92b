using Volley.Recipes;

namespace Volley.Data;

/// <summary>Pairs of papers of the ACL Anthology Network (Radev et al. 2013), of which one cites the other (class 1) or not (0), byte by byte: the
/// Retrieval task of the Long Range Arena, from <c>new_aan_pairs.{train,eval,test}.tsv</c> of its release.</summary>
/// <remarks>A line is the label, two ids and two texts, with tabs between; the texts are taken as they are. A sample has two planes of 256 (or 128) units
/// side by side, one a paper, and both papers start at step 0: a step of a paper has one bit in its plane, and behind the paper's end its plane is
/// empty. The sample is as long as the longer paper.</remarks>
public static class AnthologyPairs
{
    internal const string Name = "retrieval", Files = "new_aan_pairs.train.tsv, new_aan_pairs.eval.tsv and new_aan_pairs.test.tsv";

    // Part of the cache's key: a new layout of TokenBlock needs a new number.
    private const int Version = 1;
    private const int Columns = 5;

    internal static readonly string[] Classes = ["unrelated", "cited"];

    /// <summary>Reads the three files, which are its parts.</summary>
    /// <exception cref="IOException">The folder or a file is missing.</exception>
    /// <exception cref="InvalidDataException">A line is bad; the message has its number.</exception>
    public static DatasetSplits Open(string folder, TextOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options = TextSymbols.Checked(options ?? new TextOptions { MaxLength = 4000 });
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' (looked there for {Files}).");
        string[] paths = [.. ((string[])["train", "eval", "test"]).Select(part => Path.Combine(folder, $"new_aan_pairs.{part}.tsv"))];
        if (Array.Find(paths, path => !File.Exists(path)) is { } missing)
            throw new FileNotFoundException($"'{folder}' has no {Path.GetFileName(missing)}; the folder is tsv_data of LRA's release.", missing);
        IDataset[] parts = [.. paths.Select(path => new TokenSequences(Name, Load(path, options), TextSymbols.Count(options.Alphabet), options.MaxLength, Classes))];
        IDataset train = options.Split.Limit is { } limit ? parts[0].Limit(limit, options.Split.Seed) : parts[0];
        return new DatasetSplits(train, parts[1], parts[2]) { Input = new InputDescription(ClassNames: Classes) };
    }

    private static TokenBlock Load(string path, TextOptions options)
    {
        int symbols = TextSymbols.Count(options.Alphabet);
        return options.Cache is null
            ? Read(path, options)
            : options.Cache.GetOrDecode(
                [path], FormattableString.Invariant($"retrieval {Version}; {options.MaxLength} bytes, {symbols} symbols"),
                bytes => TokenBlock.Parse(bytes, 2, symbols, Classes.Length), () => Read(path, options), block => block.Bytes);
    }

    private static TokenBlock Read(string path, TextOptions options)
    {
        using var lines = new TextLines(path);
        var texts = new List<ReadOnlyMemory<byte>>();
        var labels = new List<byte>();
        Span<Range> columns = stackalloc Range[Columns + 1];
        while (lines.Next())
        {
            ReadOnlySpan<byte> line = lines.Line;
            int count = line.Count((byte)'\t') + 1;
            if (count != Columns)
                throw lines.Bad($"there are {count} columns, expected {Columns}: label, two ids, two texts");
            int c = 0;
            foreach (Range column in line.Split((byte)'\t'))
                columns[c++] = column;
            ReadOnlySpan<byte> label = line[columns[0]];
            if (!label.SequenceEqual("0"u8) && !label.SequenceEqual("0.0"u8) && !label.SequenceEqual("1"u8) && !label.SequenceEqual("1.0"u8))
                throw lines.Bad($"the label is '{Recipes.Json.Names.Shown(System.Text.Encoding.Latin1.GetString(label))}', expected 0 or 1");
            labels.Add((byte)(label[0] - '0'));
            texts.Add(TextSymbols.Of(line[columns[3]], options));
            texts.Add(TextSymbols.Of(line[columns[4]], options));
        }
        if (labels.Count == 0)
            throw lines.Bad("there are no pairs");
        return TokenBlock.Create(texts, labels, 2, TextSymbols.Count(options.Alphabet), Classes.Length, $"'{path}'");
    }
}
