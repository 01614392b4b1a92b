using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>The QT database as level-crossing events (Yin et al. 2021): <c>QTDB_train.mat</c> and <c>QTDB_test.mat</c>. Every time step has a label of its
/// own, so the readout is <c>each-step</c>, and accuracy is that of steps.</summary>
/// <param name="IgnoreSteps">The first steps of a sample that are neither learned nor counted; 10 in the published code.</param>
/// <param name="Unlabelled">What a step that nobody labelled counts as.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the validation split and of the subset.</param>
public sealed record QtdbRecipe(
    [Limits(0, 1000)] int IgnoreSteps = 0,
    QtdbUnlabelled Unlabelled = QtdbUnlabelled.Ignore,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed);

/// <summary>What a step that nobody labelled counts as.</summary>
[JsonConverter(typeof(KebabEnumConverter<QtdbUnlabelled>))]
public enum QtdbUnlabelled
{
    /// <summary>It is neither learned nor counted.</summary>
    Ignore,

    /// <summary>The first class, as in the published code, where it is what the largest of six zeros is.</summary>
    First,
}
