using Volley.Autograd;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>GELU, exact: x·Φ(x) (Hendrycks and Gimpel 2016).</summary>
public sealed class Gelu : Module, ICausal
{
    public override string Kind => "gelu";

    public override Shape OutputShape(Shape step) => step;

    public override Signal Forward(Tape tape, Signal input)
    {
        Tensor x = tape.Floats(input);
        var y = Tensor.In(tape.Arena, x.Shape, x.Lengths);
        y.NeedsGradient = input.NeedsGradient;
        Kernels.Gelu.Forward(tape.Cpu, x.Data, y.Data);
        tape.Record(new GeluNode(input, x, y));
        return y;
    }

    Stage ICausal.OpenStage(StageInput input) => new GeluStage(input);

    private sealed class GeluNode(Signal input, Tensor x, Tensor y) : Node
    {
        public override void Backward(Tape tape)
        {
            if (y.Gradient is not { } dY || !input.NeedsGradient)
                return;
            GradientTarget target = tape.Target(input, spent: dY);
            Kernels.Gelu.Backward(tape.Cpu, x.Data, dY.Data, target.Span);
            target.Commit();
        }
    }

    private sealed class GeluStage(StageInput input) : Stage(StepSignal.OfValues(input.Signal.Shape))
    {
        private readonly float[] _x = new float[input.Signal.Units];

        public override void Step() => Kernels.Gelu.Forward(input.Cpu, input.Signal.Floats(_x), Output.Values);
    }
}
