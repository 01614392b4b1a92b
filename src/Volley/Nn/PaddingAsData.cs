using Volley.Autograd;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>Runs layers as if every sample of a batch were as long as the longest: padding is 0 on the way in and data from there on, in norms and in layers that read backward in
/// time too. What comes behind knows the lengths again.</summary>
/// <remarks>What the state-space networks of Stan and Rhodes 2024 do. A score then depends on how far its batch was padded; a stream, which has no padding, is that of the layers.</remarks>
/// <param name="inner">The layers.</param>
public sealed class PaddingAsData(Module inner) : Module, ICausal
{
    public override string Kind => "padding-as-data";

    public override IReadOnlyList<(string Name, Module Module)> Children { get; } = [("inner", inner)];

    public override Shape OutputShape(Shape step) => inner.OutputShape(step);

    public override Signal Forward(Tape tape, Signal input)
    {
        if (input.Lengths is not { } lengths)
            return inner.Forward(tape, input);
        Signal whole = Seen(tape, input, null);
        return Seen(tape, inner.Forward(tape, whole), lengths);
    }

    Stage ICausal.OpenStage(StageInput input) => Stage.Open(inner, input);

    /// <summary>The same signal with other lengths.</summary>
    private static Signal Seen(Tape tape, Signal signal, int[]? lengths)
    {
        Signal seen = signal is Spikes spikes ? spikes.WithLengths(lengths) : tape.Floats(signal).WithLengths(lengths);
        seen.NeedsGradient = signal.NeedsGradient;
        tape.Record(new ViewNode(signal, seen));
        return seen;
    }
}
