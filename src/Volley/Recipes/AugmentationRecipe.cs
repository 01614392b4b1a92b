using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>A random change of training samples, drawn anew for every sample and epoch; validation and test samples stay as they are.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ChannelShiftRecipe), "channel-shift")]
public abstract record AugmentationRecipe;

/// <summary>Moves all channels by the same whole number of channels, drawn uniformly from −<paramref name="Most"/> … <paramref name="Most"/>.</summary>
/// <param name="Most">Largest shift, channels.</param>
public sealed record ChannelShiftRecipe([Limits(1, 1_000_000)] int Most = 5) : AugmentationRecipe;
