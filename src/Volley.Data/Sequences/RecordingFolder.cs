using Volley.Recipes.Json;

namespace Volley.Data;

/// <summary>Recordings in a folder whose paths say what they are.</summary>
internal static class RecordingFolder
{
    private const int ShownFiles = 3;

    /// <summary>All that match, sorted by path.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">Nothing matches.</exception>
    /// <exception cref="ArgumentException">A speaker is to be left out and there is none of that name.</exception>
    public static List<Recording> List(string folder, string patternText, string? leaveOut)
    {
        var pattern = new PathPattern(patternText);
        List<(string Path, PathMatch Match)> files = FolderListing.Find(folder, pattern);
        if (files.Count == 0)
            throw NoFiles(folder, pattern.Text);
        List<Recording> recordings =
        [
            .. files.Select(file => new Recording(
                Path.Combine(folder, file.Path.Replace('/', Path.DirectorySeparatorChar)), file.Match.Class, file.Match.Speaker, PartOf(file.Match.Part, file.Path))),
        ];
        if (leaveOut is null)
            return recordings;
        return pattern.HasSpeaker
            ? LeaveOut(recordings, leaveOut)
            : throw new ArgumentException($"leaveOut is '{leaveOut}', but the pattern '{pattern}' has no {{speaker}}.");
    }

    /// <summary>The recordings of a speaker are the test part, the others the training part.</summary>
    public static List<Recording> LeaveOut(IReadOnlyList<Recording> recordings, string speaker)
    {
        if (!recordings.Any(recording => recording.Speaker == speaker))
        {
            string[] known = [.. recordings.Select(recording => recording.Speaker!).Distinct().Order(StringComparer.Ordinal)];
            throw new ArgumentException($"There is no speaker '{Names.Shown(speaker)}' to leave out{Names.Suggest(speaker, known)}");
        }
        return [.. recordings.Select(recording => recording with { Part = recording.Speaker == speaker ? Part.Test : Part.Train })];
    }

    /// <summary>train, valid or test.</summary>
    public static Part? PartOf(string? name, string where) => name switch
    {
        null => null,
        "train" => Part.Train,
        "valid" => Part.Valid,
        "test" => Part.Test,
        _ => throw new InvalidDataException($"'{where}' is of the part '{Names.Shown(name)}'; expected train, valid or test."),
    };

    public static FileNotFoundException NoFiles(string folder, string expected)
    {
        string[] there = [.. Directory.EnumerateFileSystemEntries(folder).Take(50).Select(path => Names.Shown(Path.GetFileName(path))).Order(StringComparer.Ordinal).Take(ShownFiles)];
        return new FileNotFoundException($"'{folder}' has no file {expected}; {(there.Length == 0 ? "it is empty" : $"it holds {string.Join(", ", there)} …")}.");
    }
}
