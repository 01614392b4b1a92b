namespace Volley.Data;

/// <summary>Which expressions of ListOps are made or read. The defaults are those of the Long Range Arena.</summary>
public sealed record ListOpsOptions
{
    /// <summary>Generated expressions have more symbols than this, round brackets not counted.</summary>
    public int MinLength { get; init; } = 500;

    /// <summary>Every expression has fewer symbols than this, round brackets not counted; at most 65 536.</summary>
    public int MaxLength { get; init; } = 2000;

    /// <summary>Whether the round brackets are symbols too: 17 and not 15, and 3n − 2 steps for n.</summary>
    public bool Brackets { get; init; }

    /// <summary>Training samples to generate.</summary>
    public int Train { get; init; } = 96_000;

    /// <summary>Validation samples to generate.</summary>
    public int Valid { get; init; } = 2000;

    /// <summary>Test samples to generate.</summary>
    public int Test { get; init; } = 2000;

    /// <summary>Draws the expressions.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>A limit on the training samples; the set has parts of its own.</summary>
    public SplitOptions Split { get; init; } = new();

    /// <summary>Where the expressions are kept for the next run; null to make or read them every time.</summary>
    public DiskCache? Cache { get; init; }

    /// <summary>Symbols of the longest sample.</summary>
    internal int MaxSteps => Brackets ? 3 * (MaxLength - 1) - 2 : MaxLength - 1;

    internal int Symbols => Brackets ? ListOpsSymbols.All : ListOpsSymbols.Plain;
}
