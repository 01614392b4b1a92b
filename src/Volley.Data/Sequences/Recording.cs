namespace Volley.Data;

/// <summary>A labelled recording.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Class">Its class.</param>
/// <param name="Speaker">Who speaks; null where nobody said.</param>
/// <param name="Part">Of which part it is; null where nobody said.</param>
/// <param name="Crop">Which piece of the file it is; null for all of it.</param>
internal sealed record Recording(string Path, string Class, string? Speaker = null, Part? Part = null, Crop? Crop = null);

/// <summary>A piece of an audio file.</summary>
/// <param name="Start">Its first sample, at the rate of the file.</param>
/// <param name="Samples">How many there are.</param>
/// <param name="Volume">What each is multiplied by.</param>
internal sealed record Crop(long Start, int Samples, float Volume);

/// <summary>The parts of an experiment.</summary>
internal enum Part
{
    Train,
    Valid,
    Test,
}
