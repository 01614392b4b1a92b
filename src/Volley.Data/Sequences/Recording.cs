namespace Volley.Data;

/// <summary>A labelled recording.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Class">Its class.</param>
/// <param name="Speaker">Who speaks; null where nobody said.</param>
/// <param name="Part">Of which part it is; null where nobody said.</param>
internal sealed record Recording(string Path, string Class, string? Speaker = null, Part? Part = null);

/// <summary>The parts of an experiment.</summary>
internal enum Part
{
    Train,
    Valid,
    Test,
}
