using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>In training, drops each element with probability p and scales what is left by 1/(1 − p); in evaluation, nothing.</summary>
/// <remarks>Spikes stay bits: the mask is an AND and the factor rides in the scale of the spikes. Each sample draws from a stream of its own, so that
/// padding it further changes no bit of its mask; padding is dropped.</remarks>
public sealed class Dropout : Module, ICausal
{
    private readonly float _probability;
    private readonly bool _wholeChannels;

    /// <param name="probability">p, from 0 to below 1.</param>
    /// <param name="wholeChannels">True to drop channels of a sample everywhere and at every step: places of an image, and steps, say much the same, so that
    /// dropping single ones drops little (Tompson et al. 2015).</param>
    public Dropout(float probability, bool wholeChannels = false)
    {
        if (!(probability is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "The probability to drop must be at least 0 and below 1.");
        (_probability, _wholeChannels) = (probability, wholeChannels);
    }

    public override string Kind => "dropout";

    public override Shape OutputShape(Shape step) => step;

    public override Signal Forward(Tape tape, Signal input)
    {
        if (!tape.Training || _probability == 0)
            return input;
        Spikes mask = Mask(tape, input.Shape, input.Lengths, _probability, _wholeChannels);
        float scale = mask.Scale;
        Signal output;
        if (input is Spikes spikes)
        {
            Spikes? support = spikes.Support is null ? null : Spikes.In(tape.Arena, input.Shape);
            if (support is not null)
                SpikeBits.And(spikes.Support!.Bits, mask.Bits, support.Bits);
            var kept = Spikes.In(tape.Arena, input.Shape, input.Lengths, spikes.Scale * scale, spikes.Values, spikes.IsSigned, support);
            SpikeBits.And(spikes.Bits, mask.Bits, kept.Bits);
            spikes.Negative.CopyTo(kept.Negative);
            output = kept;
        }
        else
        {
            var kept = Tensor.In(tape.Arena, input.Shape, input.Lengths);
            Apply(tape, tape.Floats(input).Data, mask, kept.Data);
            output = kept;
        }
        output.NeedsGradient = input.NeedsGradient;
        tape.Record(new DropoutNode(input, mask, output));
        return output;
    }

    /// <summary>What is kept: a bit each, of scale 1/(1 − p).</summary>
    internal static Spikes Mask(Tape tape, Shape shape, int[]? lengths, float probability, bool wholeChannels = false)
    {
        var mask = Spikes.In(tape.Arena, shape, lengths, 1 / (1 - probability));
        Rows.For(tape.Cpu, shape[0], 1, new Masks(tape.Cpu, tape.NextRandom(), mask, 1 - probability, wholeChannels));
        return mask;
    }

    private static void Apply(Tape tape, ReadOnlySpan<float> x, Spikes mask, Span<float> y) => Kernels.Dropout.Apply(tape.Cpu, x, mask.Bits, mask.Scale, y, mask.Shape.Rows, mask.Shape.Last);

    /// <summary>Draws the masks of samples.</summary>
    private readonly struct Masks(Cpu cpu, Rng random, Spikes mask, double kept, bool wholeChannels) : IRows
    {
        public void Run(int start, int end)
        {
            Shape shape = mask.Shape;
            Span<ulong> bits = mask.Bits;
            int words = bits.Length / shape[0], row = mask.WordsPerRow;
            for (int b = start; b < end; b++)
            {
                int drawn = mask.Lengths is { } lengths ? words / shape[1] * lengths[b] : words;
                Span<ulong> sample = bits.Slice(b * words, words);
                random.Fork(b).FillBits(cpu, sample[..(wholeChannels ? Math.Min(row, drawn) : drawn)], kept);
                for (int at = row; wholeChannels && at < drawn; at += row)
                    sample[..row].CopyTo(sample[at..]);
                sample[drawn..].Clear();
            }
        }
    }

    Stage ICausal.OpenStage(StageInput input) => new PassStage(input.Signal);

    private sealed class DropoutNode(Signal input, Spikes mask, Signal output) : Node
    {
        public override void Backward(Tape tape)
        {
            if (output.Gradient is not { } gradient || !input.NeedsGradient)
                return;
            GradientTarget target = tape.Target(input, spent: gradient);
            Apply(tape, gradient.Data, mask, target.Span);
            target.Commit();
        }
    }

    private sealed class PassStage(StepSignal signal) : Stage(signal)
    {
        public override void Step()
        {
        }
    }
}
