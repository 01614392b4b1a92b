namespace Volley.Data;

/// <summary>How CSV files become a data set.</summary>
public sealed record CsvOptions : RecordingOptions
{
    /// <summary>Folder: what the paths of its files say, see <see cref="PathPattern"/>.</summary>
    public string Pattern { get; init; } = "{class}/{*}.csv";

    /// <summary>Table: the column that tells recordings apart.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>Table: the column with the class.</summary>
    public string LabelColumn { get; init; } = "label";

    /// <summary>Table: the column with the speaker; null for none.</summary>
    public string? SpeakerColumn { get; init; }

    /// <summary>Table: the column with the part (train, valid or test); null for none.</summary>
    public string? PartColumn { get; init; }

    /// <summary>Table: columns that are no channels.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];
}
