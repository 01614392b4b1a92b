using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>Your own recordings as text: a CSV file each (a row a time step, a column a channel), or all of them in one table.</summary>
/// <remarks>Which of the two is decided by what <c>--data</c> names: a folder of recordings, whose paths say what they are; or one CSV file, a table
/// whose first line names its columns.</remarks>
/// <param name="Pattern">Folder: the paths below it, with <c>{class}</c> and, where they are there, <c>{speaker}</c>, <c>{part}</c> (train, valid or
/// test) and <c>{*}</c> for anything.</param>
/// <param name="IdColumn">Table: the column that tells recordings apart; the rows of one need not stand together.</param>
/// <param name="LabelColumn">Table: the column with the class, the same in every row of a recording.</param>
/// <param name="SpeakerColumn">Table: the column with the speaker, for <paramref name="LeaveOut"/>; null for none.</param>
/// <param name="PartColumn">Table: the column with the part (train, valid or test); null for none.</param>
/// <param name="Ignore">Table: columns that are no channels, such as a time; null for none.</param>
/// <param name="Classes">The classes in their order; recordings of others are ignored. Null for all that are found, sorted.</param>
/// <param name="Channels">How many channels a recording must have; null for as many as the first has.</param>
/// <param name="Standardize">Whether each channel is shifted and scaled to mean 0 and standard deviation 1 over all steps of the training samples.</param>
/// <param name="TestFraction">The part of the recordings that is kept for the test, a fraction, the same of every class; not used where parts are
/// given or <paramref name="LeaveOut"/> is.</param>
/// <param name="LeaveOut">Test on all recordings of this speaker, and train on the others.</param>
/// <param name="SkipBad">Go on without recordings that cannot be read, and count them.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the splits and of the subset.</param>
public sealed record CsvRecipe(
    string Pattern = "{class}/{*}.csv",
    string IdColumn = "id",
    string LabelColumn = "label",
    string? SpeakerColumn = null,
    string? PartColumn = null,
    [Items(0, 1000)] IReadOnlyList<string>? Ignore = null,
    [Items(2, 1_000_000)] IReadOnlyList<string>? Classes = null,
    [Limits(1, 10_000_000)] int? Channels = null,
    bool Standardize = true,
    [Limits(0, 1, AboveMin = true, BelowMax = true)] double TestFraction = 0.2,
    string? LeaveOut = null,
    bool SkipBad = false,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed);

/// <summary>Your own recordings as NumPy arrays: a <c>.npy</c> file each, <c>[steps]</c> or <c>[steps, channels]</c>.</summary>
/// <param name="Pattern">The paths below the folder, with <c>{class}</c> and, where they are there, <c>{speaker}</c>, <c>{part}</c> (train, valid or
/// test) and <c>{*}</c> for anything.</param>
/// <param name="Classes">The classes in their order; recordings of others are ignored. Null for all that are found, sorted.</param>
/// <param name="Channels">How many channels a recording must have; null for as many as the first has.</param>
/// <param name="Standardize">Whether each channel is shifted and scaled to mean 0 and standard deviation 1 over all steps of the training samples.</param>
/// <param name="TestFraction">The part of the recordings that is kept for the test, a fraction, the same of every class; not used where parts are
/// given or <paramref name="LeaveOut"/> is.</param>
/// <param name="LeaveOut">Test on all recordings of this speaker, and train on the others.</param>
/// <param name="SkipBad">Go on without recordings that cannot be read, and count them.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the splits and of the subset.</param>
public sealed record NpyRecipe(
    string Pattern = "{class}/{*}.npy",
    [Items(2, 1_000_000)] IReadOnlyList<string>? Classes = null,
    [Limits(1, 10_000_000)] int? Channels = null,
    bool Standardize = true,
    [Limits(0, 1, AboveMin = true, BelowMax = true)] double TestFraction = 0.2,
    string? LeaveOut = null,
    bool SkipBad = false,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed);

/// <summary>A set of the UEA archive: <c>{name}_TRAIN.ts</c> and <c>{name}_TEST.ts</c>.</summary>
/// <param name="Classes">The classes in their order; recordings of others are ignored. Null for those that the training file lists.</param>
/// <param name="Channels">How many channels a recording must have; null for as many as the first has.</param>
/// <param name="Standardize">Whether each channel is shifted and scaled to mean 0 and standard deviation 1 over all steps of the training samples.</param>
/// <param name="SkipBad">Go on without recordings that cannot be read, and count them.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the validation split and of the subset.</param>
public sealed record TsRecipe(
    [Items(2, 1_000_000)] IReadOnlyList<string>? Classes = null,
    [Limits(1, 10_000_000)] int? Channels = null,
    bool Standardize = true,
    bool SkipBad = false,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed);
