using Volley.Recipes;

namespace Volley.Data;

/// <summary>How the events of a recording become frames, one a time step, [Size, Size, 2]: channel 0 for darker, 1 for brighter.</summary>
public sealed record EventFrameOptions
{
    /// <summary>Frames, and time steps, of every recording.</summary>
    public int Steps { get; init; } = 10;

    /// <summary>Whether each frame has the same time or the same number of events.</summary>
    public SliceBy By { get; init; }

    /// <summary>Seconds of a frame from the first event on, for <see cref="SliceBy.Time"/>; later events are left out. Null for frames that share the recording's duration.</summary>
    public double? Bin { get; init; }

    /// <summary>Pixels of a side, at most those of the camera. Each camera pixel's events are shared by the pixels that it overlaps, by area, so that their number stays.</summary>
    public int Size { get; init; } = 34;

    /// <summary>What a frame holds.</summary>
    public FrameContent As { get; init; }

    /// <summary>How the training part is divided.</summary>
    public SplitOptions Split { get; init; } = new();

    /// <summary>Goes on without recordings that cannot be read.</summary>
    public bool SkipBad { get; init; }

    /// <summary>Told in one sentence how many those were.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Checks the options for a camera of that many pixels a side.</summary>
    internal static void Check(EventFrameOptions options, int side)
    {
        if (options.Steps is < 1 or > 65_536)
            throw new ArgumentOutOfRangeException(nameof(options), options.Steps, $"Steps is {options.Steps}; expected 1 … 65536.");
        if (options.Size < 1 || options.Size > side)
            throw new ArgumentOutOfRangeException(nameof(options), options.Size, $"Size is {options.Size}; expected 1 … {side}.");
        if (options.Bin is { } bin && !(bin >= 1e-6 && bin <= 1e6))
            throw new ArgumentOutOfRangeException(nameof(options), bin, $"Bin is {bin}; expected 0.000001 … 1000000 s.");
        if (options.Bin is not null && options.By != SliceBy.Time)
            throw new ArgumentException("A bin in seconds goes with slices by time.", nameof(options));
    }
}
