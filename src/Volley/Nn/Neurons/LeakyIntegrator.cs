using System.Runtime.CompilerServices;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>A membrane that never fires: V ← β·V + g·x, and V is the output. For readouts.</summary>
/// <remarks>β is the decay of one step; g is 1, or 1 − β where the input is decayed.</remarks>
public struct LeakyIntegrator<L> : INeuron<LeakyIntegrator<L>, L>
    where L : unmanaged, ILane<L>
{
    public static int StateCount => 1;

    /// <summary>State: membrane potential.</summary>
    public L V;

    /// <summary>Parameters: decay of the membrane, gain of the input.</summary>
    public L Decay, Gain;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Charge(ref LeakyIntegrator<L> n, L input) => n.V = L.MulAdd(n.Decay, n.V, n.Gain * input);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fire(ref LeakyIntegrator<L> n, L spike)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward(in LeakyIntegrator<L> before, L input, L spike, L slope, ref LeakyIntegrator<L> d, L dSpike)
    {
        L du = d.V + dSpike;
        d.Decay = L.MulAdd(du, before.V, d.Decay);
        d.Gain = L.MulAdd(du, input, d.Gain);
        d.V = du * before.Decay;
        return du * before.Gain;
    }
}

/// <summary>The leaky integrator.</summary>
public sealed class LeakyIntegratorKernel() : NeuronKernel("li", states: ["V"], parameters: ["Decay", "Gain"], spiking: false)
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor) => visitor.Visit<LeakyIntegrator<L>>();
}

/// <summary>A population of leaky integrators. Maps currents [B, T, N] to potentials [B, T, N].</summary>
/// <param name="neurons">N.</param>
/// <param name="random">Draws the initial decays where they are learned.</param>
/// <param name="decay">The decay; a time constant of 15 steps (SE-adLIF's readout) when null.</param>
public sealed class LeakyIntegratorLayer(int neurons, Rng random, Coefficient? decay = null)
    : NeuronLayer(new LeakyIntegratorKernel(), neurons, new Firing(new Identity()), random, decay ?? Coefficient.Decay(15), Coefficient.OneMinus(0));
