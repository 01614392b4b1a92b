using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>The elements of a time step seen with other axes, in their row-major order.</summary>
internal static class Axes
{
    /// <summary>[B, T, …] with steps of the shape <paramref name="step"/>, which holds as many elements: itself, where it has that shape already.</summary>
    public static Signal SeenAs(Tape tape, Signal input, Shape step)
    {
        if (input.Shape.Step == step)
            return input;
        var shape = Shape.Sequence(input.Shape[0], input.Shape[1], step);
        Signal output = input is Spikes spikes ? Regrouped(tape, spikes, shape) : tape.Floats(input).Reshaped(shape);
        output.NeedsGradient = input.NeedsGradient;
        tape.Record(new ViewNode(input, output));
        return output;
    }

    /// <summary>Spikes that were made as one row a step, and those of their support, in rows of another shape's last axis; nothing is recorded.</summary>
    public static Spikes InRows(Tape tape, Spikes flat, Shape shape) => flat.Shape == shape ? flat : Regrouped(tape, flat, shape);

    private static Spikes Regrouped(Tape tape, Spikes spikes, Shape shape)
    {
        Spikes? support = spikes.Support is null ? null : Spikes.In(tape.Arena, shape);
        if (support is not null)
            Regroup(tape, spikes.Support!.Bits, support.Bits, spikes.Shape, shape);
        var output = Spikes.In(tape.Arena, shape, spikes.Lengths, spikes.Scale, spikes.Values?.Reshaped(shape), spikes.IsSigned, support);
        Regroup(tape, spikes.Bits, output.Bits, spikes.Shape, shape);
        if (spikes.IsSigned)
            Regroup(tape, spikes.Negative, output.Negative, spikes.Shape, shape);
        return output;
    }

    private static void Regroup(Tape tape, ReadOnlySpan<ulong> bits, Span<ulong> to, Shape from, Shape shape) =>
        SpikeBits.Regroup(tape.Cpu, bits, to, shape[0] * shape[1], shape.Step.Count, from.Last, shape.Last);
}
