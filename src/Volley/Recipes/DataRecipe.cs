using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>A data set, how its samples become sequences, and how they are split.</summary>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the validation split and of the subset.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RandmanRecipe), "randman")]
[JsonDerivedType(typeof(MnistRecipe), "mnist")]
[JsonDerivedType(typeof(Cifar10Recipe), "cifar10")]
[JsonDerivedType(typeof(Cifar100Recipe), "cifar100")]
[JsonDerivedType(typeof(FsddRecipe), "fsdd")]
[JsonDerivedType(typeof(SpeechCommandsRecipe), "speech-commands")]
[JsonDerivedType(typeof(WavRecipe), "wav")]
[JsonDerivedType(typeof(CsvRecipe), "csv")]
[JsonDerivedType(typeof(NpyRecipe), "npy")]
[JsonDerivedType(typeof(TsRecipe), "ts")]
[JsonDerivedType(typeof(ShdRecipe), "shd")]
[JsonDerivedType(typeof(SscRecipe), "ssc")]
[JsonDerivedType(typeof(QtdbRecipe), "qtdb")]
[JsonDerivedType(typeof(ListOpsRecipe), "listops")]
[JsonDerivedType(typeof(TextRecipe), "text")]
[JsonDerivedType(typeof(RetrievalRecipe), "retrieval")]
[JsonDerivedType(typeof(PathfinderRecipe), "pathfinder")]
[JsonDerivedType(typeof(PathsRecipe), "paths")]
[JsonDerivedType(typeof(NMnistRecipe), "nmnist")]
[JsonDerivedType(typeof(Cifar10DvsRecipe), "cifar10-dvs")]
[JsonDerivedType(typeof(DvsGestureRecipe), "dvs-gesture")]
public abstract record DataRecipe(
    [property: Limits(1, int.MaxValue)] int? Limit,
    [property: Limits(0, 1, BelowMax = true)] double ValidFraction,
    [property: Limits(0, int.MaxValue)] int SplitSeed);

/// <summary>Smooth random manifolds in spike-time space (Zenke &amp; Vogels 2021), generated: each unit fires exactly once a sample.</summary>
/// <param name="Classes">Classes, one manifold each.</param>
/// <param name="Units">Input units.</param>
/// <param name="Steps">Time steps a sample.</param>
/// <param name="Dims">Dimensions of each manifold.</param>
/// <param name="Alpha">Smoothness: the larger, the smoother.</param>
/// <param name="TrainPerClass">Training samples a class.</param>
/// <param name="TestPerClass">Test samples a class.</param>
/// <param name="ValidPerClass">Validation samples a class, generated beside the training samples; <c>validFraction</c> has nothing to hold out here.</param>
/// <param name="Seed">The seed of the manifolds and samples; the runs' seeds leave the data as it is.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the validation split and of the subset.</param>
public sealed record RandmanRecipe(
    [Limits(2, 1000)] int Classes = 10,
    [Limits(1, 100_000)] int Units = 50,
    [Limits(2, 65_536)] int Steps = 100,
    [Limits(1, 8)] int Dims = 2,
    [Limits(0, 100, AboveMin = true)] double Alpha = 2,
    [Limits(1, 10_000_000)] int TrainPerClass = 1000,
    [Limits(1, 10_000_000)] int TestPerClass = 200,
    [Limits(1, 10_000_000)] int ValidPerClass = 100,
    [Limits(0, int.MaxValue)] int Seed = 1,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed);

/// <summary>MNIST, or any folder with four idx files of its names.</summary>
/// <param name="As">How an image becomes a sequence.</param>
/// <param name="Permuted">Whether the pixels are shuffled first, by one fixed permutation (pixels only).</param>
/// <param name="Standardize">Whether values are (pixel / 255 − 0.1307) / 0.3081, the constants usual for MNIST, and not 0 … 1.</param>
/// <param name="First">Takes the parts by their place in the files, in place of <paramref name="ValidFraction"/>; null for all images.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the validation split and of the subset.</param>
public sealed record MnistRecipe(
    MnistSequence As = MnistSequence.Rows,
    bool Permuted = false,
    bool Standardize = false,
    FirstSamplesRecipe? First = null,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed), IChecked
{
    string? IChecked.Problem() => Permuted && As != MnistSequence.Pixels ? "'permuted' needs \"as\": \"pixels\"" : null;
}

/// <summary>CIFAR-10 in its binary records.</summary>
/// <param name="As">How an image becomes a sequence.</param>
/// <param name="Standardize">Whether each channel is shifted and scaled by constants of the data set (recipe of Fang et al. 2023; of S4 for grey), and not 0 … 1.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the validation split and of the subset.</param>
public sealed record Cifar10Recipe(
    CifarSequence As = CifarSequence.Columns,
    bool Standardize = false,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed);

/// <summary>CIFAR-100 in its binary records, fine labels.</summary>
/// <param name="As">How an image becomes a sequence.</param>
/// <param name="Standardize">Whether each channel is shifted and scaled by constants of the data set (recipe of Fang et al. 2023; those of CIFAR-10 for grey), and not 0 … 1.</param>
/// <param name="Limit">Train on a seeded subset of this many samples; null for all.</param>
/// <param name="ValidFraction">The part of the training samples that is held out for validation, a fraction.</param>
/// <param name="SplitSeed">The seed of the validation split and of the subset.</param>
public sealed record Cifar100Recipe(
    CifarSequence As = CifarSequence.Columns,
    bool Standardize = false,
    int? Limit = null,
    double ValidFraction = 0.1,
    int SplitSeed = 1) : DataRecipe(Limit, ValidFraction, SplitSeed);

/// <summary>Which samples of a set are used, by their place in its files.</summary>
/// <param name="Train">This many training samples, the first.</param>
/// <param name="Valid">This many after them validate.</param>
/// <param name="Test">This many test samples, the first.</param>
public sealed record FirstSamplesRecipe(
    [Limits(1, int.MaxValue)] int Train,
    [Limits(0, int.MaxValue)] int Valid,
    [Limits(1, int.MaxValue)] int Test);

/// <summary>How a 28 x 28 image becomes a sequence.</summary>
[JsonConverter(typeof(KebabEnumConverter<MnistSequence>))]
public enum MnistSequence
{
    /// <summary>28 steps of 28 values.</summary>
    Rows,

    /// <summary>784 steps of one value.</summary>
    Pixels,

    /// <summary>One step with the whole image, for a network that repeats it.</summary>
    Image,
}

/// <summary>How a 32 x 32 colour image becomes a sequence.</summary>
[JsonConverter(typeof(KebabEnumConverter<CifarSequence>))]
public enum CifarSequence
{
    /// <summary>32 steps, left to right, of 32 values in 3 colours.</summary>
    Columns,

    /// <summary>1024 steps of 3 values.</summary>
    Pixels,

    /// <summary>1024 steps of one grey value.</summary>
    GreyPixels,

    /// <summary>One step with the whole image, for a network that repeats it.</summary>
    Image,
}
