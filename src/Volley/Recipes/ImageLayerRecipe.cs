using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>Convolution of one-dimensional signals [L, C].</summary>
/// <param name="Channels">Channels out.</param>
/// <param name="Kernel">Places that an output sees.</param>
/// <param name="Stride">Places from one output to the next.</param>
/// <param name="Padding">Zeros on either side, fewer than the kernel has places; null for half a kernel.</param>
/// <param name="Groups">Parts of the channels that see only their own.</param>
/// <param name="Bias">Whether each output has a bias.</param>
/// <param name="Init">How weights are drawn.</param>
public sealed record Conv1dRecipe(
    [Limits(1, 1_000_000)] int Channels,
    [Limits(1, 1024)] int Kernel = 3,
    [Limits(1, 1024)] int Stride = 1,
    [Limits(0, 1023)] int? Padding = null,
    [Limits(1, 1_000_000)] int Groups = 1,
    bool Bias = false,
    ConvolutionInit Init = ConvolutionInit.FanIn) : LayerRecipe, IChecked
{
    string? IChecked.Problem() => Windows.Problem(Kernel, Padding);
}

/// <summary>Convolution of images [H, W, C] with a square kernel.</summary>
/// <param name="Channels">Channels out.</param>
/// <param name="Kernel">Rows, and columns, that an output sees.</param>
/// <param name="Stride">Rows, and columns, from one output to the next.</param>
/// <param name="Padding">Zeros on every side, fewer than the kernel has rows; null for half a kernel.</param>
/// <param name="Groups">Parts of the channels that see only their own.</param>
/// <param name="Bias">Whether each output has a bias.</param>
/// <param name="Init">How weights are drawn.</param>
public sealed record Conv2dRecipe(
    [Limits(1, 1_000_000)] int Channels,
    [Limits(1, 1024)] int Kernel = 3,
    [Limits(1, 1024)] int Stride = 1,
    [Limits(0, 1023)] int? Padding = null,
    [Limits(1, 1_000_000)] int Groups = 1,
    bool Bias = false,
    ConvolutionInit Init = ConvolutionInit.FanIn) : LayerRecipe, IChecked
{
    string? IChecked.Problem() => Windows.Problem(Kernel, Padding);
}

/// <summary>The mean of each window of images or signals.</summary>
/// <param name="Size">Rows, and columns, of a window.</param>
/// <param name="Stride">Rows, and columns, from one window to the next; null for its size.</param>
/// <param name="Padding">Zeros on every side, fewer than a window has rows.</param>
public sealed record AveragePoolRecipe(
    [Limits(1, 1024)] int Size = 2,
    [Limits(1, 1024)] int? Stride = null,
    [Limits(0, 1023)] int Padding = 0) : LayerRecipe, IChecked
{
    string? IChecked.Problem() => Windows.Problem(Size, Padding);
}

/// <summary>The maximum of each window of images or signals.</summary>
/// <param name="Size">Rows, and columns, of a window.</param>
/// <param name="Stride">Rows, and columns, from one window to the next; null for its size.</param>
/// <param name="Padding">How far windows reach beyond the image, less than their size.</param>
public sealed record MaxPoolRecipe(
    [Limits(1, 1024)] int Size = 2,
    [Limits(1, 1024)] int? Stride = null,
    [Limits(0, 1023)] int Padding = 0) : LayerRecipe, IChecked
{
    string? IChecked.Problem() => Windows.Problem(Size, Padding);
}

/// <summary>The mean of each channel over all places.</summary>
public sealed record GlobalAveragePoolRecipe : LayerRecipe;

/// <summary>All elements of a time step in one row.</summary>
public sealed record FlattenRecipe : LayerRecipe;

/// <summary>Every time step several times over: an image becomes a sequence.</summary>
/// <param name="Times">How often each step is there.</param>
public sealed record RepeatRecipe([Limits(1, 65_536)] int Times) : LayerRecipe;

/// <summary>A learned number for every time step, added to all of it.</summary>
public sealed record StepOffsetRecipe : LayerRecipe;

/// <summary>How the weights of a convolution are drawn.</summary>
[JsonConverter(typeof(KebabEnumConverter<ConvolutionInit>))]
public enum ConvolutionInit
{
    /// <summary>U(−1/√n, 1/√n) for n inputs of an output, biases too.</summary>
    FanIn,

    /// <summary>N(0, 2/n) for n outputs of an input.</summary>
    KaimingNormalFanOut,
}

/// <summary>What windows have to fit.</summary>
internal static class Windows
{
    public static string? Problem(int size, int? padding) => padding >= size ? "'padding' must be smaller than the window" : null;
}
