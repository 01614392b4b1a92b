using Volley.Autograd;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Volley.Tensors;

namespace Volley.Nn.Monitoring;

/// <summary>A call of parallel neurons: their potentials are the product over time once more.</summary>
/// <param name="weights">Those of the pass, masked where the layer masks.</param>
internal sealed class ParallelCall(ParallelNeuronLayer layer, Tape tape, PsnCall call, Signal current, Tensor weights)
    : LayerCall(layer.ToString(), current.Shape, current.Lengths)
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

    private void AddBias(Span<float> potentials)
    {
        ReadOnlySpan<float> bias = layer.Bias.Value.Data;
        for (int i = 0; i < potentials.Length; i++)
            potentials[i] += bias[bias.Length == 1 ? 0 : i / call.Neurons];
    }
}
