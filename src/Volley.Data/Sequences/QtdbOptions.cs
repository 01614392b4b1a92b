using Volley.Recipes;

namespace Volley.Data;

/// <summary>How the steps of <see cref="Qtdb"/> are counted, and how its training part is divided.</summary>
public sealed record QtdbOptions
{
    /// <summary>The first steps of a sample that have no label, at least 0.</summary>
    public int IgnoreSteps { get; init; }

    /// <summary>What a step that nobody labelled counts as.</summary>
    public QtdbUnlabelled Unlabelled { get; init; }

    /// <summary>How the training part is divided.</summary>
    public SplitOptions Split { get; init; } = new();
}
