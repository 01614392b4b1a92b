using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>N-MNIST (Orchard et al. 2015): handwritten digits seen by a moving event camera of 34 x 34 pixels. Folders <c>Train</c> and <c>Test</c> with a folder of
/// <c>.bin</c> files a digit, or <c>.bs2</c> files with one list <c>train….txt</c> and one <c>test….txt</c>.</summary>
/// <param name="Steps">Frames, and time steps, of every recording.</param>
/// <param name="By">Whether each frame has the same time or the same number of events.</param>
/// <param name="Bin">Seconds of a frame (by time); null for frames that share the recording's duration.</param>
/// <param name="Size">Pixels of a side; fewer than 34 share their events.</param>
/// <param name="As">What a frame holds.</param>
/// <param name="SkipBad">Whether to go on without recordings that cannot be read.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the validation split and of the subset.</param>
public sealed record NMnistRecipe(
    [Limits(1, 65_536)] int Steps = 10,
    SliceBy By = SliceBy.Time,
    [Limits(1e-6, 1e6)] double? Bin = null,
    [Limits(1, 34)] int Size = 34,
    FrameContent As = FrameContent.Counts,
    bool SkipBad = false,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed), IChecked
{
    string? IChecked.Problem() => Slices.Problem(By, Bin);
}

/// <summary>CIFAR10-DVS (Li et al. 2017): photographs on a screen seen by an event camera of 128 x 128 pixels. A folder of AEDAT 2.0 files a class; the first 100 of
/// each are the test part.</summary>
/// <param name="Steps">Frames, and time steps, of every recording.</param>
/// <param name="By">Whether each frame has the same time or the same number of events.</param>
/// <param name="Bin">Seconds of a frame (by time); null for frames that share the recording's duration.</param>
/// <param name="Size">Pixels of a side; fewer than 128 share their events.</param>
/// <param name="As">What a frame holds.</param>
/// <param name="SkipBad">Whether to go on without recordings that cannot be read.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the validation split and of the subset.</param>
public sealed record Cifar10DvsRecipe(
    [Limits(1, 65_536)] int Steps = 10,
    SliceBy By = SliceBy.Number,
    [Limits(1e-6, 1e6)] double? Bin = null,
    [Limits(1, 128)] int Size = 48,
    FrameContent As = FrameContent.Counts,
    bool SkipBad = false,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed), IChecked
{
    string? IChecked.Problem() => Slices.Problem(By, Bin);
}

/// <summary>DVS128 Gesture (Amir et al. 2017): eleven gestures of the hands and arms seen by an event camera of 128 x 128 pixels. AEDAT 3.1 files with
/// <c>…_labels.csv</c>, and the lists <c>trials_to_train.txt</c> and <c>trials_to_test.txt</c>. Whole persons of the training part are held out for validation.</summary>
/// <param name="Steps">Frames, and time steps, of every gesture.</param>
/// <param name="By">Whether each frame has the same time or the same number of events.</param>
/// <param name="Bin">Seconds of a frame (by time); null for frames that share the gesture's duration.</param>
/// <param name="Size">Pixels of a side; fewer than 128 share their events.</param>
/// <param name="As">What a frame holds.</param>
/// <param name="SkipBad">Whether to go on without recordings that cannot be read.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the validation split and of the subset.</param>
public sealed record DvsGestureRecipe(
    [Limits(1, 65_536)] int Steps = 16,
    SliceBy By = SliceBy.Number,
    [Limits(1e-6, 1e6)] double? Bin = null,
    [Limits(1, 128)] int Size = 128,
    FrameContent As = FrameContent.Counts,
    bool SkipBad = false,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed), IChecked
{
    string? IChecked.Problem() => Slices.Problem(By, Bin);
}

/// <summary>What the frames of a recording have in equal parts.</summary>
[JsonConverter(typeof(KebabEnumConverter<SliceBy>))]
public enum SliceBy
{
    /// <summary>Time.</summary>
    Time,

    /// <summary>Events.</summary>
    Number,
}

/// <summary>What a frame holds for each pixel and polarity.</summary>
[JsonConverter(typeof(KebabEnumConverter<FrameContent>))]
public enum FrameContent
{
    /// <summary>The number of its events, a value.</summary>
    Counts,

    /// <summary>One spike where there was an event at all.</summary>
    Spikes,
}

/// <summary>What the recipes of events share.</summary>
internal static class Slices
{
    public static string? Problem(SliceBy by, double? bin) => bin is not null && by != SliceBy.Time ? "'bin' needs \"by\": \"time\"" : null;
}
