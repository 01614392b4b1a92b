using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>A learned number for every time step, added to all of it: y[b, t, …] = x[b, t, …] + p[t]. Steps of a repeated image differ by it
/// (the released SEW-ResNets with PSN, Fang et al. 2023).</summary>
public sealed class StepOffset : Module, ICausal
{
    private readonly Parameter _offset;

    /// <param name="steps">T; sequences of another length are refused.</param>
    /// <param name="random">Draws p from N(0, 0.02²), cut off at ±2.</param>
    public StepOffset(int steps, Rng random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        _offset = new Parameter("offset", Tensor.Zeros(new Shape(steps))) { Decays = false };
        for (int t = 0; t < steps; t++)
            _offset.Value.Data[t] = (float)Math.Clamp(0.02 * random.Normal(t), -2, 2);
        Parameters = [_offset];
    }

    public override string Kind => "step-offset";

    public override IReadOnlyList<Parameter> Parameters { get; }

    private int Steps => _offset.Value.Shape[0];

    public override Shape OutputShape(Shape step) => step;

    public override Signal Forward(Tape tape, Signal input)
    {
        if (input.Shape[1] != Steps)
            throw new ArgumentException($"Layer {this} has offsets for sequences of {Steps} steps and got one of {input.Shape[1]}.");
        Tensor x = tape.Floats(input);
        var y = Tensor.In(tape.Arena, x.Shape, x.Lengths);
        y.NeedsGradient = true;
        int size = x.Shape.Step.Count;
        for (int b = 0; b < x.Shape[0]; b++)
        {
            int length = x.Lengths is { } lengths ? lengths[b] : Steps;
            for (int t = 0; t < Steps; t++)
            {
                Span<float> to = y.Data.Slice((b * Steps + t) * size, size);
                if (t < length)
                    Elementwise.Shift(tape.Cpu, x.Data.Slice((b * Steps + t) * size, size), _offset.Value.Data[t], to);
                else
                    to.Clear();
            }
        }
        tape.Record(new OffsetNode(this, input, y));
        return y;
    }

    Stage ICausal.OpenStage(StageInput input) => new OffsetStage(this, input);

    private sealed class OffsetNode(StepOffset layer, Signal input, Tensor y) : Node
    {
        public override void Backward(Tape tape)
        {
            if (y.Gradient is not { } gradient)
                return;
            int size = y.Shape.Step.Count;
            for (int b = 0; b < y.Shape[0]; b++)
            {
                int length = y.Lengths is { } lengths ? lengths[b] : layer.Steps;
                for (int t = 0; t < length; t++)
                    layer._offset.Gradient.Data[t] += (float)Reduce.Sum(tape.Cpu, gradient.Data.Slice((b * layer.Steps + t) * size, size));
                gradient.Data.Slice((b * layer.Steps + length) * size, (layer.Steps - length) * size).Clear();
            }
            if (input.NeedsGradient)
                tape.Target(input, spent: gradient).Commit();
        }
    }

    private sealed class OffsetStage(StepOffset layer, StageInput input) : Stage(StepSignal.OfValues(input.Signal.Shape))
    {
        private readonly float[] _x = new float[input.Signal.Units], _taken = new float[1];

        public override void Step()
        {
            int step = (int)_taken[0]++;
            if (step >= layer.Steps)
                throw new InvalidOperationException($"Layer {layer} has offsets for {layer.Steps} steps and cannot take another; clear the stream.");
            Elementwise.Shift(input.Cpu, input.Signal.Floats(_x), layer._offset.Value.Data[step], Output.Values);
        }

        public override IEnumerable<Memory<float>> State => [_taken];
    }
}
