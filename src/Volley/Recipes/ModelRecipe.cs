using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>A network: one of the named architectures, or a list of layers.</summary>
/// <param name="TimeStep">Δt, the length of a time step in seconds; time constants are compared with it.</param>
/// <param name="Readout">How the outputs of all time steps become one score a class.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "architecture")]
[JsonDerivedType(typeof(FeedforwardRecipe), "feedforward")]
[JsonDerivedType(typeof(SequentialCifarRecipe), "sequential-cifar")]
[JsonDerivedType(typeof(CifarRecipe), "cifar")]
[JsonDerivedType(typeof(DvsVggRecipe), "dvs-vgg")]
[JsonDerivedType(typeof(SewResNetRecipe), "sew-resnet")]
[JsonDerivedType(typeof(LayersRecipe), "layers")]
[JsonDerivedType(typeof(StateSpaceRecipe), "state-space")]
public abstract record ModelRecipe(
    [property: Limits(0, 1000, AboveMin = true)] double TimeStep,
    Readout Readout);

/// <summary>Blocks of dense, normalisation, spiking neurons and dropout, then a dense layer to the classes and its output neurons.</summary>
/// <param name="Hidden">Neurons of each block.</param>
/// <param name="Neuron">The spiking neuron of every block.</param>
/// <param name="Recurrent">Whether the spikes of a block also return to it one step later through weights of their own.</param>
/// <param name="Normalization">What stands between the dense layer and the neurons.</param>
/// <param name="Dropout">Probability that a spike is dropped in training.</param>
/// <param name="Bias">Whether the dense layers have a bias.</param>
/// <param name="Output">What the output currents drive.</param>
/// <param name="Delays">Delays of all synapses, those to the output included; null for none. Such synapses have no bias.</param>
/// <param name="NormMomentum">How much a batch moves the running statistics of a batch normalisation.</param>
/// <param name="Readout">How the outputs of all time steps become one score a class.</param>
/// <param name="TimeStep">Δt, the length of a time step in seconds.</param>
public sealed record FeedforwardRecipe(
    [Items(1, 64)][Limits(1, 1_000_000)] IReadOnlyList<int> Hidden,
    NeuronRecipe Neuron,
    bool Recurrent = false,
    Normalization Normalization = Normalization.Batch,
    [Limits(0, 1, BelowMax = true)] double Dropout = 0,
    bool Bias = false,
    NeuronRecipe? Output = null,
    DelaysRecipe? Delays = null,
    [Limits(0, 1)] double NormMomentum = 0.1,
    Readout Readout = Readout.SumSoftmax,
    double TimeStep = 1e-3) : ModelRecipe(TimeStep, Readout), IChecked
{
    /// <summary>What the output currents drive; a leaky integrator unless said otherwise.</summary>
    public NeuronRecipe Output { get; init; } = Output ?? new LeakyIntegratorRecipe();

    string? IChecked.Problem()
    {
        if (!Neuron.Spikes)
            return "'neuron' must be one that spikes";
        if (Recurrent && !Neuron.Recurs)
            return "'neuron' must be one that takes one step after another where 'recurrent' is true";
        if (Bias && Delays is not null)
            return "'bias' cannot be true where there are 'delays'";
        return Readout == Readout.SpikeCount && !Output.Spikes ? "the readout 'spike-count' needs an 'output' that spikes" : null;
    }
}

/// <summary>Any stack of layers; the last dense layer usually leads to the classes.</summary>
/// <param name="Layers">The layers, first to last.</param>
/// <param name="Readout">How the outputs of all time steps become one score a class.</param>
/// <param name="TimeStep">Δt, the length of a time step in seconds.</param>
public sealed record LayersRecipe(
    [Items(1, 256)] IReadOnlyList<LayerRecipe> Layers,
    Readout Readout = Readout.SumSoftmax,
    double TimeStep = 1e-3) : ModelRecipe(TimeStep, Readout);

/// <summary>How the outputs y[t] of all time steps become one score a class.</summary>
[JsonConverter(typeof(KebabEnumConverter<Readout>))]
public enum Readout
{
    /// <summary>Σₜ softmax(y[t]).</summary>
    SumSoftmax,

    /// <summary>The mean over the time steps.</summary>
    Mean,

    /// <summary>The maximum over the time steps.</summary>
    Max,

    /// <summary>The last time step of the sample.</summary>
    Last,

    /// <summary>The number of spikes.</summary>
    SpikeCount,

    /// <summary>None: a decision at every time step, for data with a label a step.</summary>
    EachStep,
}

/// <summary>What normalises currents.</summary>
[JsonConverter(typeof(KebabEnumConverter<Normalization>))]
public enum Normalization
{
    /// <summary>Statistics of each channel over batch and time.</summary>
    Batch,

    /// <summary>Statistics of each sample and step over its channels.</summary>
    Layer,

    /// <summary>Nothing.</summary>
    None,
}
