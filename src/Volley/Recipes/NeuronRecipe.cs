using System.Text.Json.Serialization;
using Volley.Recipes.Json;

namespace Volley.Recipes;

/// <summary>A neuron model and its options. Where a time constant is left out, the model's published decays hold whatever the time step.</summary>
/// <remarks>Equations: <c>docs/numerics</c>; u is the membrane potential, s the spike, θ the threshold, α = exp(−Δt/τ).</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(IfRecipe), "if")]
[JsonDerivedType(typeof(LifRecipe), "lif")]
[JsonDerivedType(typeof(PlifRecipe), "plif")]
[JsonDerivedType(typeof(CubaLifRecipe), "cuba-lif")]
[JsonDerivedType(typeof(AlifRecipe), "alif")]
[JsonDerivedType(typeof(AdLifRecipe), "adlif")]
[JsonDerivedType(typeof(CAdLifRecipe), "cadlif")]
[JsonDerivedType(typeof(SeAdLifRecipe), "se-adlif")]
[JsonDerivedType(typeof(EfAdLifRecipe), "ef-adlif")]
[JsonDerivedType(typeof(LeakyIntegratorRecipe), "leaky-integrator")]
[JsonDerivedType(typeof(LinearRecipe), "linear")]
[JsonDerivedType(typeof(KlifRecipe), "klif")]
[JsonDerivedType(typeof(GlifRecipe), "glif")]
[JsonDerivedType(typeof(PsnRecipe), "psn")]
[JsonDerivedType(typeof(MaskedPsnRecipe), "masked-psn")]
[JsonDerivedType(typeof(SlidingPsnRecipe), "sliding-psn")]
public abstract record NeuronRecipe
{
    /// <summary>Whether it fires; the others pass real numbers on.</summary>
    [JsonIgnore]
    public virtual bool Spikes => true;

    /// <summary>Whether it takes one step after another, so that its spikes can return to it; the others take all steps at once.</summary>
    [JsonIgnore]
    public virtual bool Recurs => Spikes;
}

/// <summary>Integrate-and-fire: u[t] = u[t−1] + I[t].</summary>
/// <param name="Threshold">θ.</param>
/// <param name="Reset">What a spike does to u.</param>
/// <param name="DetachReset">Whether the gradient ignores the spike in the reset.</param>
/// <param name="Surrogate">The spike's derivative; null for ATan with alpha 2.</param>
/// <param name="InitialState">u before the first step.</param>
public sealed record IfRecipe(
    [Limits(0, 1e6, AboveMin = true)] double Threshold = 1,
    Reset Reset = Reset.Subtract,
    bool DetachReset = false,
    SurrogateRecipe? Surrogate = null,
    InitialState InitialState = InitialState.Zero) : NeuronRecipe
{
    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new ATanRecipe();
}

/// <summary>Leaky integrate-and-fire: u[t] = α u[t−1] + (1−α) I[t], or + I[t] where the input is not decayed.</summary>
/// <param name="TauMembrane">τ of u, seconds; null for a fixed decay of ½ (τ = 2 steps in the form 1 − 1/τ).</param>
/// <param name="Threshold">θ.</param>
/// <param name="Reset">What a spike does to u.</param>
/// <param name="DetachReset">Whether the gradient ignores the spike in the reset.</param>
/// <param name="DecayInput">Whether the input is scaled by 1 − α.</param>
/// <param name="Surrogate">The spike's derivative; null for ATan with alpha 2.</param>
/// <param name="InitialState">u before the first step.</param>
public sealed record LifRecipe(
    TauRecipe? TauMembrane = null,
    [Limits(0, 1e6, AboveMin = true)] double Threshold = 1,
    Reset Reset = Reset.Subtract,
    bool DetachReset = false,
    bool DecayInput = true,
    SurrogateRecipe? Surrogate = null,
    InitialState InitialState = InitialState.Zero) : NeuronRecipe
{
    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new ATanRecipe();
}

