using Volley.Autograd;
using Volley.Tensors;

namespace Volley.Nn.Monitoring;

/// <summary>A call of synapses.</summary>
/// <param name="layer">Path and kind of the layer.</param>
/// <param name="input">What comes in.</param>
/// <param name="current">What they send on, [B, T, …]; null where that is only a part of what the layer computes.</param>
public sealed class SynapseCall(string layer, Tape tape, Signal input, Tensor? current) : LayerCall(layer, (current ?? input).Shape, (current ?? input).Lengths)
{
    /// <summary>What comes in.</summary>
    public Signal Input { get; } = input;

    public override IReadOnlyList<string> Quantities => current is null ? [] : [Quantity.Current];

    public override void Read(string quantity, int sample, Span<float> to) => Currents.Read(tape, current!, sample, to);
}
