using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

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
}
