using System.Runtime.CompilerServices;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>LIF whose threshold rises with every spike (Bellec et al. 2018): u = β·V + g·x,  θₜ = θ + k·A,  z = Θ(u − θₜ),  V ← reset(u, z, θₜ),  A ← ρ·A + z.</summary>
/// <remarks>A spike raises the threshold from the next step on; a soft reset subtracts the threshold that was crossed, θₜ. A detached reset leaves
/// the gradient through z in A.</remarks>
public struct Alif<L, TReset> : INeuron<Alif<L, TReset>, L>
    where L : unmanaged, ILane<L>
    where TReset : struct, IReset
{
    public static int StateCount => 2;

    /// <summary>State: membrane potential, adaptation.</summary>
    public L V, A;

    /// <summary>Parameters: decay of the membrane β, gain of the input g, threshold at rest θ, decay of the adaptation ρ, strength of the adaptation k.</summary>
    public L Decay, Gain, Threshold, Rho, Strength;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Charge(ref Alif<L, TReset> n, L input)
    {
        n.V = L.MulAdd(n.Decay, n.V, n.Gain * input);
        return n.V - L.MulAdd(n.Strength, n.A, n.Threshold);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fire(ref Alif<L, TReset> n, L spike)
    {
        n.V = TReset.Apply(n.V, spike, L.MulAdd(n.Strength, n.A, n.Threshold));
        n.A = L.MulAdd(n.Rho, n.A, spike);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward(in Alif<L, TReset> before, L input, L spike, L slope, ref Alif<L, TReset> d, L dSpike)
    {
        L u = L.MulAdd(before.Decay, before.V, before.Gain * input);
        L threshold = L.MulAdd(before.Strength, before.A, before.Threshold);
        L dThreshold = L.Of(0);
        dSpike += d.A;
        L du = TReset.Backward(u, spike, threshold, d.V, ref dSpike, ref dThreshold);
        L dDistance = dSpike * slope;
        dThreshold -= dDistance;
        du += dDistance;
        d.Decay = L.MulAdd(du, before.V, d.Decay);
        d.Gain = L.MulAdd(du, input, d.Gain);
        d.Threshold += dThreshold;
        d.Rho = L.MulAdd(d.A, before.A, d.Rho);
        d.Strength = L.MulAdd(dThreshold, before.A, d.Strength);
        d.A = L.MulAdd(dThreshold, before.Strength, d.A * before.Rho);
        d.V = du * before.Decay;
        return du * before.Gain;
    }
}

/// <summary>Adaptive-threshold LIF with one of the resets, its gradient through the spike kept or detached.</summary>
public sealed class AlifKernel(Reset reset = Reset.Subtract, bool detachReset = false)
    : NeuronKernel("alif", states: ["V", "A"], parameters: ["Decay", "Gain", "Threshold", "Rho", "Strength"])
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor)
    {
        switch (reset, detachReset)
        {
            case (Reset.Subtract, false): visitor.Visit<Alif<L, SubtractReset>>(); break;
            case (Reset.Subtract, true): visitor.Visit<Alif<L, DetachedSubtractReset>>(); break;
            case (Reset.ToZero, false): visitor.Visit<Alif<L, ZeroReset>>(); break;
            case (Reset.ToZero, true): visitor.Visit<Alif<L, DetachedZeroReset>>(); break;
            default: visitor.Visit<Alif<L, NoReset>>(); break;
        }
    }

    public override string ToString() => reset.Describe(Name, detachReset);
}

/// <summary>A population of LIF neurons with adaptive thresholds. Maps currents [B, T, N] to spikes [B, T, N].</summary>
/// <param name="neurons">N.</param>
/// <param name="random">Draws the initial decays where they are learned.</param>
/// <param name="membrane">β; a time constant of 20 steps when null.</param>
/// <param name="adaptation">ρ; a time constant of 200 steps when null.</param>
/// <param name="strength">k, how far a spike raises the threshold.</param>
/// <param name="threshold">θ at rest.</param>
/// <param name="reset">What a spike does to the potential.</param>
/// <param name="detachReset">True to let no gradient flow through the spike in the reset.</param>
/// <param name="decayInput">True to scale the input by 1 − β.</param>
/// <param name="firing">Surrogate and conventions; the triangle when null.</param>
public sealed class AlifLayer(int neurons, Rng random, Coefficient? membrane = null, Coefficient? adaptation = null, float strength = 1.8f,
    float threshold = 1, Reset reset = Reset.Subtract, bool detachReset = false, bool decayInput = true, Firing? firing = null)
    : NeuronLayer(new AlifKernel(reset, detachReset), neurons, firing ?? new Firing(new Triangle()), random,
        membrane ?? Coefficient.Decay(20), decayInput ? Coefficient.OneMinus(0) : Coefficient.Fixed(1), Coefficient.Fixed(threshold),
        adaptation ?? Coefficient.Decay(200), Coefficient.Fixed(strength));
