using Volley.Recipes;

namespace Volley.Data;

/// <summary>How texts become sequences of symbols.</summary>
public sealed record TextOptions
{
    /// <summary>What is behind this many bytes of a text is cut off; at least 1.</summary>
    public int MaxLength { get; init; } = 4096;

    /// <summary>Which bytes are symbols of their own.</summary>
    public TextAlphabet Alphabet { get; init; }

    /// <summary>How the training part is divided.</summary>
    public SplitOptions Split { get; init; } = new();

    /// <summary>Where the texts of archives and tables are kept for the next run; null to read them every time.</summary>
    public DiskCache? Cache { get; init; }
}
