using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>Parallel spiking neuron (Fang et al. 2023): H = W X over all T steps, a spike where H[t] reaches the threshold of its step. Not causal, and only for
/// sequences of T steps.</summary>
/// <param name="Surrogate">The spike's derivative; null for ATan with alpha 2.</param>
public sealed record PsnRecipe(SurrogateRecipe? Surrogate = null) : NeuronRecipe
{
    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new ATanRecipe();

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool Recurs => false;
}

/// <summary>Masked PSN: training closes a mask over W in its first eighth, until a step sees only itself and the k − 1 steps before it. Only for sequences of
/// T steps.</summary>
/// <param name="Order">k, at most T; null for T.</param>
/// <param name="Surrogate">The spike's derivative; null for ATan with alpha 2.</param>
public sealed record MaskedPsnRecipe(
    [Limits(1, 65_536)] int? Order = null,
    SurrogateRecipe? Surrogate = null) : NeuronRecipe
{
    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new ATanRecipe();

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool Recurs => false;
}

/// <summary>Sliding PSN: the same k weights at every step, over the inputs of that step and the k − 1 before it.</summary>
/// <param name="Order">k.</param>
/// <param name="Init">How the weights start.</param>
/// <param name="Surrogate">The spike's derivative; null for ATan with alpha 2.</param>
public sealed record SlidingPsnRecipe(
    [Limits(1, 65_536)] int Order = 32,
    SlidingInit Init = SlidingInit.Exponential,
    SurrogateRecipe? Surrogate = null) : NeuronRecipe
{
    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new ATanRecipe();

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool Recurs => false;
}

/// <summary>How the weights of a sliding PSN start.</summary>
[JsonConverter(typeof(KebabEnumConverter<SlidingInit>))]
public enum SlidingInit
{
    /// <summary>1 for the current input, half of it for each step back.</summary>
    Exponential,

    /// <summary>U(−1/√k, 1/√k).</summary>
    Uniform,
}
