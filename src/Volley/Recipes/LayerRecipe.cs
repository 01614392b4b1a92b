using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>One layer of a <see cref="LayersRecipe"/>; how many inputs it has follows from the layer before it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(DenseRecipe), "dense")]
[JsonDerivedType(typeof(DelayedRecipe), "delayed")]
[JsonDerivedType(typeof(AxonalDelayRecipe), "axonal-delay")]
[JsonDerivedType(typeof(BatchNormRecipe), "batch-norm")]
[JsonDerivedType(typeof(LayerNormRecipe), "layer-norm")]
[JsonDerivedType(typeof(DropoutRecipe), "dropout")]
[JsonDerivedType(typeof(NeuronLayerRecipe), "neuron")]
[JsonDerivedType(typeof(RecurrentRecipe), "recurrent")]
[JsonDerivedType(typeof(ResidualRecipe), "residual")]
[JsonDerivedType(typeof(Conv1dRecipe), "conv1d")]
[JsonDerivedType(typeof(Conv2dRecipe), "conv2d")]
[JsonDerivedType(typeof(AveragePoolRecipe), "average-pool")]
[JsonDerivedType(typeof(MaxPoolRecipe), "max-pool")]
[JsonDerivedType(typeof(GlobalAveragePoolRecipe), "global-average-pool")]
[JsonDerivedType(typeof(FlattenRecipe), "flatten")]
[JsonDerivedType(typeof(RepeatRecipe), "repeat")]
[JsonDerivedType(typeof(StepOffsetRecipe), "step-offset")]
public abstract record LayerRecipe;

/// <summary>y = x W + b.</summary>
/// <param name="Units">Outputs; null for as many as there are classes.</param>
/// <param name="Bias">Whether b is there.</param>
public sealed record DenseRecipe(
    [Limits(1, 1_000_000)] int? Units = null,
    bool Bias = false) : LayerRecipe;

/// <summary>Dense synapses with a delay each (see <see cref="DelaysRecipe"/>).</summary>
/// <param name="Units">Outputs; null for as many as there are classes.</param>
/// <param name="Delays">How long delays can be and how they are learned.</param>
public sealed record DelayedRecipe(
    [Limits(1, 1_000_000)] int? Units = null,
    DelaysRecipe? Delays = null) : LayerRecipe
{
    /// <summary>How long delays can be and how they are learned.</summary>
    public DelaysRecipe Delays { get; init; } = Delays ?? new DelaysRecipe();
}

/// <summary>A delay for every channel, that all synapses behind it share (see <see cref="DelaysRecipe"/>).</summary>
/// <param name="Delays">How long delays can be and how they are learned; a channel has one, and no weight: <c>kernels</c> is 1 and <c>init</c> is not used.</param>
public sealed record AxonalDelayRecipe(DelaysRecipe? Delays = null) : LayerRecipe, IChecked
{
    /// <summary>How long delays can be and how they are learned.</summary>
    public DelaysRecipe Delays { get; init; } = Delays ?? new DelaysRecipe();

    string? IChecked.Problem() => Delays.Kernels != 1 ? "'kernels' must be 1: an axon has one delay" : null;
}

/// <summary>Normalises each channel over batch and time.</summary>
/// <param name="Momentum">How much a batch moves the running statistics.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record BatchNormRecipe(
    [Limits(0, 1)] double Momentum = 0.1,
    [Limits(0, 1, AboveMin = true)] double Epsilon = 1e-5) : LayerRecipe;

/// <summary>Normalises each sample and step over its channels.</summary>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record LayerNormRecipe([Limits(0, 1, AboveMin = true)] double Epsilon = 1e-5) : LayerRecipe;

/// <summary>Drops values in training and scales the others up.</summary>
/// <param name="Rate">Probability that a value is dropped.</param>
/// <param name="WholeChannels">Whether a channel of a sample is dropped as a whole, at every place and step.</param>
public sealed record DropoutRecipe([Limits(0, 1, BelowMax = true)] double Rate, bool WholeChannels = false) : LayerRecipe;

/// <summary>A neuron for every channel.</summary>
/// <param name="Neuron">Its model.</param>
public sealed record NeuronLayerRecipe(NeuronRecipe Neuron) : LayerRecipe;

/// <summary>A neuron for every channel, whose spikes return to all of them through weights, one step later or after a delay of each neuron.</summary>
/// <param name="Neuron">Its model.</param>
/// <param name="Delays">How late spikes return and how that is learned; null for one step.</param>
public sealed record RecurrentRecipe(NeuronRecipe Neuron, RecurrentDelaysRecipe? Delays = null) : LayerRecipe, IChecked
{
    string? IChecked.Problem() =>
        !Neuron.Spikes ? "'neuron' must be one that spikes" : !Neuron.Recurs ? "'neuron' must be one that takes one step after another" : null;
}

/// <summary>y = x + layers(x), or shortcut(x) + layers(x).</summary>
/// <param name="Layers">The layers beside the identity; they keep the shape, or change it as the shortcut does.</param>
/// <param name="Shortcut">Layers in place of the identity; null for the identity.</param>
public sealed record ResidualRecipe(
    [Items(1, 64)] IReadOnlyList<LayerRecipe> Layers,
    [Items(1, 64)] IReadOnlyList<LayerRecipe>? Shortcut = null) : LayerRecipe;