/// <summary>Parametric LIF (Fang et al. 2021): one learned decay for the whole layer, 1/τ = sigmoid(w).</summary>
/// <param name="TauSteps">τ at the start, in time steps.</param>
/// <param name="Threshold">θ.</param>
/// <param name="Reset">What a spike does to u.</param>
/// <param name="DetachReset">Whether the gradient ignores the spike in the reset.</param>
/// <param name="DecayInput">Whether the input is scaled by 1/τ.</param>
/// <param name="Surrogate">The spike's derivative; null for ATan with alpha 2.</param>
/// <param name="InitialState">u before the first step.</param>
public sealed record PlifRecipe(
    [Limits(1, 1e6, AboveMin = true)] double TauSteps = 2,
    [Limits(0, 1e6, AboveMin = true)] double Threshold = 1,
    Reset Reset = Reset.Subtract,
    bool DetachReset = true,
    bool DecayInput = true,
    SurrogateRecipe? Surrogate = null,
    InitialState InitialState = InitialState.Zero) : NeuronRecipe
{
    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new ATanRecipe();
}

/// <summary>LIF whose potential is scaled by a learned k, one for the layer, and rectified before the threshold (Jiang &amp; Zhang 2023).</summary>
/// <param name="TauMembrane">τ of u, seconds; null for a fixed decay of ½ (τ = 2 steps in the form 1 − 1/τ).</param>
/// <param name="Threshold">θ.</param>
/// <param name="Reset">What a spike does to the scaled potential.</param>
/// <param name="DetachReset">Whether the gradient ignores the spike in the reset.</param>
/// <param name="DecayInput">Whether the input is scaled by 1 − α.</param>
/// <param name="Surrogate">The spike's derivative; null for ATan with alpha 2.</param>
/// <param name="InitialState">u before the first step.</param>
public sealed record KlifRecipe(
    TauRecipe? TauMembrane = null,
    [Limits(0, 1e6, AboveMin = true)] double Threshold = 1,
    Reset Reset = Reset.Subtract,
    bool DetachReset = false,
    bool DecayInput = true,
    SurrogateRecipe? Surrogate = null,
    InitialState InitialState = InitialState.Zero) : NeuronRecipe
{
    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new ATanRecipe();
}

/// <summary>LIF with learned gates between exponential and linear leak, weighted and plain input, hard and soft reset (Yao et al. 2022).</summary>
/// <param name="HardGates">Whether a gate is 0 or 1 rather than between.</param>
/// <param name="Tau">What the exponential leak keeps a step, at the start.</param>
/// <param name="Leak">What the linear leak takes a step, at the start.</param>
/// <param name="Conductance">Weight of the input, at the start.</param>
/// <param name="Threshold">θ, and what the soft reset takes, at the start.</param>
/// <param name="Surrogate">The spike's derivative; null for the boxcar with half-width ½.</param>
/// <param name="InitialState">u before the first step.</param>
public sealed record GlifRecipe(
    bool HardGates = true,
    [Limits(0, 1, AboveMin = true, BelowMax = true)] double Tau = 0.25,
    [Limits(0, 1, AboveMin = true, BelowMax = true)] double Leak = 0.0625,
    [Limits(0, 1, AboveMin = true, BelowMax = true)] double Conductance = 0.5,
    [Limits(0, 1, AboveMin = true, BelowMax = true)] double Threshold = 0.5,
    SurrogateRecipe? Surrogate = null,
    InitialState InitialState = InitialState.Zero) : NeuronRecipe
{
    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new BoxcarRecipe();
}

/// <summary>LIF with a synaptic current of its own: the input decays with τ of the synapse before it charges u.</summary>
/// <param name="TauSynapse">τ of the current, seconds; null for 5 steps, fixed.</param>
/// <param name="TauMembrane">τ of u, seconds; null for 10 steps, fixed.</param>
/// <param name="Threshold">θ.</param>
/// <param name="Reset">What a spike does to u.</param>
/// <param name="DetachReset">Whether the gradient ignores the spike in the reset.</param>
/// <param name="Surrogate">The spike's derivative; null for the fast sigmoid with slope 10.</param>
/// <param name="InitialState">u and the current before the first step.</param>
public sealed record CubaLifRecipe(
    TauRecipe? TauSynapse = null,
    TauRecipe? TauMembrane = null,
    [Limits(0, 1e6, AboveMin = true)] double Threshold = 1,
    Reset Reset = Reset.Subtract,
    bool DetachReset = false,
    SurrogateRecipe? Surrogate = null,
    InitialState InitialState = InitialState.Zero) : NeuronRecipe
{
    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new FastSigmoidRecipe(Slope: 10);
}

