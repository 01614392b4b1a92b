namespace Volley.Data;

/// <summary>The shape of a <see cref="Paths"/> task.</summary>
public sealed record PathsOptions
{
    /// <summary>Pixels a side, 24 … 256.</summary>
    public int Size { get; init; } = 32;

    /// <summary>Dashes of each of the two long curves, 2 … 32.</summary>
    public int Dashes { get; init; } = 6;

    /// <summary>Curves of half as many dashes, without dots, 0 … 32.</summary>
    public int Distractors { get; init; } = 2;

    /// <summary>Training samples.</summary>
    public int Train { get; init; } = 20_000;

    /// <summary>Validation samples.</summary>
    public int Valid { get; init; } = 2000;

    /// <summary>Test samples.</summary>
    public int Test { get; init; } = 2000;

    /// <summary>Draws the images.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>A limit on the training samples.</summary>
    public SplitOptions Split { get; init; } = new();

    /// <summary>Where the images are kept for the next run; null to make them every time.</summary>
    public DiskCache? Cache { get; init; }
}
