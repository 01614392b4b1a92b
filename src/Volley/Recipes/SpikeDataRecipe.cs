using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>Spiking Heidelberg Digits (Cramer et al. 2022): <c>shd_train.h5</c> and <c>shd_test.h5</c>. It has no validation part: whole speakers of the
/// training part are held out, about <c>validFraction</c> of the samples.</summary>
/// <param name="Channels">How many of the 700 channels share one input; 5 gives 140 inputs.</param>
/// <param name="Bin">Seconds of a time step.</param>
/// <param name="Steps">Time steps of every sample; later spikes are left out.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the validation split and of the subset.</param>
public sealed record ShdRecipe(
    [Limits(1, 700)] int Channels = 5,
    [Limits(0, 10, AboveMin = true)] double Bin = 0.01,
    [Limits(1, 65_536)] int Steps = 100,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed);

/// <summary>Spiking Speech Commands (Cramer et al. 2022): <c>ssc_train.h5</c>, <c>ssc_valid.h5</c> and <c>ssc_test.h5</c>, its own three parts.</summary>
/// <param name="Channels">How many of the 700 channels share one input; 5 gives 140 inputs.</param>
/// <param name="Bin">Seconds of a time step.</param>
/// <param name="Steps">Time steps of every sample; later spikes are left out.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">Not used: the set has a validation part.</param>
/// <param name="SplitSeed">The seed of the subset.</param>
public sealed record SscRecipe(
    [Limits(1, 700)] int Channels = 5,
    [Limits(0, 10, AboveMin = true)] double Bin = 0.01,
    [Limits(1, 65_536)] int Steps = 100,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed);
