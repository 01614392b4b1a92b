using Volley.Autograd;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>What lies behind the length of a sample.</summary>
internal static class Padding
{
    /// <summary>The input with nothing but zeros in its padding: itself, where that is so already.</summary>
    /// <remarks>Layers multiply padding by gradients that are 0. That is 0 for any number, but not for infinity and NaN, and a buffer that is used again may
    /// hold them; spikes there would also be counted.</remarks>
    public static Signal Cleared(Tape tape, Signal input)
    {
        if (input.Lengths is null || IsClear(input))
            return input;
        if (input is Tensor values)
        {
            var copy = Tensor.In(tape.Arena, values.Shape, values.Lengths);
            values.Data.CopyTo(copy.Data);
            Clear(copy.Data, values);
            return Joined(tape, input, copy);
        }
        var spikes = (Spikes)input;
        var kept = Spikes.In(tape.Arena, spikes.Shape, spikes.Lengths, spikes.Scale, spikes.Values, spikes.IsSigned);
        spikes.Bits.CopyTo(kept.Bits);
        spikes.Negative.CopyTo(kept.Negative);
        Clear(kept.Bits, spikes);
        return Joined(tape, input, kept);
    }

    private static Signal Joined(Tape tape, Signal input, Signal copy)
    {
        if (input.NeedsGradient)
        {
            copy.NeedsGradient = true;
            tape.Record(new CopyNode(input, copy));
        }
        return copy;
    }

    private sealed class CopyNode(Signal input, Signal copy) : Node
    {
        public override void Backward(Tape tape)
        {
            if (copy.Gradient is not { } gradient)
                return;
            GradientTarget target = tape.Target(input, spent: gradient);
            Clear(target.Span, input);
            target.Commit();
        }
    }

    /// <summary>Takes away the spikes behind the length of each sample.</summary>
    public static void ClearBits(Spikes spikes)
    {
        if (spikes.Lengths is null)
            return;
        Clear(spikes.Bits, spikes);
        if (spikes.IsSigned)
            Clear(spikes.Negative, spikes);
    }

    private static bool IsClear(Signal input)
    {
        for (int b = 0; b < input.Shape[0]; b++)
        {
            bool clear = input is Tensor values
                ? Of(values.Data, values, b).IndexOfAnyExcept(0f) < 0
                : Of(((Spikes)input).Bits, input, b).IndexOfAnyExcept(0ul) < 0;
            if (!clear)
                return false;
        }
        return true;
    }

    private static void Clear<T>(Span<T> data, Signal signal)
    {
        for (int b = 0; b < signal.Shape[0]; b++)
            Of(data, signal, b).Clear();
    }

    /// <summary>The padding of one sample.</summary>
    private static Span<T> Of<T>(Span<T> data, Signal signal, int sample)
    {
        int size = data.Length / signal.Shape[0], step = size / Math.Max(1, signal.Shape[1]);
        return data.Slice(sample * size, size)[(signal.Lengths![sample] * step)..];
    }
}
