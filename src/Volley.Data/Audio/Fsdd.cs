using System.Globalization;

namespace Volley.Data.Audio;

/// <summary>The Free Spoken Digit Dataset (Jackson et al. 2018): <c>{digit}_{speaker}_{index}.wav</c>, in the folder or in <c>recordings</c> below it.</summary>
/// <remarks>Samples are in the order of speaker, digit, index. The official split tests index 0 to 4; leaving a speaker out tests all that speaker's
/// recordings. Validation samples are a rule and no draw: of the training speakers those with index mod 10 = 9; with the official split, of index
/// 49 only those whose digit + place of the speaker in the alphabet is even (270 of 2700).</remarks>
public static class Fsdd
{
    internal const string Name = "fsdd", Pattern = "{class}_{speaker}_{*}.wav", Files = "{digit}_{speaker}_{index}.wav (here or in recordings/)";

    private const int TestIndices = 5, LastIndex = 49;

    /// <summary>Reads all recordings and divides them.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="options">How; its <see cref="RecordingOptions.TestFraction"/> is not used.</param>
    /// <exception cref="IOException">There is no such folder, or it has no such file.</exception>
    /// <exception cref="InvalidDataException">A recording is bad; the message names it.</exception>
    /// <exception cref="ArgumentException">There is no speaker of the name to leave out.</exception>
    public static DatasetSplits Open(string folder, AudioOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);
        List<Recording> recordings = List(folder, options.LeaveOut);
        return AudioSet.Open(Name, folder, recordings, options with { ClassNames = ClassNames.Numbers(10), RefuseOtherClasses = false });
    }

    internal static List<Recording> List(string folder, string? leaveOut)
    {
        string inner = Path.Combine(folder, "recordings");
        string root = Directory.Exists(inner) ? inner : folder;
        Take[] takes =
        [
            .. FolderListing.Find(root, new PathPattern(Pattern))
                .Select(file => Take.Of(root, file.Path)).OfType<Take>()
                .OrderBy(take => take.Speaker, StringComparer.Ordinal).ThenBy(take => take.Digit).ThenBy(take => take.Index),
        ];
        if (takes.Length == 0)
            throw RecordingFolder.NoFiles(root, Files);
        string[] speakers = [.. takes.Select(take => take.Speaker).Distinct()];
        List<Recording> recordings =
        [
            .. takes.Select(take => new Recording(
                take.Path, take.Digit.ToString(CultureInfo.InvariantCulture), take.Speaker, Official(take, Array.IndexOf(speakers, take.Speaker)))),
        ];
        if (leaveOut is null)
            return recordings;
        recordings = RecordingFolder.LeaveOut(recordings, leaveOut);
        for (int i = 0; i < takes.Length; i++)
        {
            if (recordings[i].Part == Part.Train && takes[i].Index % 10 == 9)
                recordings[i] = recordings[i] with { Part = Part.Valid };
        }
        return recordings;
    }

    private static Part Official(Take take, int speaker)
    {
        if (take.Index < TestIndices)
            return Part.Test;
        return take.Index % 10 == 9 && (take.Index < LastIndex || (take.Digit + speaker) % 2 == 0) ? Part.Valid : Part.Train;
    }

    private sealed record Take(string Path, int Digit, string Speaker, int Index)
    {
        /// <summary>Null for a file of another name.</summary>
        public static Take? Of(string folder, string file)
        {
            string[] parts = System.IO.Path.GetFileNameWithoutExtension(file).Split('_');
            return parts.Length == 3 && parts[0].Length == 1 && char.IsAsciiDigit(parts[0][0])
                && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                ? new Take(System.IO.Path.Combine(folder, file), parts[0][0] - '0', parts[1], index)
                : null;
        }
    }
}
