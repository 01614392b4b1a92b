using System.Globalization;

namespace Volley.Data;

/// <summary>The ranges of options that several augmentations share, with one wording.</summary>
internal static class Ranges
{
    /// <summary>Far beyond any sample, and small enough to be doubled.</summary>
    public const int Most = 1_000_000;

    public static string? Problem(string name, int value, int least = 1) =>
        value < least || value > Most ? $"{name} is {value}; expected {least} … {Most}" : null;

    /// <summary>For numbers from 0 to <paramref name="most"/>, without 0 itself.</summary>
    public static string? Problem(string name, double value, double most) =>
        value > 0 && value <= most ? null : string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; expected a number above 0 and at most {most}");

    public static string? NotSpikes(DatasetInfo info, string instead) =>
        info.Kind == SampleKind.Spikes ? null : $"it changes spikes, but the samples are values; use {instead}";

    public static string? NotValues(DatasetInfo info, string instead) =>
        info.Kind == SampleKind.Values ? null : $"it changes values, but the samples are spikes; use {instead}";

    public static string? MovesLabels(DatasetInfo info) =>
        info.LabelsSteps ? "it moves time steps away from their labels, and here every step has one" : null;
}
