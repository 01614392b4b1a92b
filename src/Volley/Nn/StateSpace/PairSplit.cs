using Volley.Autograd;
using Volley.Tensors;

namespace Volley.Nn.StateSpace;

/// <summary>Two documents side by side become two sequences: spikes [B, T, 2V] in, [2B, T, V] out, sample 2b the first document of sample b and 2b + 1 the second.</summary>
/// <remarks>A document's length is that of its part: up to its last step with a spike. Each part is whole words of 64 bits.</remarks>
public sealed class PairSplit : Module, INonCausal
{
    public override string Kind => "pair-split";

    string INonCausal.Alternative => " Two documents are compared as wholes.";

    public override Shape OutputShape(Shape step)
    {
        if (step.Last % 128 != 0)
            throw new ArgumentException($"Layer {this} takes two parts of whole words of 64 units each, not {step.Last} units.");
        return step.WithLast(step.Last / 2);
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        int units = OutputShape(input.Shape).Last, words = units / 64, batch = input.Shape[0], steps = input.Shape[1];
        if (input is not Spikes { Values: null, IsSigned: false } pairs || input.Shape.Rank != 3)
            throw new ArgumentException($"Layer {this} takes spikes [B, T, 2·V], not {input.Shape} of other numbers.");
        var lengths = new int[2 * batch];
        ReadOnlySpan<ulong> from = pairs.Bits;
        for (int row = 0; row < batch * steps; row++)
        {
            for (int part = 0; part < 2; part++)
            {
                if (from.Slice((2 * row + part) * words, words).ContainsAnyExcept(0ul))
                    lengths[2 * (row / steps) + part] = row % steps + 1;
            }
        }
        var documents = Spikes.In(tape.Arena, new Shape(2 * batch, steps, units), lengths, pairs.Scale);
        Span<ulong> to = documents.Bits;
        for (int row = 0; row < batch * steps; row++)
        {
            for (int part = 0; part < 2; part++)
                from.Slice((2 * row + part) * words, words).CopyTo(to[(((2 * (row / steps) + part) * steps + row % steps) * words)..]);
        }
        return documents;
    }
}
