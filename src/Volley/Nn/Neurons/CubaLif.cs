using System.Runtime.CompilerServices;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>LIF with a synaptic current: I ← α·I + w·x,  u = β·V + g·I,  z = Θ(u − θ),  V ← reset(u, z).</summary>
/// <remarks>The current moves first: an input reaches the membrane in its own step.</remarks>
public struct CubaLif<L, TReset> : INeuron<CubaLif<L, TReset>, L>
    where L : unmanaged, ILane<L>
    where TReset : struct, IReset
{
    public static int StateCount => 2;

    /// <summary>State: synaptic current, membrane potential.</summary>
    public L I, V;

    /// <summary>Parameters: decay of the current α, decay of the membrane β, weight of the input w, gain of the current g, threshold.</summary>
    public L Alpha, Beta, Weight, Gain, Threshold;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Charge(ref CubaLif<L, TReset> n, L input)
    {
        n.I = L.MulAdd(n.Alpha, n.I, n.Weight * input);
        n.V = L.MulAdd(n.Beta, n.V, n.Gain * n.I);
        return n.V - n.Threshold;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fire(ref CubaLif<L, TReset> n, L spike) => n.V = TReset.Apply(n.V, spike, n.Threshold);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward(in CubaLif<L, TReset> before, L input, L spike, L slope, ref CubaLif<L, TReset> d, L dSpike)
    {
        L current = L.MulAdd(before.Alpha, before.I, before.Weight * input);
        L u = L.MulAdd(before.Beta, before.V, before.Gain * current);
        L du = TReset.Backward(u, spike, before.Threshold, d.V, ref dSpike, ref d.Threshold);
        L dDistance = dSpike * slope;
        d.Threshold -= dDistance;
        du += dDistance;
        d.Beta = L.MulAdd(du, before.V, d.Beta);
        d.Gain = L.MulAdd(du, current, d.Gain);
        L dCurrent = L.MulAdd(du, before.Gain, d.I);
        d.Alpha = L.MulAdd(dCurrent, before.I, d.Alpha);
        d.Weight = L.MulAdd(dCurrent, input, d.Weight);
        d.I = dCurrent * before.Alpha;
        d.V = du * before.Beta;
        return dCurrent * before.Weight;
    }
}

/// <summary>Current-based LIF with one of the resets, its gradient through the spike kept or detached.</summary>
public sealed class CubaLifKernel(Reset reset = Reset.Subtract, bool detachReset = false)
    : NeuronKernel("cubalif", states: ["I", "V"], parameters: ["Alpha", "Beta", "Weight", "Gain", "Threshold"])
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor)
    {
        switch (reset, detachReset)
        {
            case (Reset.Subtract, false): visitor.Visit<CubaLif<L, SubtractReset>>(); break;
            case (Reset.Subtract, true): visitor.Visit<CubaLif<L, DetachedSubtractReset>>(); break;
            case (Reset.ToZero, false): visitor.Visit<CubaLif<L, ZeroReset>>(); break;
            case (Reset.ToZero, true): visitor.Visit<CubaLif<L, DetachedZeroReset>>(); break;
            default: visitor.Visit<CubaLif<L, NoReset>>(); break;
        }
    }

    public override string ToString() => reset.Describe(Name, detachReset);
}

/// <summary>A population of current-based LIF neurons. Maps inputs [B, T, N] to spikes [B, T, N].</summary>
/// <param name="neurons">N.</param>
/// <param name="random">Draws the initial decays where they are learned.</param>
/// <param name="synapse">α, the decay of the current; a time constant of 5 steps when null.</param>
/// <param name="membrane">β, the decay of the membrane; a time constant of 10 steps when null.</param>
/// <param name="threshold">θ.</param>
/// <param name="reset">What a spike does to the potential.</param>
/// <param name="detachReset">True to let no gradient flow through the spike in the reset.</param>
/// <param name="firing">Surrogate and conventions; FastSigmoid(10) when null.</param>
public sealed class CubaLifLayer(int neurons, Rng random, Coefficient? synapse = null, Coefficient? membrane = null, float threshold = 1,
    Reset reset = Reset.Subtract, bool detachReset = false, Firing? firing = null)
    : NeuronLayer(new CubaLifKernel(reset, detachReset), neurons, firing ?? new Firing(new FastSigmoid(10)), random,
        synapse ?? Coefficient.Decay(5), membrane ?? Coefficient.Decay(10), Coefficient.Fixed(1), Coefficient.OneMinus(1), Coefficient.Fixed(threshold));
