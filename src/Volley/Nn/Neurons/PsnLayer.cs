using Volley.Kernels;
using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>PSN: every step sees the inputs of all T steps, later ones too, each through a weight of its own. T·T + T parameters, whatever the neurons.</summary>
/// <param name="steps">T; sequences of another length are refused.</param>
/// <param name="random">Draws W from U(−1/√T, 1/√T).</param>
/// <param name="surrogate">The spike's slope; ATan(2) when null.</param>
public sealed class PsnLayer(int steps, Rng random, ISurrogate? surrogate = null)
    : ParallelNeuronLayer(StepWeights.Draw(steps, random), steps, surrogate), INonCausal
{
    public override string Kind => "psn";

    public override int? Steps => Bias.Value.Shape[0];

    string INonCausal.Alternative => " Use a sliding PSN instead.";

    private protected override PsnCall CallFor(PsnCall shape)
    {
        StepWeights.Check(this, shape.Steps, Bias.Value.Shape[0]);
        return shape;
    }
}
