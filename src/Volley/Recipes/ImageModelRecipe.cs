using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>The network of Fang et al. 2023 for images that are read column by column: a step is a column [L, C]. Two times three blocks of convolution, normalisation and neurons, a mean over
/// pairs of places after each three, then two dense layers with neurons between.</summary>
/// <param name="Neuron">The neuron of every block.</param>
/// <param name="Width">Channels of the convolutions; the dense layer between has twice as many.</param>
/// <param name="Readout">How the outputs of all time steps become one score a class.</param>
/// <param name="TimeStep">Δt, the length of a time step in seconds.</param>
public sealed record SequentialCifarRecipe(
    NeuronRecipe Neuron,
    [Limits(1, 16_384)] int Width = 128,
    Readout Readout = Readout.Mean,
    double TimeStep = 1e-3) : ModelRecipe(TimeStep, Readout), IChecked
{
    string? IChecked.Problem() => ImageModels.Problem(Neuron, Readout);
}

/// <summary>The network of Fang et al. 2023 for images that stand still [H, W, C]: each is there several times; two times three blocks of convolution, normalisation and neurons, a mean over
/// 2 x 2 places after each three, then two dense layers with neurons between.</summary>
/// <param name="Neuron">The neuron of every block.</param>
/// <param name="Width">Channels of the convolutions; the dense layer between has 16 times as many.</param>
/// <param name="Times">How often an image is there: time steps.</param>
/// <param name="Readout">How the outputs of all time steps become one score a class.</param>
/// <param name="TimeStep">Δt, the length of a time step in seconds.</param>
public sealed record CifarRecipe(
    NeuronRecipe Neuron,
    [Limits(1, 16_384)] int Width = 256,
    [Limits(1, 65_536)] int Times = 4,
    Readout Readout = Readout.Mean,
    double TimeStep = 1e-3) : ModelRecipe(TimeStep, Readout), IChecked
{
    string? IChecked.Problem() => ImageModels.Problem(Neuron, Readout);
}

/// <summary>The VGG of Deng et al. 2022 for frames of events [H, W, C], as Fang et al. 2023 use it: eight convolutions of 1, 2, 4, 4, 8, 8, 8 and 8 times <paramref name="Width"/> channels
/// with normalisation and neurons, a mean over 2 x 2 places after each two, then dropout of whole channels and a dense layer.</summary>
/// <param name="Neuron">The neuron of every block.</param>
/// <param name="Width">Channels of the first convolution.</param>
/// <param name="Dropout">Probability that a channel is dropped in training.</param>
/// <param name="Readout">How the outputs of all time steps become one score a class.</param>
/// <param name="TimeStep">Δt, the length of a time step in seconds.</param>
public sealed record DvsVggRecipe(
    NeuronRecipe Neuron,
    [Limits(1, 16_384)] int Width = 64,
    [Limits(0, 1, BelowMax = true)] double Dropout = 0.25,
    Readout Readout = Readout.Mean,
    double TimeStep = 1e-3) : ModelRecipe(TimeStep, Readout), IChecked
{
    string? IChecked.Problem() => ImageModels.Problem(Neuron, Readout);
}

/// <summary>SEW-ResNet (Fang et al. 2021) for images [H, W, C] that are there several times: a residual network whose branches end in neurons, spikes added as numbers.</summary>
/// <param name="Neuron">The neuron behind every normalisation.</param>
/// <param name="Depth">18 or 34 layers with weights.</param>
/// <param name="Width">Channels of the first convolution.</param>
/// <param name="Times">How often an image is there: time steps.</param>
/// <param name="StepOffset">Whether every time step has a learned number that is added to the image, as the released networks of Fang et al. 2023 have.</param>
/// <param name="Readout">How the outputs of all time steps become one score a class.</param>
/// <param name="TimeStep">Δt, the length of a time step in seconds.</param>
public sealed record SewResNetRecipe(
    NeuronRecipe Neuron,
    [Limits(18, 34)] int Depth = 18,
    [Limits(1, 16_384)] int Width = 64,
    [Limits(1, 65_536)] int Times = 4,
    bool StepOffset = true,
    Readout Readout = Readout.Mean,
    double TimeStep = 1e-3) : ModelRecipe(TimeStep, Readout), IChecked
{
    string? IChecked.Problem() => Depth is not (18 or 34) ? "'depth' must be 18 or 34" : ImageModels.Problem(Neuron, Readout);
}
