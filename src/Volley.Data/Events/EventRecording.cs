namespace Volley.Data;

/// <summary>A recording that is known but not yet read.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Label">Its class.</param>
internal sealed record EventRecording(string Path, int Label)
{
    /// <summary>Reads recordings, a file each, in order.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="classes">Its classes.</param>
    /// <param name="recordings">The files.</param>
    /// <param name="side">Pixels of a side of the camera.</param>
    /// <param name="options">How they become frames.</param>
    /// <param name="read">Reads a file.</param>
    /// <exception cref="InvalidDataException">A file is bad and bad ones are not to be skipped, or all are bad.</exception>
    public static EventFrames Load(
        string name, IReadOnlyList<string> classes, IReadOnlyList<EventRecording> recordings, int side, EventFrameOptions options, Func<string, CameraEvent[]> read)
    {
        var builder = new FrameBuilder(options, side);
        var bad = new BadRecordings(options.SkipBad, options.Warn);
        var samples = new List<SparseFrames>();
        var labels = new List<int>();
        foreach (EventRecording recording in recordings)
        {
            if (bad.Check(System.IO.Path.GetFileName(recording.Path), () => samples.Add(builder.Build(read(recording.Path)))))
                labels.Add(recording.Label);
        }
        bad.Report(recordings.Count);
        return new EventFrames(name, classes, options, [.. samples], [.. labels]);
    }
}
