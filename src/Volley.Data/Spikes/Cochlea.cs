using Volley.Recipes;

namespace Volley.Data;

/// <summary>The two sets of spoken words as spikes of a model of the inner ear (Cramer, Stradmann, Schemmel and Zenke 2022): 700 channels,
/// samples of about a second. Every sample has the same number of steps; a bit says whether a channel's group fired in a step.</summary>
public static class Cochlea
{
    internal const string ShdName = "shd", SscName = "ssc", ShdFiles = "shd_train.h5 and shd_test.h5", SscFiles = "ssc_train.h5, ssc_valid.h5 and ssc_test.h5";
    internal const int ShdClasses = 20, SscClasses = 35;

    /// <summary>Spiking Heidelberg Digits, from <c>shd_train.h5</c> and <c>shd_test.h5</c>.</summary>
    /// <remarks>The set has no validation part, and its test part has speakers that the training part has not. So whole speakers are held out: they
    /// are drawn by the seed until they have <see cref="SplitOptions.ValidFraction"/> of the training samples or more, and at least one stays.</remarks>
    /// <exception cref="IOException">The folder or a file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the training part has only one speaker.</exception>
    public static DatasetSplits OpenShd(string folder, CochleaOptions? options = null)
    {
        options = Checked(options);
        string trainPath = Find(folder, "shd_train.h5"), testPath = Find(folder, "shd_test.h5");
        IReadOnlyList<string> names = CochleaFile.ClassNamesOf(trainPath, ShdClasses);
        CochleaBlock block = CochleaFile.Load(trainPath, ShdClasses, options);
        InMemoryDataset all = Dataset(ShdName, block, names, options), test = Dataset(ShdName, CochleaFile.Load(testPath, ShdClasses, options), names, options);
        HashSet<int> held = GroupSplits.HeldOut(block.Speakers, options.Split, $"'{trainPath}' has one speaker only, so that none can be held out for validation.");
        ILookup<bool, int> parts = Enumerable.Range(0, all.Count).ToLookup(i => held.Contains(block.Speakers[i]));
        return Splits(all.Subset([.. parts[false]]), all.Subset([.. parts[true]]), test, names, options);
    }

    /// <summary>Spiking Speech Commands, from <c>ssc_train.h5</c>, <c>ssc_valid.h5</c> and <c>ssc_test.h5</c>, which are its parts.</summary>
    /// <exception cref="IOException">The folder or a file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static DatasetSplits OpenSsc(string folder, CochleaOptions? options = null)
    {
        options = Checked(options);
        string[] paths = [.. ((string[])["ssc_train.h5", "ssc_valid.h5", "ssc_test.h5"]).Select(name => Find(folder, name))];
        IReadOnlyList<string> names = CochleaFile.ClassNamesOf(paths[0], SscClasses);
        IDataset[] parts = [.. paths.Select(path => Dataset(SscName, CochleaFile.Load(path, SscClasses, options), names, options))];
        return Splits(parts[0], parts[1], parts[2], names, options);
    }

    private static DatasetSplits Splits(IDataset train, IDataset valid, IDataset test, IReadOnlyList<string> names, CochleaOptions options) =>
        new(options.Split.Limit is { } limit ? train.Limit(limit, options.Split.Seed) : train, valid, test) { Input = new InputDescription(ClassNames: names) };

    private static InMemoryDataset Dataset(string name, CochleaBlock block, IReadOnlyList<string> names, CochleaOptions options) =>
        InMemoryDataset.FromBits(name, block.Bits, block.Labels, CochleaFile.Units(options), names.Count, names);

    private static string Find(string folder, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' (looked there for {name}).");
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"'{folder}' has no {name} ('volley data download' gets it; a published {name}.zip must be unpacked).", path);
    }

    private static CochleaOptions Checked(CochleaOptions? options)
    {
        options ??= new CochleaOptions();
        if (options.Channels is < 1 or > CochleaFile.Channels)
            throw new ArgumentOutOfRangeException(nameof(options), options.Channels, $"Channels is {options.Channels}; expected 1 … {CochleaFile.Channels}.");
        if (!(options.Bin > 0 && options.Bin < double.PositiveInfinity))
            throw new ArgumentOutOfRangeException(nameof(options), options.Bin, $"Bin is {options.Bin}; expected a time above 0 s.");
        if (options.Steps is < 1 or > 65_536)
            throw new ArgumentOutOfRangeException(nameof(options), options.Steps, $"Steps is {options.Steps}; expected 1 … 65536.");
        return options;
    }
}
