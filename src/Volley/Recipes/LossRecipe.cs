using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>What training minimises.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CrossEntropyRecipe), "cross-entropy")]
[JsonDerivedType(typeof(TetRecipe), "tet")]
[JsonDerivedType(typeof(MseCountRecipe), "mse-count")]
public abstract record LossRecipe;

/// <summary>Cross entropy of the readout's scores.</summary>
/// <param name="LabelSmoothing">The part of a label that is spread over all classes.</param>
public sealed record CrossEntropyRecipe([Limits(0, 1, BelowMax = true)] double LabelSmoothing = 0) : LossRecipe;

/// <summary>Temporal efficient training (Deng et al. 2022): (1−λ) meanₜ CE(y[t]) + λ mean (y − target)².</summary>
/// <param name="LabelSmoothing">The part of a label that is spread over all classes.</param>
/// <param name="Lambda">λ.</param>
/// <param name="Target">The constant that every output is drawn to.</param>
public sealed record TetRecipe(
    [Limits(0, 1, BelowMax = true)] double LabelSmoothing = 0,
    [Limits(0, 1)] double Lambda = 1e-3,
    [Limits(-1e6, 1e6)] double Target = 1) : LossRecipe;

/// <summary>Mean squared distance of each class's spike count from its target, both as a fraction of the time steps.</summary>
/// <param name="CorrectRate">Target of the right class, spikes a step.</param>
/// <param name="IncorrectRate">Target of the other classes, spikes a step.</param>
public sealed record MseCountRecipe(
    [Limits(0, 1)] double CorrectRate = 0.8,
    [Limits(0, 1)] double IncorrectRate = 0.2) : LossRecipe;
