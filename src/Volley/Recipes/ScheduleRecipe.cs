using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>How the optimiser's rate changes over the epochs. Lengths are fractions of the training, so that a shorter run keeps the shape.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConstantScheduleRecipe), "constant")]
[JsonDerivedType(typeof(StepScheduleRecipe), "step")]
[JsonDerivedType(typeof(CosineScheduleRecipe), "cosine")]
[JsonDerivedType(typeof(OneCycleScheduleRecipe), "one-cycle")]
[JsonDerivedType(typeof(WarmupCosineScheduleRecipe), "warmup-cosine")]
[JsonDerivedType(typeof(PlateauScheduleRecipe), "plateau")]
public abstract record ScheduleRecipe;

/// <summary>The rate stays.</summary>
public sealed record ConstantScheduleRecipe : ScheduleRecipe;

/// <summary>The rate is multiplied by a factor at regular distances.</summary>
/// <param name="Every">The distance, a fraction of all epochs.</param>
/// <param name="Factor">The factor.</param>
public sealed record StepScheduleRecipe(
    [Limits(0, 1, AboveMin = true)] double Every = 0.25,
    [Limits(0, 1, AboveMin = true)] double Factor = 0.1) : ScheduleRecipe;

/// <summary>Half a cosine from the rate down to the final one.</summary>
/// <param name="Final">The final rate, a fraction of the base rate.</param>
public sealed record CosineScheduleRecipe([Limits(0, 1)] double Final = 0) : ScheduleRecipe;

/// <summary>Up along half a cosine, down along another (Smith &amp; Topin 2019).</summary>
/// <param name="PeakRate">The rate at the peak; null for the base rate.</param>
/// <param name="Rise">Where the peak is, a fraction of the training.</param>
/// <param name="StartDivisor">Peak over first rate.</param>
/// <param name="FinalDivisor">First over last rate.</param>
/// <param name="CycleMomentum">Whether momentum (Adam: the first beta) falls from 0.95 to 0.85 while the rate rises, and returns.</param>
public sealed record OneCycleScheduleRecipe(
    [Limits(0, 100, AboveMin = true)] double? PeakRate = null,
    [Limits(0, 1, AboveMin = true, BelowMax = true)] double Rise = 0.3,
    [Limits(1, 1e12)] double StartDivisor = 25,
    [Limits(1, 1e12)] double FinalDivisor = 1e4,
    bool CycleMomentum = false) : ScheduleRecipe;

/// <summary>Up along a line, then half a cosine down.</summary>
/// <param name="Warmup">The rise's part of the training, a fraction.</param>
/// <param name="Final">The final rate, a fraction of the base rate.</param>
public sealed record WarmupCosineScheduleRecipe(
    [Limits(0, 1, BelowMax = true)] double Warmup = 0.05,
    [Limits(0, 1)] double Final = 0) : ScheduleRecipe;

/// <summary>The rate is multiplied by a factor when the validation accuracy stops rising.</summary>
/// <param name="Factor">The factor.</param>
/// <param name="Patience">Epochs without a new best before that.</param>
/// <param name="MinRate">The rate never falls below this.</param>
public sealed record PlateauScheduleRecipe(
    [Limits(0, 1, AboveMin = true, BelowMax = true)] double Factor = 0.7,
    [Limits(0, 1_000_000)] int Patience = 1,
    [Limits(0, 100)] double MinRate = 1e-6) : ScheduleRecipe;
