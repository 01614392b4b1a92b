using System.Runtime.CompilerServices;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>GLIF (Yao et al. 2022): three gates choose between an exponential and a linear leak (α), a weighted and a plain input (β), a hard and a soft reset (γ).
/// u = V + (1 − β·(1 − c))·x − (1 − α)·l,  z = Θ(u − θ),  V ← (1 − α·(1 − τ))·u·(1 − γ·z) − (1 − γ)·r·z.</summary>
/// <remarks>The state is the potential after reset and exponential leak, so that no spike has to be kept. The paper's c has a value for every step; here it has
/// one for all, so that the neuron takes sequences of any length and streams.</remarks>
public struct Glif<L> : INeuron<Glif<L>, L>
    where L : unmanaged, ILane<L>
{
    public static int StateCount => 1;

    /// <summary>State: membrane potential.</summary>
    public L V;

    /// <summary>Parameters: the gates of leak, input and reset; exponential decay τ, linear leak l, conductance c, soft reset r, threshold.</summary>
    public L Alpha, Beta, Gamma, Tau, Leak, Conductance, ResetTo, Threshold;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Charge(ref Glif<L> n, L input)
    {
        L one = L.Of(1f);
        n.V = L.MulAdd(one - n.Beta * (one - n.Conductance), input, n.V) - (one - n.Alpha) * n.Leak;
        return n.V - n.Threshold;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fire(ref Glif<L> n, L spike)
    {
        L one = L.Of(1f);
        n.V = (one - n.Alpha * (one - n.Tau)) * n.V * (one - n.Gamma * spike) - (one - n.Gamma) * n.ResetTo * spike;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward(in Glif<L> before, L input, L spike, L slope, ref Glif<L> d, L dSpike)
    {
        L one = L.Of(1f), weak = one - before.Conductance, gain = one - before.Beta * weak, soft = one - before.Gamma;
        L u = L.MulAdd(gain, input, before.V) - (one - before.Alpha) * before.Leak;
        L fall = one - before.Tau, decay = one - before.Alpha * fall, kept = one - before.Gamma * spike;
        L dDecay = d.V * u * kept, dKept = d.V * decay * u, dSoft = -d.V * before.ResetTo * spike;
        L dDistance = (dSpike - dKept * before.Gamma - d.V * soft * before.ResetTo) * slope;
        L du = L.MulAdd(d.V * decay, kept, dDistance), dGain = du * input;
        d.Alpha += du * before.Leak - dDecay * fall;
        d.Beta -= dGain * weak;
        d.Gamma -= dKept * spike + dSoft;
        d.Tau = L.MulAdd(dDecay, before.Alpha, d.Tau);
        d.Leak -= du * (one - before.Alpha);
        d.Conductance = L.MulAdd(dGain, before.Beta, d.Conductance);
        d.ResetTo -= d.V * soft * spike;
        d.Threshold -= dDistance;
        d.V = du;
        return du * gain;
    }
}

/// <summary>GLIF.</summary>
public sealed class GlifKernel() : NeuronKernel("glif", states: ["V"],
    parameters: ["Alpha", "Beta", "Gamma", "Tau", "Leak", "Conductance", "ResetTo", "Threshold"])
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor) => visitor.Visit<Glif<L>>();
}

/// <summary>A population of GLIF neurons. Maps currents [B, T, N] to spikes [B, T, N]. All eight coefficients are learned, one a neuron, as σ of a number.</summary>
/// <param name="neurons">N.</param>
/// <param name="hardGates">True for gates that are 0 or 1, with the gradient of their σ, as in the experiments of Yao et al. and of the PSN paper; false for σ itself.</param>
/// <param name="gates">σ of the gates α, β, γ at the start; 0.55, 0.65, 0.55 when null.</param>
/// <param name="tau">τ at the start.</param>
/// <param name="leak">l at the start.</param>
/// <param name="conductance">c at the start.</param>
/// <param name="threshold">θ and r at the start.</param>
/// <param name="firing">Surrogate and conventions; the boxcar of half-width ½, firing above the threshold, when null.</param>
public sealed class GlifLayer(int neurons, bool hardGates = true, (float Alpha, float Beta, float Gamma)? gates = null, float tau = 0.25f, float leak = 0.0625f,
    float conductance = 0.5f, float threshold = 0.5f, Firing? firing = null)
    : NeuronLayer(new GlifKernel(), neurons, firing ?? new Firing(new Boxcar()), new Rng(0),
        Coefficient.Gate(gates?.Alpha ?? 0.55f, hardGates), Coefficient.Gate(gates?.Beta ?? 0.65f, hardGates), Coefficient.Gate(gates?.Gamma ?? 0.55f, hardGates),
        Coefficient.Gate(tau), Coefficient.Gate(leak), Coefficient.Gate(conductance), Coefficient.Gate(threshold), Coefficient.Gate(threshold));
