using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>How audio becomes time steps.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LogMelRecipe), "log-mel")]
[JsonDerivedType(typeof(MelSpikesRecipe), "mel-spikes")]
public abstract record FrontEndRecipe;

/// <summary>Logarithm of the energy in mel bands, as currents.</summary>
/// <param name="Rate">Samples a second; recordings of another rate are resampled to it.</param>
/// <param name="Steps">Recordings are cut, or lengthened by silence, at their end to this many steps; null leaves each its own length.</param>
public sealed record LogMelRecipe(
    [Limits(1000, 400_000)] int Rate = 8000,
    [Limits(1, 1_000_000)] int? Steps = null) : FrontEndRecipe;

/// <summary>Mel bands drive LIF cells whose spikes are the input.</summary>
/// <param name="Rate">Samples a second; recordings of another rate are resampled to it.</param>
/// <param name="Steps">Recordings are cut, or lengthened by silence, at their end to this many steps; null leaves each its own length.</param>
public sealed record MelSpikesRecipe(
    [Limits(1000, 400_000)] int Rate = 8000,
    [Limits(1, 1_000_000)] int? Steps = null) : FrontEndRecipe;
