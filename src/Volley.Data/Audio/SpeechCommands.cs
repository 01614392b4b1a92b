namespace Volley.Data.Audio;

/// <summary>Speech Commands (Warden 2018): <c>{word}/{speaker}_nohash_{n}.wav</c>, split by <c>validation_list.txt</c> and <c>testing_list.txt</c>.</summary>
/// <remarks>Samples are in the order of their paths. Classes are the folders, sorted; those that begin with an underscore (<c>_background_noise_</c>)
/// are none. The lists may name files that are not there: they are those of the full set.</remarks>
public static class SpeechCommands
{
    internal const string Name = "speech-commands", Pattern = "{class}/{*}.wav", ValidationList = "validation_list.txt", TestingList = "testing_list.txt";

    /// <summary>Words of version 2.</summary>
    internal const int Words = 35;

    private const int MostListBytes = 1 << 26;

    /// <summary>Reads all recordings and divides them.</summary>
    /// <param name="folder">Where the words' folders and the lists are.</param>
    /// <param name="options">How; its <see cref="RecordingOptions.TestFraction"/> is not used.</param>
    /// <param name="twelve">Twelve classes; null for a class a word.</param>
    /// <exception cref="IOException">There is no such folder, or a list is missing.</exception>
    /// <exception cref="InvalidDataException">A recording is bad; the message names it.</exception>
    public static DatasetSplits Open(string folder, AudioOptions options, TwelveClasses? twelve = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);
        List<Recording> words = List(folder);
        return twelve is null
            ? AudioSet.Open(Name, folder, words, options)
            : AudioSet.Open(Name, folder, twelve.Of(folder, words), options with { ClassNames = options.ClassNames ?? TwelveClasses.Names });
    }

    internal static List<Recording> List(string folder)
    {
        List<(string Path, PathMatch Match)> files = [.. FolderListing.Find(folder, new PathPattern(Pattern)).Where(file => file.Match.Class[0] != '_')];
        if (files.Count == 0)
            throw RecordingFolder.NoFiles(folder, "{word}/{speaker}_nohash_{n}.wav");
        HashSet<string> valid = ReadList(folder, ValidationList), test = ReadList(folder, TestingList);
        return
        [
            .. files.Select(file => new Recording(
                Path.Combine(folder, file.Match.Class, Path.GetFileName(file.Path)), file.Match.Class,
                Part: test.Contains(file.Path) ? Part.Test : valid.Contains(file.Path) ? Part.Valid : Part.Train)),
        ];
    }

    private static HashSet<string> ReadList(string folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists)
            throw new FileNotFoundException($"'{folder}' has no {name}, which says how Speech Commands is split.", file.FullName);
        if (file.Length > MostListBytes)
            throw new InvalidDataException($"'{file.FullName}' has {file.Length} bytes; a list of files has at most {MostListBytes}.");
        return [.. File.ReadLines(file.FullName).Select(line => line.Trim())];
    }
}
