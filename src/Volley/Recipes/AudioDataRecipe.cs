using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>The Free Spoken Digit Dataset: files <c>{digit}_{speaker}_{index}.wav</c>, here or in a folder <c>recordings</c>.</summary>
/// <remarks>The validation samples are those with index mod 10 = 9 of the training speakers (with the official split, every second one of index 49
/// stays in training): a rule, so <paramref name="ValidFraction"/> and <paramref name="SplitSeed"/> have nothing to choose but a limit's subset.</remarks>
/// <param name="FrontEnd">How audio becomes time steps; null for log-mel currents.</param>
/// <param name="LeaveOut">Train on the other speakers and test on all recordings of this one; null for the official split, which tests index 0 to 4.</param>
/// <param name="SkipBad">Go on without recordings that cannot be read, and count them.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">Not used here.</param>
/// <param name="SplitSeed">The seed of the subset.</param>
public sealed record FsddRecipe(
    FrontEndRecipe? FrontEnd = null,
    string? LeaveOut = null,
    bool SkipBad = false,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed)
{
    /// <summary>How audio becomes time steps.</summary>
    public FrontEndRecipe FrontEnd { get; init; } = FrontEnd ?? new LogMelRecipe();
}

/// <summary>Speech Commands (Warden 2018): files <c>{word}/{speaker}_nohash_{n}.wav</c>, and its lists of validation and test files.</summary>
/// <param name="FrontEnd">How audio becomes time steps; null for log-mel currents.</param>
/// <param name="Task">Which classes there are.</param>
/// <param name="UnknownFraction">With twelve classes, recordings of <c>_unknown_</c> over those of the ten words, in each part.</param>
/// <param name="SilenceFraction">With twelve classes, pieces of <c>_silence_</c> over recordings of the ten words, in each part.</param>
/// <param name="SkipBad">Go on without recordings that cannot be read, and count them.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">Not used here.</param>
/// <param name="SplitSeed">The seed of the subset, of the unknown words and of the silence.</param>
public sealed record SpeechCommandsRecipe(
    FrontEndRecipe? FrontEnd = null,
    SpeechTask Task = SpeechTask.Words,
    [Limits(0, 1000)] double UnknownFraction = 0.1,
    [Limits(0, 1000)] double SilenceFraction = 0.1,
    bool SkipBad = false,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed)
{
    /// <summary>How audio becomes time steps.</summary>
    public FrontEndRecipe FrontEnd { get; init; } = FrontEnd ?? new LogMelRecipe(Rate: 16_000);
}

/// <summary>The classes of Speech Commands.</summary>
[JsonConverter(typeof(KebabEnumConverter<SpeechTask>))]
public enum SpeechTask
{
    /// <summary>Every word is a class: 35 in version 2.</summary>
    Words,

    /// <summary>Ten words, all others together as <c>_unknown_</c>, and <c>_silence_</c>.</summary>
    Twelve,
}

/// <summary>Your own recordings: a folder of WAV files whose paths say what they are.</summary>
/// <param name="Pattern">The paths below the folder, with <c>{class}</c> and, where they are there, <c>{speaker}</c>, <c>{part}</c> (train, valid or
/// test) and <c>{*}</c> for anything; such as <c>{class}/{*}.wav</c> or <c>{class}_{speaker}_{*}.wav</c>.</param>
/// <param name="FrontEnd">How audio becomes time steps; null for log-mel currents.</param>
/// <param name="Classes">The classes in their order; recordings of others are ignored. Null for all that are found, sorted.</param>
/// <param name="TestFraction">The part of the recordings that is kept for the test, a fraction, the same of every class; not used where the pattern has
/// a <c>{part}</c> or <paramref name="LeaveOut"/> is given.</param>
/// <param name="LeaveOut">Test on all recordings of this speaker, and train on the others.</param>
/// <param name="SkipBad">Go on without recordings that cannot be read, and count them.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the splits and of the subset.</param>
public sealed record WavRecipe(
    string Pattern = "{class}/{*}.wav",
    FrontEndRecipe? FrontEnd = null,
    [Items(2, 1_000_000)] IReadOnlyList<string>? Classes = null,
    [Limits(0, 1, AboveMin = true, BelowMax = true)] double TestFraction = 0.2,
    string? LeaveOut = null,
    bool SkipBad = false,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed)
{
    /// <summary>How audio becomes time steps.</summary>
    public FrontEndRecipe FrontEnd { get; init; } = FrontEnd ?? new LogMelRecipe(Rate: 16_000);
}
