using System.Runtime.CompilerServices;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>Integrate-and-fire, a LIF that does not leak: u = V + g·x,  z = Θ(u − θ),  V ← reset(u, z).</summary>
public struct IntegrateAndFire<L, TReset> : INeuron<IntegrateAndFire<L, TReset>, L>
    where L : unmanaged, ILane<L>
    where TReset : struct, IReset
{
    public static int StateCount => 1;

    /// <summary>State: membrane potential.</summary>
    public L V;

    /// <summary>Parameters: gain of the input, threshold.</summary>
    public L Gain, Threshold;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Charge(ref IntegrateAndFire<L, TReset> n, L input)
    {
        n.V = L.MulAdd(n.Gain, input, n.V);
        return n.V - n.Threshold;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fire(ref IntegrateAndFire<L, TReset> n, L spike) => n.V = TReset.Apply(n.V, spike, n.Threshold);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward(in IntegrateAndFire<L, TReset> before, L input, L spike, L slope, ref IntegrateAndFire<L, TReset> d, L dSpike)
    {
        L u = L.MulAdd(before.Gain, input, before.V);
        L du = TReset.Backward(u, spike, before.Threshold, d.V, ref dSpike, ref d.Threshold);
        L dDistance = dSpike * slope;
        d.Threshold -= dDistance;
        du += dDistance;
        d.Gain = L.MulAdd(du, input, d.Gain);
        d.V = du;
        return du * before.Gain;
    }
}

/// <summary>Integrate-and-fire with one of the resets, its gradient through the spike kept or detached.</summary>
public sealed class IntegrateAndFireKernel(Reset reset = Reset.Subtract, bool detachReset = false)
    : NeuronKernel("if", states: ["V"], parameters: ["Gain", "Threshold"])
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor)
    {
        switch (reset, detachReset)
        {
            case (Reset.Subtract, false): visitor.Visit<IntegrateAndFire<L, SubtractReset>>(); break;
            case (Reset.Subtract, true): visitor.Visit<IntegrateAndFire<L, DetachedSubtractReset>>(); break;
            case (Reset.ToZero, false): visitor.Visit<IntegrateAndFire<L, ZeroReset>>(); break;
            case (Reset.ToZero, true): visitor.Visit<IntegrateAndFire<L, DetachedZeroReset>>(); break;
            default: visitor.Visit<IntegrateAndFire<L, NoReset>>(); break;
        }
    }

    public override string ToString() => reset.Describe(Name, detachReset);
}

/// <summary>A population of integrate-and-fire neurons. Maps currents [B, T, N] to spikes [B, T, N].</summary>
/// <param name="neurons">N.</param>
/// <param name="threshold">θ.</param>
/// <param name="reset">What a spike does to the potential.</param>
/// <param name="detachReset">True to let no gradient flow through the spike in the reset.</param>
/// <param name="firing">Surrogate and conventions; ATan(2), firing at the threshold, when null.</param>
public sealed class IfLayer(int neurons, float threshold = 1, Reset reset = Reset.Subtract, bool detachReset = false, Firing? firing = null)
    : NeuronLayer(new IntegrateAndFireKernel(reset, detachReset), neurons, firing ?? new Firing(new ATan(2), FiresAtThreshold: true), new Rng(0),
        Coefficient.Fixed(1), Coefficient.Fixed(threshold));
