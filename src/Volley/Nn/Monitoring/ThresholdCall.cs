using Volley.Autograd;
using Volley.Tensors;

namespace Volley.Nn.Monitoring;

/// <summary>A call of a threshold without a state.</summary>
/// <param name="layer">The layer.</param>
/// <param name="values">What it compares [B, T, …].</param>
/// <param name="toDistance">Makes the distances to the threshold of rows of those values; null where there are several thresholds.</param>
internal sealed class ThresholdCall(Module layer, Tape tape, Signal values, Action<Span<float>>? toDistance) : LayerCall(layer.ToString(), values.Shape, values.Lengths)
{
    public override bool HasNeurons => true;

    public override IReadOnlyList<string> Quantities { get; } = [Quantity.Current, Quantity.Membrane, .. toDistance is null ? Array.Empty<string>() : [Quantity.Distance]];

    public override void Read(string quantity, int sample, Span<float> to)
    {
        Currents.Read(tape, values, sample, to);
        if (quantity == Quantity.Distance)
            toDistance!(to);
    }
}
