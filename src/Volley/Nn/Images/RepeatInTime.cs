using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>Every time step several times over: [B, T, …] → [B, T·times, …]. An image, a sequence of one step, becomes a sequence in which nothing moves.</summary>
/// <param name="times">How often each step is there.</param>
public sealed class RepeatInTime(int times) : Module, INonCausal
{
    private readonly int _times = times > 0 ? times : throw new ArgumentOutOfRangeException(nameof(times), times, "A step is there at least once.");

    public override string Kind => "repeat";

    /// <summary>How often each step is there.</summary>
    public int Times => _times;

    string INonCausal.Alternative => " It makes several steps of one; a stream of the layers behind it takes an image that is given to it again at every step.";

    public override Shape OutputShape(Shape step) => step;

    public override Signal Forward(Tape tape, Signal input)
    {
        if (_times == 1)
            return input;
        Tensor x = tape.Floats(input);
        int[]? lengths = input.Lengths is null ? null : [.. input.Lengths.Select(length => length * _times)];
        var y = Tensor.In(tape.Arena, Shape.Sequence(x.Shape[0], checked(x.Shape[1] * _times), x.Shape.Step), lengths);
        y.NeedsGradient = input.NeedsGradient;
        int size = x.Shape.Step.Count;
        for (int step = 0; step < y.Shape[0] * y.Shape[1]; step++)
            x.Data.Slice(step / _times * size, size).CopyTo(y.Data.Slice(step * size, size));
        tape.Record(new RepeatNode(input, y, _times));
        return y;
    }

    private sealed class RepeatNode(Signal input, Tensor y, int times) : Node
    {
        public override void Backward(Tape tape)
        {
            if (y.Gradient is not { } gradient || !input.NeedsGradient)
                return;
            GradientTarget target = tape.Target(input);
            int size = y.Shape.Step.Count;
            for (int step = 0; step < input.Shape[0] * input.Shape[1]; step++)
            {
                Span<float> sum = target.Span.Slice(step * size, size);
                gradient.Data.Slice(step * times * size, size).CopyTo(sum);
                for (int i = 1; i < times; i++)
                    Elementwise.Add(tape.Cpu, sum, gradient.Data.Slice((step * times + i) * size, size), sum);
            }
            target.Commit();
        }
    }
}
