using System.Globalization;
using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>A time constant τ in seconds, one a neuron: drawn from a range and, where learned, kept in it. A bare number is a fixed start for all.</summary>
/// <param name="Min">Smallest value, seconds.</param>
/// <param name="Max">Largest value, seconds; null for the same as <paramref name="Min"/>.</param>
/// <param name="Learned">Whether training changes it; one without a range stays as it is in any case.</param>
/// <param name="Uniform">What is drawn uniformly from the range and learned.</param>
[ShortForm("min")]
public sealed record TauRecipe(
    [Limits(0, 1e6, AboveMin = true)] double Min,
    [Limits(0, 1e6, AboveMin = true)] double? Max = null,
    bool Learned = true,
    TauUniform Uniform = TauUniform.Tau) : IChecked
{
    string? IChecked.Problem() => Max is { } max ? Ranges.Problem(Min, max, Learned) : null;
}

/// <summary>In which terms a time constant is drawn and learned.</summary>
[JsonConverter(typeof(KebabEnumConverter<TauUniform>))]
public enum TauUniform
{
    /// <summary>τ itself, as SE-adLIF does: long time constants are as likely as short ones.</summary>
    Tau,

    /// <summary>The decay e^(−Δt/τ), as sparch does: most neurons are fast.</summary>
    Decay,
}

/// <summary>The range of a parameter, one a neuron: drawn uniformly from it and kept in it.</summary>
/// <param name="Min">Smallest value.</param>
/// <param name="Max">Largest value; null for the same as <paramref name="Min"/>.</param>
/// <param name="Learned">Whether training changes it.</param>
[ShortForm("min")]
public sealed record RangeRecipe(
    [Limits(-1e6, 1e6)] double Min,
    [Limits(-1e6, 1e6)] double? Max = null,
    bool Learned = true) : IChecked
{
    string? IChecked.Problem() => Max is { } max ? Ranges.Problem(Min, max, Learned) : null;
}

internal static class Ranges
{
    public static string? Problem(double min, double max, bool learned)
    {
        if (max < min)
            return string.Create(CultureInfo.InvariantCulture, $"'min' is {min}, above 'max', which is {max}");
        return !learned && max > min ? "what is not learned has one value: leave 'max' out" : null;
    }
}
