namespace Volley.Data;

/// <summary>A set of the UEA archive of multivariate time series (Bagnall et al. 2018): <c>{name}_TRAIN.ts</c> and <c>{name}_TEST.ts</c>.</summary>
/// <remarks>Recordings may differ in length. Time stamps, missing values and targets that are no classes are refused. Samples are in the order of the
/// files, the training file first; classes in the order in which it lists them.</remarks>
public static class TsSequences
{
    internal const string Name = "ts", Files = "{name}_TRAIN.ts and {name}_TEST.ts";

    private const string TrainEnd = "_TRAIN.ts", TestEnd = "_TEST.ts";

    /// <summary>Reads both parts and divides the training part.</summary>
    /// <param name="folder">Where the two files are, of one set.</param>
    /// <param name="options">How.</param>
    /// <exception cref="IOException">There is no such folder, or it has not these two files.</exception>
    /// <exception cref="InvalidDataException">A file is bad; the message names the line.</exception>
    public static DatasetSplits Open(string folder, TsOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new TsOptions();
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' (looked there for {Files}).");
        string[] train = [.. Directory.EnumerateFiles(folder).Where(path => path.EndsWith(TrainEnd, StringComparison.OrdinalIgnoreCase))];
        if (train.Length == 0)
            throw RecordingFolder.NoFiles(folder, "{name}_TRAIN.ts");
        if (train.Length > 1)
            throw new InvalidDataException($"'{folder}' has {train.Length} files *{TrainEnd}; pass a folder with one set.");
        string name = Path.GetFileName(train[0])[..^TrainEnd.Length];
        string test = Directory.EnumerateFiles(folder).FirstOrDefault(path => Path.GetFileName(path).Equals(name + TestEnd, StringComparison.OrdinalIgnoreCase))
            ?? throw RecordingFolder.NoFiles(folder, name + TestEnd);
        return Open(name, train[0], test, options);
    }

    private static DatasetSplits Open(string name, string trainPath, string testPath, TsOptions options)
    {
        var bad = new BadRecordings(options.SkipBad, options.Warn);
        TsFile train = TsFile.Read(trainPath, Part.Train, bad), test = TsFile.Read(testPath, Part.Test, bad);
        bad.Report(train.Recordings.Count + test.Recordings.Count);
        List<Recording> all = [.. train.Recordings, .. test.Recordings];
        Sequence?[] read = [.. train.Sequences, .. test.Sequences];
        int[] good = [.. Enumerable.Range(0, read.Length).Where(i => read[i] is not null)];
        int units = read[good[0]]!.Units;
        foreach (int i in good)
        {
            if (read[i]!.Units != units)
                throw new InvalidDataException($"'{all[i].Path}' has recordings of {read[i]!.Units} channels, but '{all[good[0]].Path}' has {units}.");
        }
        RecordingOptions own = options.ClassNames is null && train.Classes is not null ? options with { ClassNames = train.Classes, RefuseOtherClasses = true } : options;
        (IReadOnlyList<string> classes, List<Recording> ours) = RecordingSet.Classify(name, [.. good.Select(i => all[i])], own);
        HashSet<string> known = [.. classes];
        return RecordingSet.Divide(name, classes, ours, [.. good.Where(i => known.Contains(all[i].Class)).Select(i => read[i])], options);
    }
}
