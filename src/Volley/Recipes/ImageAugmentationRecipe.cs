using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>Cuts a picture of the same size at a random place out of the padded one.</summary>
/// <param name="Padding">Black pixels added on each side.</param>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record RandomCropRecipe([Limits(1, 10_000)] int Padding = 4, double P = 1) : AugmentationRecipe(P);

/// <summary>Mirrors a picture left to right.</summary>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record HorizontalFlipRecipe(double P = 0.5) : AugmentationRecipe(P);

/// <summary>One of fourteen operations with one of 31 magnitudes (TrivialAugment, wide; Müller &amp; Hutter 2021), on photographs.</summary>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record TrivialAugmentRecipe(double P = 1) : AugmentationRecipe(P);

/// <summary>Sets a random box of a picture to 0 (Zhong et al. 2020).</summary>
/// <param name="Area">Smallest and largest area of the box, parts of the picture.</param>
/// <param name="Ratio">Smallest and largest height / width of the box.</param>
/// <param name="P">Probability that a sample is changed.</param>
public sealed record RandomErasingRecipe(
    [Items(2, 2)][Limits(0, 1, AboveMin = true)] IReadOnlyList<double>? Area = null,
    [Items(2, 2)][Limits(0.001, 1000)] IReadOnlyList<double>? Ratio = null,
    double P = 0.1) : AugmentationRecipe(P), IChecked
{
    /// <summary>Smallest and largest area of the box, parts of the picture.</summary>
    public IReadOnlyList<double> Area { get; init; } = Area ?? [0.02, 0.33];

    /// <summary>Smallest and largest height / width of the box.</summary>
    public IReadOnlyList<double> Ratio { get; init; } = Ratio ?? [0.3, 3.3];

    string? IChecked.Problem() => Area[0] > Area[1] ? "'area' must list the smaller one first" : Ratio[0] > Ratio[1] ? "'ratio' must list the smaller one first" : null;
}

/// <summary>Mixes the samples of a batch with each other, labels included; it stands behind all other augmentations.</summary>
/// <param name="P">Probability that a batch is mixed.</param>
public abstract record BatchMixRecipe(double P) : AugmentationRecipe(P);

/// <summary>λ of every sample and 1 − λ of the one before it in the batch (Zhang et al. 2018), λ from Beta(α, α).</summary>
/// <param name="Alpha">α.</param>
/// <param name="P">Probability that a batch is mixed.</param>
public sealed record MixupRecipe([Limits(0, 100, AboveMin = true)] double Alpha = 0.2, double P = 1) : BatchMixRecipe(P);

/// <summary>Pastes a box of the sample before it in the batch into every picture (Yun et al. 2019), 1 − λ of it large, λ from Beta(α, α).</summary>
/// <param name="Alpha">α.</param>
/// <param name="P">Probability that a batch is mixed.</param>
public sealed record CutmixRecipe([Limits(0, 100, AboveMin = true)] double Alpha = 1, double P = 1) : BatchMixRecipe(P);

/// <summary>Mixup or cutmix for each batch, both as likely.</summary>
/// <param name="MixupAlpha">α of mixup.</param>
/// <param name="CutmixAlpha">α of cutmix.</param>
/// <param name="P">Probability that a batch is mixed.</param>
public sealed record MixupOrCutmixRecipe(
    [Limits(0, 100, AboveMin = true)] double MixupAlpha = 0.2,
    [Limits(0, 100, AboveMin = true)] double CutmixAlpha = 1,
    double P = 1) : BatchMixRecipe(P);
