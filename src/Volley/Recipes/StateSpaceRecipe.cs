using System.Text.Json.Serialization;
using Volley.Nn.StateSpace;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>A deep state-space network (Gu et al. 2022; Stan and Rhodes 2024): an encoder to <paramref name="Width"/> channels, residual blocks, a dense layer to the classes.</summary>
/// <param name="Width">H, channels.</param>
/// <param name="Depth">Residual blocks.</param>
/// <param name="Layer">What stands in every block.</param>
/// <param name="States">N, real states a channel; even.</param>
/// <param name="Init">Where the imaginary parts of A start.</param>
/// <param name="Discretization">How Δ discretises A and B.</param>
/// <param name="Bidirectional">Whether each layer also reads backward in time; such a network cannot stream.</param>
/// <param name="Sets">Sets of (A, B) that the channels of a layer share in turn; null for one a channel.</param>
/// <param name="MinStep">The smallest Δ at the start.</param>
/// <param name="MaxStep">The largest Δ at the start.</param>
/// <param name="Norm">What normalises in a block.</param>
/// <param name="Prenorm">True to normalise what goes into a layer, and once more behind the last block; false for the sum behind each.</param>
/// <param name="Dropout">Probability of dropout: of single values within a layer, of whole channels of a branch.</param>
/// <param name="Encoder">How the input becomes channels.</param>
/// <param name="Pair">Whether the input is two documents side by side, encoded apart; their means e₁ and e₂, the difference and the product then go through two more
/// dense layers to the classes (Retrieval of the Long Range Arena).</param>
/// <param name="StateRate">The learning rate of A and B, a factor of the base rate; 0.1 is usual.</param>
/// <param name="StepRate">The learning rate of log Δ, a factor of the base rate.</param>
/// <param name="MaskPadding">Whether padding changes nothing. False makes it data for the encoder and the blocks, as the original code does; the readout pools over the valid
/// steps either way.</param>
/// <param name="Surrogate">The derivative of the spikes of <c>binary-s4d</c> and <c>gsu</c>; null for the fast sigmoid of slope 25.</param>
/// <param name="LearnedThreshold">Whether the thresholds of <c>binary-s4d</c> are learned, one a channel, instead of 0.</param>
/// <param name="Neuron">The activation of the layer <c>neuron</c>.</param>
/// <param name="Readout">How the outputs of all time steps become one score a class: <c>mean</c> pools over the valid steps.</param>
/// <param name="TimeStep">The length of a time step in seconds, for the time constants of <paramref name="Neuron"/>; Δ has no unit.</param>
public sealed record StateSpaceRecipe(
    [Limits(1, 65_536)] int Width,
    [Limits(1, 256)] int Depth,
    StateSpaceLayer Layer = StateSpaceLayer.BinaryS4d,
    [Limits(2, 4096)] int States = 64,
    StateInit Init = StateInit.Inverse,
    DiscretizationRule Discretization = DiscretizationRule.Bilinear,
    bool Bidirectional = false,
    [Limits(1, 65_536)] int? Sets = null,
    [Limits(0, 1000, AboveMin = true)] double MinStep = 0.001,
    [Limits(0, 1000, AboveMin = true)] double MaxStep = 0.1,
    Normalization Norm = Normalization.Layer,
    bool Prenorm = false,
    [Limits(0, 1, BelowMax = true)] double Dropout = 0,
    StateSpaceEncoder Encoder = StateSpaceEncoder.Linear,
    bool Pair = false,
    [Limits(0, 1000)] double StateRate = 0.1,
    [Limits(0, 1000)] double StepRate = 1,
    bool MaskPadding = true,
    SurrogateRecipe? Surrogate = null,
    bool LearnedThreshold = false,
    NeuronRecipe? Neuron = null,
    Readout Readout = Readout.Mean,
    double TimeStep = 1e-3) : ModelRecipe(TimeStep, Readout), IChecked
{
    /// <summary>The derivative of the spikes.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new FastSigmoidRecipe();

    string? IChecked.Problem()
    {
        if (States % 2 != 0)
            return "'states' must be even";
        if (Sets > Width)
            return "'sets' must be at most 'width'";
        if (MaxStep < MinStep)
            return "'maxStep' is below 'minStep'";
        if (Layer == StateSpaceLayer.Neuron != (Neuron is not null))
            return "'neuron' goes with \"layer\": \"neuron\"";
        if (Init == StateInit.Legs && States > StateSpaceFrequencies.MostLegSStates)
            return FormattableString.Invariant($"'init' \"legs\" takes at most {StateSpaceFrequencies.MostLegSStates} 'states'");
        if (LearnedThreshold && Layer != StateSpaceLayer.BinaryS4d)
            return "'learnedThreshold' goes with \"layer\": \"binary-s4d\"";
        if (Pair && Readout is not (Readout.Mean or Readout.Last))
            return "'pair' pools by itself: the readout must be 'mean' or 'last'";
        return Readout == Readout.SpikeCount ? "the readout 'spike-count' needs an output that spikes" : null;
    }
}

/// <summary>What stands in a block of a state-space network.</summary>
[JsonConverter(typeof(KebabEnumConverter<StateSpaceLayer>))]
public enum StateSpaceLayer
{
    /// <summary>S4D with GELU and a gated linear unit.</summary>
    S4d,

    /// <summary>S4D with a spike in place of GELU.</summary>
    BinaryS4d,

    /// <summary>S4D with a gated spiking unit.</summary>
    Gsu,

    /// <summary>S4D with a layer of neurons in place of GELU.</summary>
    Neuron,
}

/// <summary>Where the imaginary parts of A start.</summary>
[JsonConverter(typeof(KebabEnumConverter<StateInit>))]
public enum StateInit
{
    /// <summary>(N/π)·(N/(2n + 1) − 1).</summary>
    Inverse,

    /// <summary>π·n.</summary>
    Linear,

    /// <summary>The imaginary parts of the eigenvalues of the normal part of HiPPO-LegS.</summary>
    Legs,

    /// <summary>(1 + 2n)²/π.</summary>
    Quadratic,
}

/// <summary>How Δ discretises A and B.</summary>
[JsonConverter(typeof(KebabEnumConverter<DiscretizationRule>))]
public enum DiscretizationRule
{
    /// <summary>Tustin's rule.</summary>
    Bilinear,

    /// <summary>Zero-order hold.</summary>
    Zoh,
}

/// <summary>How the input of a state-space network becomes channels.</summary>
[JsonConverter(typeof(KebabEnumConverter<StateSpaceEncoder>))]
public enum StateSpaceEncoder
{
    /// <summary>A dense layer with bias.</summary>
    Linear,

    /// <summary>A row of numbers drawn from N(0, 1) for each input unit, without bias: for one-hot tokens.</summary>
    Embedding,
}
