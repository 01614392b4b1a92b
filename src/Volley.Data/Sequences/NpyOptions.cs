namespace Volley.Data;

/// <summary>How NumPy files become a data set.</summary>
public sealed record NpyOptions : RecordingOptions
{
    /// <summary>What the paths of the files say, see <see cref="PathPattern"/>.</summary>
    public string Pattern { get; init; } = "{class}/{*}.npy";
}
