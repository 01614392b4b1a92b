using System.Runtime.CompilerServices;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>Leaky integrate-and-fire: u = β·V + g·x,  z = Θ(u − θ),  V ← reset(u, z).</summary>
/// <remarks>β is the decay of one step; g is 1, or 1 − β where the input is decayed (τ du/dt = −u + x).</remarks>
public struct Lif<L, TReset> : INeuron<Lif<L, TReset>, L>
    where L : unmanaged, ILane<L>
    where TReset : struct, IReset
{
    public static int StateCount => 1;

    /// <summary>State: membrane potential.</summary>
    public L V;

    /// <summary>Parameters: decay of the membrane, gain of the input, threshold.</summary>
    public L Decay, Gain, Threshold;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Charge(ref Lif<L, TReset> n, L input)
    {
        n.V = L.MulAdd(n.Decay, n.V, n.Gain * input);
        return n.V - n.Threshold;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fire(ref Lif<L, TReset> n, L spike) => n.V = TReset.Apply(n.V, spike, n.Threshold);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward(in Lif<L, TReset> before, L input, L spike, L slope, ref Lif<L, TReset> d, L dSpike)
    {
        L u = L.MulAdd(before.Decay, before.V, before.Gain * input);
        L du = TReset.Backward(u, spike, before.Threshold, d.V, ref dSpike, ref d.Threshold);
        L dDistance = dSpike * slope;
        d.Threshold -= dDistance;
        du += dDistance;
        d.Decay = L.MulAdd(du, before.V, d.Decay);
        d.Gain = L.MulAdd(du, input, d.Gain);
        d.V = du * before.Decay;
        return du * before.Gain;
    }
}

/// <summary>LIF with one of the resets, its gradient through the spike kept or detached.</summary>
public sealed class LifKernel(Reset reset = Reset.Subtract, bool detachReset = false)
    : NeuronKernel("lif", states: ["V"], parameters: ["Decay", "Gain", "Threshold"])
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor)
    {
        switch (reset, detachReset)
        {
            case (Reset.Subtract, false): visitor.Visit<Lif<L, SubtractReset>>(); break;
            case (Reset.Subtract, true): visitor.Visit<Lif<L, DetachedSubtractReset>>(); break;
            case (Reset.ToZero, false): visitor.Visit<Lif<L, ZeroReset>>(); break;
            case (Reset.ToZero, true): visitor.Visit<Lif<L, DetachedZeroReset>>(); break;
            default: visitor.Visit<Lif<L, NoReset>>(); break;
        }
    }

    public override string ToString() => reset.Describe(Name, detachReset);
}

/// <summary>A population of LIF neurons. Maps currents [B, T, N] to spikes [B, T, N].</summary>
/// <param name="neurons">N.</param>
/// <param name="random">Draws the initial decays where they are learned.</param>
/// <param name="decay">β; <c>Coefficient.EulerDecay(2)</c> (SpikingJelly's τ = 2) when null. A shared <see cref="Coefficient.SigmoidDecay"/> makes it a PLIF.</param>
/// <param name="threshold">θ.</param>
/// <param name="reset">What a spike does to the potential.</param>
/// <param name="detachReset">True to let no gradient flow through the spike in the reset.</param>
/// <param name="decayInput">True to scale the input by 1 − β.</param>
/// <param name="firing">Surrogate and conventions; ATan(2), firing at the threshold, when null.</param>
public sealed class LifLayer(int neurons, Rng random, Coefficient? decay = null, float threshold = 1, Reset reset = Reset.Subtract,
    bool detachReset = false, bool decayInput = true, Firing? firing = null)
    : NeuronLayer(new LifKernel(reset, detachReset), neurons, firing ?? new Firing(new ATan(2), FiresAtThreshold: true), random,
        decay ?? Coefficient.EulerDecay(2), decayInput ? Coefficient.OneMinus(0) : Coefficient.Fixed(1), Coefficient.Fixed(threshold));
