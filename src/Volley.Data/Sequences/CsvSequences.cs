namespace Volley.Data;

/// <summary>Your own recordings as text (CSV): a file each in a folder, or all in one table.</summary>
/// <remarks>
/// Columns are separated by tabs, semicolons, commas or spaces, whichever the first line has (in this order); numbers have a decimal point; blank
/// lines and lines that begin with # are passed over; text may stand in quotes. In a folder each file is a recording, a row a time step, a column a
/// channel, and a first line without any number is a header. In a table the first line names the columns, and every row is a time step of the
/// recording that its id names; rows of a recording are in the order of time and need not stand together. The splits are those of
/// <see cref="Audio.WavFolder"/>.
/// </remarks>
public static class CsvSequences
{
    internal const string Name = "csv";

    /// <summary>Reads all recordings and divides them.</summary>
    /// <param name="path">A folder of recordings, or a table.</param>
    /// <param name="options">How.</param>
    /// <exception cref="IOException">There is no such folder or table, or the folder has no such file.</exception>
    /// <exception cref="InvalidDataException">A recording is bad; the message names file, line and column.</exception>
    /// <exception cref="ArgumentException">The pattern cannot be used, or there is no speaker of the name to leave out.</exception>
    public static DatasetSplits Open(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new CsvOptions();
        return File.Exists(path) ? OpenTable(path, options) : OpenFolder(path, options);
    }

    private static DatasetSplits OpenFolder(string folder, CsvOptions options)
    {
        List<Recording> recordings = RecordingFolder.List(folder, options.Pattern, options.LeaveOut);
        (IReadOnlyList<string> classes, List<Recording> ours) = RecordingSet.Classify(folder, recordings, options);
        var loader = new SequenceLoader(options.Cache, "csv", options.SkipBad, options.Warn);
        return RecordingSet.Divide(Name, classes, ours, loader.Load(ours, () => file => CsvFile.Read(file.Path)), options);
    }

    private static DatasetSplits OpenTable(string path, CsvOptions options)
    {
        (List<Recording> all, Sequence?[] read) = CsvTable.Read(path, options);
        int[] good = [.. Enumerable.Range(0, read.Length).Where(i => read[i] is not null)];
        List<Recording> recordings = [.. good.Select(i => all[i])];
        if (options.LeaveOut is { } speaker)
        {
            recordings = options.SpeakerColumn is null
                ? throw new ArgumentException($"leaveOut is '{speaker}', but no speakerColumn says who speaks.")
                : RecordingFolder.LeaveOut(recordings, speaker);
        }
        (IReadOnlyList<string> classes, List<Recording> ours) = RecordingSet.Classify(path, recordings, options);
        HashSet<string> known = [.. classes];
        return RecordingSet.Divide(Name, classes, ours, [.. good.Where(i => known.Contains(all[i].Class)).Select(i => read[i])], options);
    }
}
