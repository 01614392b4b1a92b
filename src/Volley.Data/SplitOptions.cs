namespace Volley.Data;

/// <summary>How the official training part of a data set is divided.</summary>
/// <param name="ValidFraction">Share of the training part held out for validation, 0 ≤ fraction &lt; 1.</param>
/// <param name="Seed">Chooses the validation samples and those that a limit keeps.</param>
/// <param name="Limit">Train on at most this many samples; null for all.</param>
public sealed record SplitOptions(double ValidFraction = Splits.DefaultValidFraction, ulong Seed = 1, int? Limit = null)
{
    /// <summary>Takes the parts of a set of images by place, in place of <see cref="ValidFraction"/>; null for all samples.</summary>
    public FirstSamples? First { get; init; }
}
