namespace Volley.Data;

/// <summary>How recordings become a data set and its parts, whatever their format.</summary>
public abstract record RecordingOptions
{
    /// <summary>Whether each channel is brought to mean 0 and standard deviation 1 over the training samples (values only).</summary>
    public bool Standardize { get; init; }

    /// <summary>Mean and standard deviation that were fitted elsewhere; null to fit them here.</summary>
    public ChannelStatistics? Statistics { get; init; }

    /// <summary>The classes in their order; null for all that are found, sorted.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Whether a class that is not one of <see cref="ClassNames"/> is an error; otherwise its recordings are ignored.</summary>
    public bool RefuseOtherClasses { get; init; }

    /// <summary>How many channels a recording must have; null for as many as the first has.</summary>
    public int? Channels { get; init; }

    /// <summary>Go on without recordings that cannot be read.</summary>
    public bool SkipBad { get; init; }

    /// <summary>The part of the recordings that is kept for the test where nothing else says which, 0 &lt; fraction &lt; 1, the same of every
    /// class.</summary>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>Tests on all recordings of this speaker and trains on the others; null where something else says which.</summary>
    public string? LeaveOut { get; init; }

    /// <summary>How the training part is divided. The validation share is not used where the data say which samples are for validation.</summary>
    public SplitOptions Split { get; init; } = new();

    /// <summary>Where decoded recordings are kept for the next run; null to decode every time.</summary>
    public DiskCache? Cache { get; init; }

    /// <summary>Told in one sentence how many recordings were left out.</summary>
    public Action<string>? Warn { get; init; }
}