/// <summary>LIF with a threshold that rises with every spike and falls back: θ + β a[t], a[t] = ρ a[t−1] + s[t−1].</summary>
/// <param name="TauMembrane">τ of u, seconds; null for 20 steps, fixed.</param>
/// <param name="TauAdaptation">τ of a, seconds; null for 200 steps, fixed.</param>
/// <param name="Adaptation">β, how far a spike raises the threshold.</param>
/// <param name="Threshold">θ at rest.</param>
/// <param name="Reset">What a spike does to u.</param>
/// <param name="DetachReset">Whether the gradient ignores the spike in the reset.</param>
/// <param name="DecayInput">Whether the input is scaled by 1 − α.</param>
/// <param name="Surrogate">The spike's derivative; null for the triangle.</param>
/// <param name="InitialState">u and a before the first step.</param>
public sealed record AlifRecipe(
    TauRecipe? TauMembrane = null,
    TauRecipe? TauAdaptation = null,
    [Limits(0, 1e6)] double Adaptation = 1.8,
    [Limits(0, 1e6, AboveMin = true)] double Threshold = 1,
    Reset Reset = Reset.Subtract,
    bool DetachReset = false,
    bool DecayInput = true,
    SurrogateRecipe? Surrogate = null,
    InitialState InitialState = InitialState.Zero) : NeuronRecipe
{
    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new TriangleRecipe();
}

/// <summary>
/// Adaptive LIF in the order of sparch: w[t] = β w[t−1] + a u[t−1] + b s[t−1]; u[t] = α (u[t−1] − θ s[t−1]) + (1−α)(I[t] − w[t]).
/// </summary>
/// <param name="TauMembrane">τ of u, seconds; null for α in [e^(−1/5), e^(−1/25)] (5 to 25 steps).</param>
/// <param name="TauAdaptation">τ of w, seconds; null for β in [e^(−1/30), e^(−1/120)] (30 to 120 steps).</param>
/// <param name="A">a, how u drives w; null for −1 to 1.</param>
/// <param name="B">b, how a spike drives w; null for 0 to 2.</param>
/// <param name="Threshold">θ.</param>
/// <param name="Surrogate">The spike's derivative; null for the boxcar with half-width ½.</param>
/// <param name="InitialState">u and w before the first step; random is U(0, 1) as in sparch.</param>
public sealed record AdLifRecipe(
    TauRecipe? TauMembrane = null,
    TauRecipe? TauAdaptation = null,
    RangeRecipe? A = null,
    RangeRecipe? B = null,
    [Limits(0, 1e6, AboveMin = true)] double Threshold = 1,
    SurrogateRecipe? Surrogate = null,
    InitialState InitialState = InitialState.Zero) : NeuronRecipe
{
    /// <summary>How u drives w.</summary>
    public RangeRecipe A { get; init; } = A ?? new RangeRecipe(-1, 1);

    /// <summary>How a spike drives w.</summary>
    public RangeRecipe B { get; init; } = B ?? new RangeRecipe(0, 2);

    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new BoxcarRecipe();
}

/// <summary>AdLIF constrained to stable parameters (Deckers et al. 2024): the same recursion in tighter boxes.</summary>
/// <param name="TauMembrane">τ of u, seconds; null for α in [0.36, 0.96] (about 1 to 25 steps).</param>
/// <param name="TauAdaptation">τ of w, seconds; null for β in [0.96, 0.99] (about 25 to 100 steps).</param>
/// <param name="A">a, how u drives w; null for 0 to 1. Negative values are unstable and refused.</param>
/// <param name="B">b, how a spike drives w; null for 0 to 2.</param>
/// <param name="Threshold">θ.</param>
/// <param name="Surrogate">The spike's derivative; null for the boxcar with half-width ½.</param>
/// <param name="InitialState">u and w before the first step; random is U(0, 1) as in sparch.</param>
public sealed record CAdLifRecipe(
    TauRecipe? TauMembrane = null,
    TauRecipe? TauAdaptation = null,
    RangeRecipe? A = null,
    RangeRecipe? B = null,
    [Limits(0, 1e6, AboveMin = true)] double Threshold = 1,
    SurrogateRecipe? Surrogate = null,
    InitialState InitialState = InitialState.Zero) : NeuronRecipe, IChecked
{
    /// <summary>How u drives w.</summary>
    public RangeRecipe A { get; init; } = A ?? new RangeRecipe(0, 1);

    /// <summary>How a spike drives w.</summary>
    public RangeRecipe B { get; init; } = B ?? new RangeRecipe(0, 2);

    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new BoxcarRecipe();

    string? IChecked.Problem() => A.Min < 0 ? "'a' must not be negative; use 'adlif' for that" : null;
}

