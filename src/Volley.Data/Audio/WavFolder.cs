namespace Volley.Data.Audio;

/// <summary>Your own recordings: a folder of WAV files whose paths say what they are.</summary>
/// <remarks>Samples are in the order of their paths. Which are for the test: those whose pattern says so by <c>{part}</c>; or all of the speaker that is
/// left out; or a seeded share of every class. Where no <c>{part}</c> says which are for validation, a seeded share of every class of the
/// training part is.</remarks>
public static class WavFolder
{
    internal const string Name = "wav";

    /// <summary>Reads all recordings and divides them.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="pattern">What their paths say, see <see cref="PathPattern"/>.</param>
    /// <param name="options">How.</param>
    /// <exception cref="IOException">There is no such folder, or it has no such file.</exception>
    /// <exception cref="InvalidDataException">A recording is bad; the message names it.</exception>
    /// <exception cref="ArgumentException">The pattern cannot be used, or there is no speaker of the name to leave out.</exception>
    public static DatasetSplits Open(string folder, string pattern, AudioOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);
        return AudioSet.Open(Name, folder, RecordingFolder.List(folder, pattern, options.LeaveOut), options);
    }
}
