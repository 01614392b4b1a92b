using System.Runtime.CompilerServices;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>KLIF (Jiang and Zhang 2023): a LIF whose potential is scaled and rectified before it meets the threshold.
/// u = β·V + g·x,  f = max(0, k·u),  z = Θ(f − θ),  V ← reset(f, z).</summary>
/// <remarks>k is learned, so that training tunes the steepness at which the surrogate sees the potential. The scaled potential is what is carried on.</remarks>
public struct Klif<L, TReset> : INeuron<Klif<L, TReset>, L>
    where L : unmanaged, ILane<L>
    where TReset : struct, IReset
{
    public static int StateCount => 1;

    /// <summary>State: membrane potential.</summary>
    public L V;

    /// <summary>Parameters: decay of the membrane, gain of the input, scale k, threshold.</summary>
    public L Decay, Gain, K, Threshold;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Charge(ref Klif<L, TReset> n, L input)
    {
        L scaled = n.K * L.MulAdd(n.Decay, n.V, n.Gain * input);
        n.V = L.IfGreater(scaled, L.Of(0f), scaled, L.Of(0f));
        return n.V - n.Threshold;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fire(ref Klif<L, TReset> n, L spike) => n.V = TReset.Apply(n.V, spike, n.Threshold);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward(in Klif<L, TReset> before, L input, L spike, L slope, ref Klif<L, TReset> d, L dSpike)
    {
        L u = L.MulAdd(before.Decay, before.V, before.Gain * input), scaled = before.K * u, zero = L.Of(0f);
        L df = TReset.Backward(L.IfGreater(scaled, zero, scaled, zero), spike, before.Threshold, d.V, ref dSpike, ref d.Threshold);
        L dDistance = dSpike * slope;
        d.Threshold -= dDistance;
        L dScaled = L.IfGreater(scaled, zero, df + dDistance, zero);
        d.K = L.MulAdd(dScaled, u, d.K);
        L du = dScaled * before.K;
        d.Decay = L.MulAdd(du, before.V, d.Decay);
        d.Gain = L.MulAdd(du, input, d.Gain);
        d.V = du * before.Decay;
        return du * before.Gain;
    }
}

/// <summary>KLIF with one of the resets, its gradient through the spike kept or detached.</summary>
public sealed class KlifKernel(Reset reset = Reset.Subtract, bool detachReset = false)
    : NeuronKernel("klif", states: ["V"], parameters: ["Decay", "Gain", "K", "Threshold"])
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor)
    {
        switch (reset, detachReset)
        {
            case (Reset.Subtract, false): visitor.Visit<Klif<L, SubtractReset>>(); break;
            case (Reset.Subtract, true): visitor.Visit<Klif<L, DetachedSubtractReset>>(); break;
            case (Reset.ToZero, false): visitor.Visit<Klif<L, ZeroReset>>(); break;
            case (Reset.ToZero, true): visitor.Visit<Klif<L, DetachedZeroReset>>(); break;
            default: visitor.Visit<Klif<L, NoReset>>(); break;
        }
    }

    public override string ToString() => reset.Describe(Name, detachReset);
}

/// <summary>A population of KLIF neurons. Maps currents [B, T, N] to spikes [B, T, N].</summary>
/// <param name="neurons">N.</param>
/// <param name="random">Draws the initial decays where they are learned.</param>
/// <param name="decay">β; <c>Coefficient.EulerDecay(2)</c> (SpikingJelly's τ = 2) when null.</param>
/// <param name="k">k; learned, one for the layer, from 1, when null.</param>
/// <param name="threshold">θ.</param>
/// <param name="reset">What a spike does to the potential.</param>
/// <param name="detachReset">True to let no gradient flow through the spike in the reset; the authors of the PSN found that it then does not converge.</param>
/// <param name="decayInput">True to scale the input by 1 − β.</param>
/// <param name="firing">Surrogate and conventions; ATan(2), firing at the threshold, when null.</param>
public sealed class KlifLayer(int neurons, Rng random, Coefficient? decay = null, Coefficient? k = null, float threshold = 1, Reset reset = Reset.Subtract,
    bool detachReset = false, bool decayInput = true, Firing? firing = null)
    : NeuronLayer(new KlifKernel(reset, detachReset), neurons, firing ?? new Firing(new ATan(2), FiresAtThreshold: true), random,
        decay ?? Coefficient.EulerDecay(2), decayInput ? Coefficient.OneMinus(0) : Coefficient.Fixed(1), k ?? Coefficient.Learned(1, shared: true),
        Coefficient.Fixed(threshold));
