using Volley.Autograd;
using Volley.Nn.StateSpace;
using Volley.Tensors;

namespace Volley.Nn.Monitoring;

/// <summary>A call of a state-space layer.</summary>
/// <param name="output">y [B, L, H].</param>
/// <param name="modes">Complex modes of a channel.</param>
/// <param name="bidirectional">Whether it reads backward in time too, so that it has no steps.</param>
internal sealed class StateSpaceLayerCall(DiagonalStateSpace layer, Tape tape, Tensor output, int modes, bool bidirectional)
    : LayerCall(layer.ToString(), output.Shape, output.Lengths), INeuronCosts
{
    public override IReadOnlyList<string> Quantities => [Quantity.Current];

    /// <summary>None: states are no membranes.</summary>
    public long MembraneUpdates() => 0;

    /// <summary>A step takes 6 a mode, x ← Ā·x + u with a complex Ā (4) and the real part of G·x (2), and D·u. The sequence at once is y = K ∗ u + D·u: L(L + 1)/2
    /// products a channel, and L(L − 1)/2 more for a kernel that reads backward.</summary>
    public NeuronWork Work(int steps)
    {
        long channels = layer.Channels, length = steps, sequence = channels * ((bidirectional ? length * length : length * (length + 1) / 2) + length);
        return new NeuronWork(bidirectional ? sequence : channels * length * (6 * modes + 1), sequence);
    }

    public override void Read(string quantity, int sample, Span<float> to) => Currents.Read(tape, output, sample, to);
}
