using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>x + inner(x).</summary>
/// <remarks>Spikes are added as numbers: the sum of two spikes is 2.</remarks>
public sealed class Residual(Module inner) : Module, ICausal
{
    public override string Kind => "residual";

    public override IReadOnlyList<(string Name, Module Module)> Children { get; } = [("inner", inner)];

    public override Signal Forward(Tape tape, Signal input)
    {
        Signal branch = inner.Forward(tape, input);
        if (branch.Shape != input.Shape)
            throw new ArgumentException($"Layer {this} cannot add a branch of shape {branch.Shape} to an input of shape {input.Shape}.");
        Tensor a = tape.Floats(input), b = tape.Floats(branch);
        var sum = Tensor.In(tape.Arena, input.Shape, input.Lengths);
        sum.NeedsGradient = input.NeedsGradient || branch.NeedsGradient;
        Elementwise.Add(tape.Cpu, a.Data, b.Data, sum.Data);
        tape.Record(new AddNode(input, branch, sum));
        return sum;
    }

    public override Shape OutputShape(Shape step)
    {
        Shape branch = inner.OutputShape(step);
        return branch == step ? step : throw new ArgumentException($"Layer {this} cannot add steps of shape {branch} to steps of shape {step}.");
    }

    Stage ICausal.OpenStage(StageInput input) => new ResidualStage(input.Cpu, input.Signal, Stage.Open(inner, input));

    private sealed class AddNode(Signal a, Signal b, Tensor sum) : Node
    {
        public override void Backward(Tape tape)
        {
            if (sum.Gradient is not { } dSum)
                return;
            foreach (Signal addend in (ReadOnlySpan<Signal>)[a, b])
            {
                if (!addend.NeedsGradient)
                    continue;
                GradientTarget target = tape.Target(addend);
                dSum.Data.CopyTo(target.Span);
                target.Commit();
            }
        }
    }

    private sealed class ResidualStage(Cpu cpu, StepSignal input, Stage branch) : Stage(StepSignal.OfValues(input.Shape))
    {
        private readonly float[] _a = new float[input.Units], _b = new float[input.Units];

        public override void Step()
        {
            branch.Step();
            Elementwise.Add(cpu, input.Floats(_a), branch.Output.Floats(_b), Output.Values);
        }

        public override IEnumerable<Memory<float>> State => branch.State;

        public override IEnumerable<StepSignal> Fired => branch.Fired;
    }
}
