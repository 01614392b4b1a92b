namespace Volley.Data;

/// <summary>Your own recordings as NumPy arrays, a <c>.npy</c> file each: <c>[steps]</c> or <c>[steps, channels]</c>.</summary>
/// <remarks>Format 1 to 3, C or Fortran order, either byte order; float of 16, 32, 64 bits, int and uint of 8 to 64 bits, bool. The splits are those of
/// <see cref="Audio.WavFolder"/>.</remarks>
public static class NpySequences
{
    internal const string Name = "npy";

    /// <summary>Reads all recordings and divides them.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="options">How.</param>
    /// <exception cref="IOException">There is no such folder, or it has no such file.</exception>
    /// <exception cref="InvalidDataException">A recording is bad; the message names the file and the byte.</exception>
    /// <exception cref="ArgumentException">The pattern cannot be used, or there is no speaker of the name to leave out.</exception>
    public static DatasetSplits Open(string folder, NpyOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new NpyOptions();
        List<Recording> recordings = RecordingFolder.List(folder, options.Pattern, options.LeaveOut);
        (IReadOnlyList<string> classes, List<Recording> ours) = RecordingSet.Classify(folder, recordings, options);
        var loader = new SequenceLoader(options.Cache, "npy", options.SkipBad, options.Warn);
        return RecordingSet.Divide(Name, classes, ours, loader.Load(ours, () => file => NpyFile.Read(file.Path)), options);
    }
}
