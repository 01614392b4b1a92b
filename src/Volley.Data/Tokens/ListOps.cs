using Volley.Recipes;

namespace Volley.Data;

/// <summary>ListOps (Nangia and Bowman 2018) with the long expressions of the Long Range Arena (Tay et al. 2021): the class is the value of nested
/// lists of digits. A sample has one bit a step, that of its symbol: 0 … 9, [MIN, [MAX, [MED, [SM and ], and ( and ) where asked for.</summary>
public static class ListOps
{
    internal const string Name = "listops", Files = "basic_train.tsv, basic_val.tsv and basic_test.tsv";

    // Part of the cache's key: other rules, or another layout of TokenBlock, need a new number.
    private const int Version = 1;
    private const int Classes = 10;

    /// <summary>Makes expressions by the rules of the Long Range Arena, a pure function of the options: the test samples, the validation samples
    /// after them, then the training samples, all distinct; so more training samples change none of the others.</summary>
    /// <exception cref="ArgumentException">The options make no sense, or hardly any expression has such a length.</exception>
    public static DatasetSplits Generate(ListOpsOptions? options = null)
    {
        options = Checked(options);
        int count = checked(options.Test + options.Valid + options.Train);
        TokenBlock Make()
        {
            List<byte[]> all = ListOpsGenerator.Draw(count, options);
            return Block(all, [.. all.Select(Value)], "'listops'");
        }
        string transform = FormattableString.Invariant(
            $"listops generated {Version}; seed {options.Seed}, {options.MinLength} to {options.MaxLength}, {count} expressions");
        TokenBlock block = options.Cache is null ? Make() : options.Cache.GetOrDecode(Array.Empty<byte[]>(), transform, Parse, Make, made => made.Bytes);
        IDataset all = Dataset(block, options);
        return Parts(
            all.Slice(options.Test + options.Valid, options.Train), all.Slice(options.Test, options.Valid), all.Slice(0, options.Test), options);
    }

    /// <summary>Reads the three files of the Long Range Arena's release: a line of titles (Source, Target), then an expression and its value a line.
    /// Files of lines with the value first, and no titles, are read too. Every value is checked.</summary>
    /// <exception cref="IOException">The folder or a file is missing.</exception>
    /// <exception cref="InvalidDataException">A line is no expression or has another value; the message has its number.</exception>
    public static DatasetSplits Open(string folder, ListOpsOptions? options = null)
    {
        options = Checked(options);
        IDataset[] parts = [.. ((string[])["train", "val", "test"]).Select(part => Read(Find(folder, $"basic_{part}.tsv"), options))];
        return Parts(parts[0], parts[1], parts[2], options);
    }

    /// <summary>One file, in its order.</summary>
    /// <inheritdoc cref="Open"/>
    public static IDataset Read(string path, ListOpsOptions? options = null)
    {
        options = Checked(options);
        TokenBlock Decode()
        {
            (List<byte[]> expressions, List<byte> values) = ListOpsFile.Read(path, options.MaxLength);
            return Block(expressions, values, $"'{path}'");
        }
        TokenBlock block = options.Cache is null
            ? Decode()
            : options.Cache.GetOrDecode(
                [path], FormattableString.Invariant($"listops read {Version}; below {options.MaxLength}"), Parse, Decode, read => read.Bytes);
        return Dataset(block, options);
    }

    private static DatasetSplits Parts(IDataset train, IDataset valid, IDataset test, ListOpsOptions options) =>
        new(options.Split.Limit is { } limit ? train.Limit(limit, options.Split.Seed) : train, valid, test) { Input = new InputDescription(ClassNames: test.Info.ClassNames) };

    private static TokenSequences Dataset(TokenBlock block, ListOpsOptions options)
    {
        if (options.Brackets)
        {
            List<byte[]> all = [.. Enumerable.Range(0, block.Count).Select(i => ListOpsExpression.WithBrackets(block.Text(i)))];
            block = TokenBlock.Create([.. all.Select(e => (ReadOnlyMemory<byte>)e)], block.Labels.ToArray(), 1, ListOpsSymbols.All, Classes, "'listops'");
        }
        return new TokenSequences(Name, block, options.Symbols, options.MaxSteps, ClassNames.Numbers(Classes));
    }

    private static TokenBlock Block(List<byte[]> expressions, List<byte> values, string source) =>
        TokenBlock.Create([.. expressions.Select(e => (ReadOnlyMemory<byte>)e)], values, 1, ListOpsSymbols.Plain, Classes, source);

    private static TokenBlock? Parse(byte[] bytes)
    {
        TokenBlock? block = TokenBlock.Parse(bytes, 1, ListOpsSymbols.Plain, Classes);
        for (int i = 0; block is not null && i < block.Count; i++)
        {
            // Brackets are added to expressions that are sound: the cache is not to be trusted either.
            if (ListOpsExpression.Evaluate(block.Text(i), out byte value) is not null || value != block.Labels[i])
                return null;
        }
        return block;
    }

    private static byte Value(byte[] expression) =>
        ListOpsExpression.Evaluate(expression, out byte value) is { } problem ? throw new InvalidOperationException($"A generated expression {problem}.") : value;

    private static string Find(string folder, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' (looked there for {name}).");
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"'{folder}' has no {name}; leave the folder out to generate expressions.", path);
    }

    private static ListOpsOptions Checked(ListOpsOptions? options)
    {
        options ??= new ListOpsOptions();
        if (options.MaxLength is < 2 or > 65_536)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxLength, $"MaxLength is {options.MaxLength}; expected 2 … 65536.");
        if (options.MinLength < 0 || options.MinLength > options.MaxLength - 2)
            throw new ArgumentOutOfRangeException(nameof(options), options.MinLength, $"MinLength is {options.MinLength}; expected 0 … MaxLength − 2 = {options.MaxLength - 2}.");
        Check.Positive(options.Train, nameof(options.Train));
        Check.Positive(options.Valid, nameof(options.Valid));
        Check.Positive(options.Test, nameof(options.Test));
        return options;
    }
}
