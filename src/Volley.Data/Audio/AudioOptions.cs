using Volley.Recipes;

namespace Volley.Data.Audio;

/// <summary>How WAV files become a data set.</summary>
public sealed record AudioOptions : RecordingOptions
{
    /// <param name="frontEnd">How audio becomes time steps.</param>
    /// <param name="key">All that the front end's output depends on, as text: a part of the cache's key.</param>
    public AudioOptions(FrontEnd frontEnd, string key)
    {
        ArgumentNullException.ThrowIfNull(frontEnd);
        ArgumentException.ThrowIfNullOrEmpty(key);
        (FrontEnd, Key) = (frontEnd, key);
    }

    /// <summary>How audio becomes time steps.</summary>
    public FrontEnd FrontEnd { get; }

    /// <summary>All that the front end's output depends on.</summary>
    public string Key { get; }

    /// <summary>What the front end was made of, for the model's file; null where it was made by hand.</summary>
    public FrontEndRecipe? Recipe { get; init; }
}
