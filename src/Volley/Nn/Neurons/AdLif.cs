using System.Runtime.CompilerServices;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>LIF with an adaptation current, in the order of sparch (Bittar and Garner 2022):
/// w[t] = β·w[t−1] + a·u[t−1] + b·s[t−1],  u[t] = α·(u[t−1] − θ·s[t−1]) + (1 − α)·(x[t] − w[t]),  s[t] = Θ(u[t] − θ).</summary>
/// <remarks>The state is what the next step needs, so that no spike has to be kept: V = u[t] − θ·s[t] and W = w[t+1].
/// The reset carries gradient.</remarks>
public struct AdLif<L> : INeuron<AdLif<L>, L>
    where L : unmanaged, ILane<L>
{
    public static int StateCount => 2;

    /// <summary>State: membrane potential after the reset, adaptation of the step to come.</summary>
    public L V, W;

    /// <summary>Parameters: decay of the membrane α, decay of the adaptation β, its coupling to the potential a and to the spike b, threshold θ.</summary>
    public L Alpha, Beta, A, B, Threshold;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Charge(ref AdLif<L> n, L input)
    {
        n.V = L.MulAdd(n.Alpha, n.V, (L.Of(1) - n.Alpha) * (input - n.W));
        return n.V - n.Threshold;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fire(ref AdLif<L> n, L spike)
    {
        n.W = L.MulAdd(n.B, spike, L.MulAdd(n.A, n.V, n.Beta * n.W));
        n.V -= spike * n.Threshold;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward(in AdLif<L> before, L input, L spike, L slope, ref AdLif<L> d, L dSpike)
    {
        L share = L.Of(1) - before.Alpha, drive = input - before.W;
        L u = L.MulAdd(before.Alpha, before.V, share * drive);
        dSpike += d.W * before.B - d.V * before.Threshold;
        L dDistance = dSpike * slope;
        L du = L.MulAdd(d.W, before.A, d.V) + dDistance;
        d.Threshold -= L.MulAdd(d.V, spike, dDistance);
        d.Beta = L.MulAdd(d.W, before.W, d.Beta);
        d.A = L.MulAdd(d.W, u, d.A);
        d.B = L.MulAdd(d.W, spike, d.B);
        d.Alpha = L.MulAdd(du, before.V - drive, d.Alpha);
        L dInput = du * share;
        d.W = d.W * before.Beta - dInput;
        d.V = du * before.Alpha;
        return dInput;
    }
}

/// <summary>The adaptive LIF of sparch.</summary>
public sealed class AdLifKernel() : NeuronKernel("adlif", states: ["V", "W"], parameters: ["Alpha", "Beta", "A", "B", "Threshold"])
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor) => visitor.Visit<AdLif<L>>();
}

/// <summary>A population of adaptive LIF neurons with the boxes of sparch. Maps currents [B, T, N] to spikes [B, T, N].</summary>
/// <param name="neurons">N.</param>
/// <param name="random">Draws the initial parameters from their boxes.</param>
/// <param name="alpha">α; learned in [e^(−1/5), e^(−1/25)] when null.</param>
/// <param name="beta">β; learned in [e^(−1/30), e^(−1/120)] when null.</param>
/// <param name="a">a; learned in [−1, 1] when null.</param>
/// <param name="b">b; learned in [0, 2] when null.</param>
/// <param name="threshold">θ.</param>
/// <param name="firing">Surrogate and conventions; the boxcar of half-width ½ when null.</param>
public sealed class AdLifLayer(int neurons, Rng random, Coefficient? alpha = null, Coefficient? beta = null, Coefficient? a = null, Coefficient? b = null,
    float threshold = 1, Firing? firing = null)
    : NeuronLayer(new AdLifKernel(), neurons, firing ?? new Firing(new Boxcar()), random,
        alpha ?? Coefficient.Boxed(0.81873f, 0.96079f), beta ?? Coefficient.Boxed(0.96722f, 0.99170f),
        a ?? Coefficient.Boxed(-1, 1), b ?? Coefficient.Boxed(0, 2), Coefficient.Fixed(threshold));
