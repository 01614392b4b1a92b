using Volley.Autograd;
using Volley.Nn.StateSpace;
using Volley.Tensors;

namespace Volley.Nn.Monitoring;

/// <summary>A call of a state-space layer.</summary>
/// <param name="output">y [B, L, H].</param>
internal sealed class StateSpaceLayerCall(DiagonalStateSpace layer, Tape tape, Tensor output) : LayerCall(layer.ToString(), output.Shape, output.Lengths)
{
    public override IReadOnlyList<string> Quantities => [Quantity.Current];

    public override void Read(string quantity, int sample, Span<float> to) => Currents.Read(tape, output, sample, to);
}
