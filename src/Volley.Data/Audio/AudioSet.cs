namespace Volley.Data.Audio;

/// <summary>What all data sets of WAV files share.</summary>
internal static class AudioSet
{
    public static DatasetSplits Open(string name, string folder, List<Recording> recordings, AudioOptions options)
    {
        (IReadOnlyList<string> classes, List<Recording> ours) = RecordingSet.Classify(folder, recordings, options);
        var loader = new SequenceLoader(options.Cache, $"audio; {options.Key}", options.SkipBad, options.Warn);
        return RecordingSet.Divide(name, classes, ours, loader.Load(ours, () => new AudioDecoder(options.FrontEnd).Decode), options, options.Recipe);
    }
}
