using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>Dropout of whole channels: in training a channel of a sample is dropped at all time steps or at none, with probability p, and what is left is scaled by
/// 1/(1 − p).</summary>
public sealed class TiedDropout : Module, ICausal
{
    private readonly float _probability;

    /// <param name="probability">p, from 0 to below 1.</param>
    public TiedDropout(float probability)
    {
        if (!(probability is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "The probability to drop must be at least 0 and below 1.");
        _probability = probability;
    }

    public override string Kind => "tied-dropout";

    public override Shape OutputShape(Shape step) => step;

    public override Signal Forward(Tape tape, Signal input)
    {
        if (!tape.Training || _probability == 0)
            return input;
        Tensor x = tape.Floats(input);
        int batch = x.Shape[0], units = x.Shape.Last;
        var factors = Tensor.In(tape.Arena, new Shape(batch, units));
        Rng random = tape.NextRandom();
        for (int b = 0; b < batch; b++)
        {
            Rng own = random.Fork(b);
            for (int c = 0; c < units; c++)
                factors.Data[b * units + c] = own.Uniform(c) < _probability ? 0 : 1 / (1 - _probability);
        }
        var y = Tensor.In(tape.Arena, x.Shape, x.Lengths);
        y.NeedsGradient = input.NeedsGradient;
        Scale(tape, x.Data, factors, y.Data, x.Shape);
        tape.Record(new TiedNode(input, factors, y));
        return y;
    }

    private static void Scale(Tape tape, ReadOnlySpan<float> x, Tensor factors, Span<float> y, Shape shape)
    {
        int units = shape.Last, size = shape.Count / Math.Max(1, shape[0]);
        var none = Tensor.In(tape.Arena, new Shape(units));
        none.Data.Clear();
        for (int b = 0; b < shape[0]; b++)
            Normalize.ScaleShift(tape.Cpu, x.Slice(b * size, size), factors.Data.Slice(b * units, units), none.Data, y.Slice(b * size, size), size / Math.Max(1, units), units);
    }

    Stage ICausal.OpenStage(StageInput input) => new PassStage(input.Signal);

    private sealed class TiedNode(Signal input, Tensor factors, Tensor y) : Node
    {
        public override void Backward(Tape tape)
        {
            if (y.Gradient is not { } dY || !input.NeedsGradient)
                return;
            GradientTarget target = tape.Target(input);
            Scale(tape, dY.Data, factors, target.Span, y.Shape);
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
