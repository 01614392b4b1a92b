using System.Runtime.CompilerServices;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>Adaptive LIF discretised by the symplectic Euler method (Baronig et al. 2025): u = α·V + (1 − α)·(x − W),  z = Θ(u − θ),  V ← u·(1 − z),
/// W ← β·W + (1 − β)·q·(a·V + b·z), with the new V and z.</summary>
/// <remarks>The hard reset carries no gradient through z; the adaptation does.</remarks>
public struct SeAdLif<L> : INeuron<SeAdLif<L>, L>
    where L : unmanaged, ILane<L>
{
    public static int StateCount => 2;

    /// <summary>State: membrane potential, adaptation.</summary>
    public L V, W;

    /// <summary>Parameters: decay of the membrane α, decay of the adaptation β, its coupling to the potential a and to the spike b, its scale q, threshold θ.</summary>
    public L Alpha, Beta, A, B, Q, Threshold;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Charge(ref SeAdLif<L> n, L input)
    {
        n.V = L.MulAdd(n.Alpha, n.V, (L.Of(1) - n.Alpha) * (input - n.W));
        return n.V - n.Threshold;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fire(ref SeAdLif<L> n, L spike)
    {
        n.V = DetachedZeroReset.Apply(n.V, spike, n.Threshold);
        L scale = (L.Of(1) - n.Beta) * n.Q;
        n.W = L.MulAdd(n.Beta, n.W, scale * L.MulAdd(n.B, spike, n.A * n.V));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward(in SeAdLif<L> before, L input, L spike, L slope, ref SeAdLif<L> d, L dSpike)
    {
        L share = L.Of(1) - before.Alpha, drive = input - before.W, one = L.Of(1);
        L v = DetachedZeroReset.Apply(L.MulAdd(before.Alpha, before.V, share * drive), spike, before.Threshold);
        L coupling = L.MulAdd(before.B, spike, before.A * v);
        L dCoupling = d.W * ((one - before.Beta) * before.Q);
        d.Beta = L.MulAdd(d.W, before.W - before.Q * coupling, d.Beta);
        d.Q = L.MulAdd(d.W, (one - before.Beta) * coupling, d.Q);
        d.A = L.MulAdd(dCoupling, v, d.A);
        d.B = L.MulAdd(dCoupling, spike, d.B);
        L dDistance = L.MulAdd(dCoupling, before.B, dSpike) * slope;
        d.Threshold -= dDistance;
        L du = L.MulAdd(L.MulAdd(dCoupling, before.A, d.V), one - spike, dDistance);
        d.Alpha = L.MulAdd(du, before.V - drive, d.Alpha);
        L dInput = du * share;
        d.W = d.W * before.Beta - dInput;
        d.V = du * before.Alpha;
        return dInput;
    }
}

/// <summary>The symplectic adaptive LIF.</summary>
public sealed class SeAdLifKernel() : NeuronKernel("se-adlif", states: ["V", "W"], parameters: ["Alpha", "Beta", "A", "B", "Q", "Threshold"])
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor) => visitor.Visit<SeAdLif<L>>();
}

/// <summary>A population of symplectic adaptive LIF neurons. Maps currents [B, T, N] to spikes [B, T, N].</summary>
/// <param name="neurons">N.</param>
/// <param name="random">Draws the initial parameters from their boxes.</param>
/// <param name="alpha">α; a time constant learned in 5 … 25 steps when null.</param>
/// <param name="beta">β; a time constant learned in 60 … 300 steps when null.</param>
/// <param name="a">a; learned in [0, 1] when null.</param>
/// <param name="b">b; learned in [0, 2] when null.</param>
/// <param name="q">q, the scale of the adaptation.</param>
/// <param name="threshold">θ.</param>
/// <param name="firing">Surrogate and conventions; SlayerExponential(5, 0.4) when null.</param>
public sealed class SeAdLifLayer(int neurons, Rng random, Coefficient? alpha = null, Coefficient? beta = null, Coefficient? a = null, Coefficient? b = null,
    float q = 120, float threshold = 1, Firing? firing = null)
    : NeuronLayer(new SeAdLifKernel(), neurons, firing ?? new Firing(new SlayerExponential()), random,
        alpha ?? Coefficient.LearnedDecay(5, 25), beta ?? Coefficient.LearnedDecay(60, 300),
        a ?? Coefficient.Boxed(0, 1), b ?? Coefficient.Boxed(0, 2), Coefficient.Fixed(q), Coefficient.Fixed(threshold));
