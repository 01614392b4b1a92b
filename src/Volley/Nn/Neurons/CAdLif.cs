using Volley.Kernels;
using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>Constrained adLIF (Deckers et al. 2024): the maths of <see cref="AdLif{L}"/>, its parameters kept in a box where the neuron is stable below
/// threshold.</summary>
public sealed class CAdLifKernel() : NeuronKernel("cadlif", states: ["V", "W"], parameters: ["Alpha", "Beta", "A", "B", "Threshold"])
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor) => visitor.Visit<AdLif<L>>();
}

/// <summary>A population of constrained adaptive LIF neurons. Maps currents [B, T, N] to spikes [B, T, N].</summary>
/// <param name="neurons">N.</param>
/// <param name="random">Draws the initial parameters from their boxes.</param>
/// <param name="alpha">α; learned in [0.36, 0.96] when null.</param>
/// <param name="beta">β; learned in [0.96, 0.99] when null.</param>
/// <param name="a">a; learned in [0, 1] when null.</param>
/// <param name="b">b; learned in [0, 2] when null.</param>
/// <param name="threshold">θ.</param>
/// <param name="firing">Surrogate and conventions; the boxcar of half-width ½ when null.</param>
public sealed class CAdLifLayer(int neurons, Rng random, Coefficient? alpha = null, Coefficient? beta = null, Coefficient? a = null, Coefficient? b = null,
    float threshold = 1, Firing? firing = null)
    : NeuronLayer(new CAdLifKernel(), neurons, firing ?? new Firing(new Boxcar()), random,
        alpha ?? Coefficient.Boxed(0.36f, 0.96f), beta ?? Coefficient.Boxed(0.96f, 0.99f),
        a ?? Coefficient.Boxed(0, 1), b ?? Coefficient.Boxed(0, 2), Coefficient.Fixed(threshold));
