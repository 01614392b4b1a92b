namespace Volley.Data;

/// <summary>How CIFAR binary files are read.</summary>
public sealed record CifarOptions
{
    /// <summary>CIFAR-10, or CIFAR-100 with fine or coarse classes.</summary>
    public CifarLabels Labels { get; init; }

    /// <summary>What a time step is.</summary>
    public CifarLayout Layout { get; init; }

    /// <summary>Time steps of <see cref="CifarLayout.Image"/>. A network that repeats the image itself needs one.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>From pixels to values, one pair a channel (one pair in all for grey); null gives 0 … 1.</summary>
    public ChannelScale? Scale { get; init; }

    /// <summary>The most records a file may hold. The official files hold 10 000 or 50 000; the limit stops a gzip file that never ends.</summary>
    public int MostRecords { get; init; } = 100_000;

    /// <summary>How the training part is divided.</summary>
    public SplitOptions Split { get; init; } = new();

    /// <summary>Where decoded images are kept for the next run; null to decode every time.</summary>
    public DiskCache? Cache { get; init; }
}
