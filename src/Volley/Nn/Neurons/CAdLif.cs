using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>Constrained adLIF (Deckers et al. 2024): the maths of <see cref="AdLif{L}"/>, its parameters kept in a box where the neuron is stable below
/// threshold.</summary>
public sealed class CAdLifKernel() : NeuronKernel("cadlif", states: ["V", "W"], parameters: ["Alpha", "Beta", "A", "B", "Threshold"])
{
    public override void Accept<L, TVisitor>(ref TVisitor visitor) => visitor.Visit<AdLif<L>>();
}
