using Volley.Recipes;

namespace Volley.Data;

/// <summary>Which images of the Long Range Arena's Pathfinder are read. The defaults are its own task of 1024 steps; size 128 is Path-X.</summary>
public sealed record PathfinderOptions
{
    /// <summary>The tenth of all samples that is the test part.</summary>
    internal const double TestFraction = 0.1;

    /// <summary>Pixels a side.</summary>
    public int Size { get; init; } = 32;

    /// <summary>Which folder of the release.</summary>
    public PathfinderDifficulty Difficulty { get; init; } = PathfinderDifficulty.Hard;

    /// <summary>How what the test part leaves is divided; a ninth gives LRA's parts of 160 000, 20 000 and 20 000.</summary>
    public SplitOptions Split { get; init; } = new(1.0 / 9);

    /// <summary>Told in one sentence how many empty images were left out.</summary>
    public Action<string>? Warn { get; init; }
}
