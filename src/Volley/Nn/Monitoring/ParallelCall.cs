using Volley.Autograd;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Volley.Tensors;

namespace Volley.Nn.Monitoring;

/// <summary>A call of parallel neurons: their potentials are the product over time once more.</summary>
/// <param name="weights">Those of the pass, masked where the layer masks.</param>
internal sealed class ParallelCall(ParallelNeuronLayer layer, Tape tape, PsnCall call, Signal current, Tensor weights)
    : LayerCall(layer.ToString(), current.Shape, current.Lengths), INeuronCosts
{
    public override bool HasNeurons => true;

    public override IReadOnlyList<string> Quantities => [Quantity.Current, Quantity.Membrane, Quantity.Distance, "H"];

    public override void Read(string quantity, int sample, Span<float> to)
    {
        if (quantity == Quantity.Current)
        {
            Currents.Read(tape, current, sample, to);
            return;
        }
        PsnCall one = call with { Batch = 1 };
        var scaled = current as Scaled;
        Tensor x = scaled?.Source ?? (Tensor)current;
        to.Clear();
        Psn.Forward(tape.Cpu, x.Data.Slice(sample * to.Length, to.Length), weights.Data, layer.Bias.Value.Data, new ulong[one.Steps * one.WordsPerStep], one,
            Lengths is null ? default : Lengths.AsSpan(sample, 1), NeuronLayer.Factors(scaled), NeuronLayer.Offsets(scaled), potentials: to);
        if (quantity == Quantity.Distance)
            AddBias(to);
    }

    /// <summary>None: a parallel neuron keeps no potential.</summary>
    public long MembraneUpdates() => 0;

    /// <summary>A product of a weight that is not 0 and a current, for every neuron: the same in both forms.</summary>
    public NeuronWork Work(int steps)
    {
        ReadOnlySpan<float> w = weights.Data;
        long products = 0;
        for (int t = 0; t < steps; t++)
        {
            // The weights of a sliding neuron end with that of the step itself.
            ReadOnlySpan<float> row = call.Sliding ? w[Math.Max(0, call.Order - 1 - t)..] : w.Slice(t * call.Steps, steps);
            products += row.Length - row.Count(0f);
        }
        return new NeuronWork(products * call.Neurons, products * call.Neurons);
    }

    private void AddBias(Span<float> potentials)
    {
        ReadOnlySpan<float> bias = layer.Bias.Value.Data;
        for (int i = 0; i < potentials.Length; i++)
            potentials[i] += bias[bias.Length == 1 ? 0 : i / call.Neurons];
    }
}
