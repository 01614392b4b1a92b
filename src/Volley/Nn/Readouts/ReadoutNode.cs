using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>Applies a <see cref="ReadoutKind"/> and remembers how to walk back.</summary>
internal sealed class ReadoutNode : Node
{
    private readonly ReadoutKind _kind;
    private readonly Signal _sequence;
    private readonly Tensor _floats, _scores;

    private ReadoutNode(ReadoutKind kind, Signal sequence, Tensor floats, Tensor scores) =>
        (_kind, _sequence, _floats, _scores) = (kind, sequence, floats, scores);

    /// <summary>[B, T, C] → [B, C]; with <see cref="ReadoutKind.EachStep"/> the sequence itself.</summary>
    public static Tensor Apply(Tape tape, ReadoutKind kind, Signal sequence)
    {
        Shape shape = sequence.Shape;
        if (shape.Rank != 3)
            throw new ArgumentException($"A readout takes a sequence [B, T, C], not the shape {shape}.", nameof(sequence));
        Tensor floats = tape.Floats(sequence);
        if (kind == ReadoutKind.EachStep)
            return floats;
        var scores = Tensor.In(tape.Arena, new Shape(shape[0], shape[2]));
        scores.NeedsGradient = true;
        Cpu cpu = tape.Cpu;
        Span<float> x = floats.Data, y = scores.Data;
        switch (kind)
        {
            case ReadoutKind.SumSoftmax: Readouts.SumSoftmaxForward(cpu, x, sequence.Lengths, y, shape[0], shape[1], shape[2]); break;
            case ReadoutKind.Mean: Readouts.MeanForward(cpu, x, sequence.Lengths, y, shape[0], shape[1], shape[2]); break;
            case ReadoutKind.Max: Readouts.MaxForward(cpu, x, sequence.Lengths, y, shape[0], shape[1], shape[2]); break;
            case ReadoutKind.Last: Readouts.LastForward(cpu, x, sequence.Lengths, y, shape[0], shape[1], shape[2]); break;
            default: Readouts.SumForward(cpu, x, sequence.Lengths, y, shape[0], shape[1], shape[2]); break;
        }
        tape.Record(new ReadoutNode(kind, sequence, floats, scores));
        return scores;
    }

    public override void Backward(Tape tape)
    {
        if (_scores.Gradient is not { } gradient || !_sequence.NeedsGradient)
            return;
        GradientTarget target = tape.Target(_sequence);
        Shape shape = _sequence.Shape;
        ReadOnlySpan<float> x = _floats.Data, dScores = gradient.Data;
        switch (_kind)
        {
            case ReadoutKind.SumSoftmax: Readouts.SumSoftmaxBackward(tape.Cpu, x, _sequence.Lengths, dScores, target.Span, shape[0], shape[1], shape[2]); break;
            case ReadoutKind.Mean: Readouts.MeanBackward(tape.Cpu, x, _sequence.Lengths, dScores, target.Span, shape[0], shape[1], shape[2]); break;
            case ReadoutKind.Max: Readouts.MaxBackward(tape.Cpu, x, _sequence.Lengths, dScores, target.Span, shape[0], shape[1], shape[2]); break;
            case ReadoutKind.Last: Readouts.LastBackward(tape.Cpu, x, _sequence.Lengths, dScores, target.Span, shape[0], shape[1], shape[2]); break;
            default: Readouts.SumBackward(tape.Cpu, x, _sequence.Lengths, dScores, target.Span, shape[0], shape[1], shape[2]); break;
        }
        target.Commit();
    }
}
