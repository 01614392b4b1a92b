using Volley.Kernels;
using Volley.Recipes;

namespace Volley.Data;

/// <summary>What stands where an augmentation empties a sample.</summary>
internal static class Fills
{
    /// <summary>The value of a fill that is one number for the whole sample.</summary>
    public static float Value(Fill fill, SampleBuffer sample) => fill switch
    {
        Fill.Mean => (float)(Reduce.Sum(sample.Cpu, sample.Values) / sample.Values.Length),
        Fill.Least => FloatRows.Least(sample.Values),
        _ => 0,
    };

    /// <summary>Spikes know no fill but none at all.</summary>
    public static string? Problem(Fill fill, DatasetInfo info) =>
        fill != Fill.Zero && info.Kind == SampleKind.Spikes ? $"it fills with '{fill}', but the samples are spikes, which are filled with zero" : null;

    /// <summary>The problem of a mask, behind which no edge lies.</summary>
    public static string? MaskProblem(Fill fill, DatasetInfo info) => fill == Fill.Edge ? "a mask cannot be filled with the edge" : Problem(fill, info);
}
