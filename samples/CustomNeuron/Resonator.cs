using System.Runtime.CompilerServices;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;
using Volley.Nn;
using Volley.Nn.Neurons;

namespace CustomNeuron;

#region neuron
/// <summary>Resonate-and-fire: the state turns in the plane and shrinks, so the neuron answers to one frequency (after Izhikevich 2001).
/// x[t] = c·x[t−1] − s·y[t−1] + input,  y[t] = s·x[t−1] + c·y[t−1],  z = Θ(y − θ),  y ← y − z·θ.</summary>
/// <remarks>c = ρ·cos ω and s = ρ·sin ω for a decay ρ and a frequency ω of one step; stable while c² + s² &lt; 1.</remarks>
public struct Resonator<L> : INeuron<Resonator<L>, L>
    where L : unmanaged, ILane<L>
{
    public static int StateCount => 2;

    public L X, Y;                    // state
    public L C, S, Threshold;         // parameters

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Charge(ref Resonator<L> n, L input)
    {
        (n.X, n.Y) = (L.MulAdd(n.C, n.X, input - n.S * n.Y), L.MulAdd(n.S, n.X, n.C * n.Y));
        return n.Y - n.Threshold;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fire(ref Resonator<L> n, L spike) => n.Y -= spike * n.Threshold;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward(in Resonator<L> before, L input, L spike, L slope, ref Resonator<L> d, L dSpike)
    {
        L dDistance = (dSpike - d.Y * before.Threshold) * slope;
        L dX = d.X, dY = d.Y + dDistance;
        d.Threshold -= L.MulAdd(d.Y, spike, dDistance);
        d.C += L.MulAdd(dX, before.X, dY * before.Y);
        d.S += dY * before.X - dX * before.Y;
        d.X = L.MulAdd(dX, before.C, dY * before.S);
        d.Y = dY * before.C - dX * before.S;
        return dX;
    }
}

/// <summary>Names the fields for files and messages, and hands the struct to the driver in whatever lane it asks for.</summary>
public sealed class ResonatorKernel() : NeuronKernel("resonator", states: ["X", "Y"], parameters: ["C", "S", "Threshold"])
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor) => visitor.Visit<Resonator<L>>();
}

/// <summary>A population of resonators, c and s learned in a box where all of them are stable.</summary>
public sealed class ResonatorLayer(int neurons, Rng random)
    : NeuronLayer(new ResonatorKernel(), neurons, new Firing(new ATan(5)), random,
        Coefficient.Boxed(0.7f, 0.9f), Coefficient.Boxed(0.1f, 0.4f), Coefficient.Fixed(1));
#endregion
