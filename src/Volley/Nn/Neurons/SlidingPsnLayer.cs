using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Tensors;

namespace Volley.Nn.Neurons;

/// <summary>Sliding PSN: the same k weights and one threshold at every step, H[t] = Σᵢ w[i]·X[t − k + 1 + i]. Causal, for sequences of any length;
/// k + 1 parameters, whatever the neurons.</summary>
/// <param name="order">k.</param>
/// <param name="random">Draws w where it is drawn.</param>
/// <param name="exponentialInit">True for w = (2^−(k−1), …, ¼, ½, 1); false for U(−1/√k, 1/√k).</param>
/// <param name="surrogate">The spike's slope; ATan(2) when null.</param>
public sealed class SlidingPsnLayer(int order, Rng random, bool exponentialInit = true, ISurrogate? surrogate = null)
    : ParallelNeuronLayer(Initial(order, random, exponentialInit), 1, surrogate), ICausal
{
    public override string Kind => "sliding-psn";

    /// <summary>k.</summary>
    public int Order => Weight.Value.Shape[0];

    private protected override PsnCall CallFor(PsnCall shape) => shape with { Order = Order, Sliding = true };

    private static Tensor Initial(int order, Rng random, bool exponential)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order);
        if (!exponential)
            return Initializer.FanIn.Bias(order, order, random.Fork("weight"));
        var weight = Tensor.Zeros(new Shape(order));
        for (int i = 0; i < order; i++)
            weight.Data[i] = (float)Math.ScaleB(1, i + 1 - order);
        return weight;
    }

    Stage ICausal.OpenStage(StageInput input) => new ParallelStage(this, input, Order, Weight.Value.Data.ToArray(), Bias.Value.Data.ToArray());
}