/// <summary>
/// Symplectic AdLIF (Baronig et al. 2025): v = α u[t−1] + (1−α)(I[t] − w[t−1]), hard reset, w[t] = β w[t−1] + (1−β) q (a u[t] + b s[t]).
/// </summary>
/// <param name="TauMembrane">τ of u, seconds; null for 5 to 25 steps.</param>
/// <param name="TauAdaptation">τ of w, seconds; null for 60 to 300 steps.</param>
/// <param name="A">a, how u drives w; null for 0 to 1.</param>
/// <param name="B">b, how a spike drives w; null for 0 to 2.</param>
/// <param name="Q">q, the scale of both.</param>
/// <param name="Threshold">θ.</param>
/// <param name="Surrogate">The spike's derivative; null for SLAYER with alpha 5 and c 0.4.</param>
/// <param name="InitialState">u and w before the first step.</param>
public sealed record SeAdLifRecipe(
    TauRecipe? TauMembrane = null,
    TauRecipe? TauAdaptation = null,
    RangeRecipe? A = null,
    RangeRecipe? B = null,
    [Limits(0, 1e6)] double Q = 120,
    [Limits(0, 1e6, AboveMin = true)] double Threshold = 1,
    SurrogateRecipe? Surrogate = null,
    InitialState InitialState = InitialState.Zero) : NeuronRecipe
{
    /// <summary>How u drives w.</summary>
    public RangeRecipe A { get; init; } = A ?? new RangeRecipe(0, 1);

    /// <summary>How a spike drives w.</summary>
    public RangeRecipe B { get; init; } = B ?? new RangeRecipe(0, 2);

    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new SlayerRecipe();
}

/// <summary>
/// AdLIF by the forward Euler method (Baronig et al. 2025): as <see cref="SeAdLifRecipe"/>, but w[t] = β w[t−1] + (1−β) q (a u[t−1] + b s[t−1]).
/// </summary>
/// <param name="TauMembrane">τ of u, seconds; null for 5 to 25 steps.</param>
/// <param name="TauAdaptation">τ of w, seconds; null for 60 to 300 steps.</param>
/// <param name="A">a, how u drives w; null for 0 to 1.</param>
/// <param name="B">b, how a spike drives w; null for 0 to 2.</param>
/// <param name="Q">q, the scale of both.</param>
/// <param name="Threshold">θ.</param>
/// <param name="Surrogate">The spike's derivative; null for SLAYER with alpha 5 and c 0.4.</param>
/// <param name="InitialState">u and w before the first step.</param>
public sealed record EfAdLifRecipe(
    TauRecipe? TauMembrane = null,
    TauRecipe? TauAdaptation = null,
    RangeRecipe? A = null,
    RangeRecipe? B = null,
    [Limits(0, 1e6)] double Q = 60,
    [Limits(0, 1e6, AboveMin = true)] double Threshold = 1,
    SurrogateRecipe? Surrogate = null,
    InitialState InitialState = InitialState.Zero) : NeuronRecipe
{
    /// <summary>How u drives w.</summary>
    public RangeRecipe A { get; init; } = A ?? new RangeRecipe(0, 1);

    /// <summary>How a spike drives w.</summary>
    public RangeRecipe B { get; init; } = B ?? new RangeRecipe(0, 2);

    /// <summary>The spike's derivative.</summary>
    public SurrogateRecipe Surrogate { get; init; } = Surrogate ?? new SlayerRecipe();
}

/// <summary>Integrates and never fires: u[t] = α u[t−1] + (1−α) I[t].</summary>
/// <param name="TauMembrane">τ of u, seconds; null for 15 steps, fixed.</param>
public sealed record LeakyIntegratorRecipe(TauRecipe? TauMembrane = null) : NeuronRecipe
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool Spikes => false;
}

/// <summary>No neuron: the currents themselves.</summary>
public sealed record LinearRecipe : NeuronRecipe
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool Spikes => false;
}

/// <summary>What a spike does to the membrane potential.</summary>
[JsonConverter(typeof(KebabEnumConverter<Reset>))]
public enum Reset
{
    /// <summary>Takes the threshold off.</summary>
    Subtract,

    /// <summary>Sets it to 0.</summary>
    Zero,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>The state before the first step.</summary>
[JsonConverter(typeof(KebabEnumConverter<InitialState>))]
public enum InitialState
{
    /// <summary>All zero.</summary>
    Zero,

    /// <summary>U(0, 1), anew for every sample.</summary>
    Random,
}
