using Volley.Autograd;
using Volley.Tensors;

namespace Volley.Nn.Monitoring;

/// <summary>A call of synapses.</summary>
/// <param name="layer">Path and kind of the layer.</param>
/// <param name="tape">The pass.</param>
/// <param name="input">What comes in, [B, T, …].</param>
/// <param name="current">What they send on, [B, T, …]; null where that is only a part of what the layer computes.</param>
/// <param name="fanOut">Tells how many weights an input meets; asked for once a pass over a data set at most.</param>
public sealed class SynapseCall(string layer, Tape tape, Signal input, Tensor? current, Func<FanOut> fanOut)
    : LayerCall(layer, (current ?? input).Shape, (current ?? input).Lengths)
{
    /// <summary>The pass.</summary>
    public Tape Tape { get; } = tape;

    /// <summary>What comes in.</summary>
    public Signal Input { get; } = input;

    /// <summary>Tells how many weights an input meets.</summary>
    public Func<FanOut> FanOut { get; } = fanOut;

    /// <summary>Tells apart the products of a layer that has several; empty where there is one.</summary>
    public string Part { get; init; } = "";

    public override IReadOnlyList<string> Quantities => current is null ? [] : [Quantity.Current];

    public override void Read(string quantity, int sample, Span<float> to) => Currents.Read(Tape, current!, sample, to);
}
