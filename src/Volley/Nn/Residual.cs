using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>x + inner(x), or shortcut(x) + inner(x).</summary>
/// <remarks>Spikes are added as numbers: the sum of two spikes is 2 (SEW with ADD, Fang et al. 2021).</remarks>
/// <param name="inner">The branch.</param>
/// <param name="shortcut">What stands in place of x, where the branch changes the shape; null for x itself.</param>
public sealed class Residual(Module inner, Module? shortcut = null) : Module, ICausal
{
    public override string Kind => "residual";

    public override IReadOnlyList<(string Name, Module Module)> Children { get; } = shortcut is null ? [("inner", inner)] : [("inner", inner), ("shortcut", shortcut)];

    public override Signal Forward(Tape tape, Signal input)
    {
        Signal branch = inner.Forward(tape, input), straight = shortcut is null ? input : shortcut.Forward(tape, input);
        if (branch.Shape != straight.Shape)
            throw new ArgumentException($"Layer {this} cannot add a branch of shape {branch.Shape} to an input of shape {straight.Shape}.");
        Tensor a = tape.Floats(straight), b = tape.Floats(branch);
        var sum = Tensor.In(tape.Arena, straight.Shape, straight.Lengths);
        sum.NeedsGradient = straight.NeedsGradient || branch.NeedsGradient;
        Elementwise.Add(tape.Cpu, a.Data, b.Data, sum.Data);
        tape.Record(new AddNode(straight, branch, sum));
        return sum;
    }

    public override Shape OutputShape(Shape step)
    {
        Shape branch = inner.OutputShape(step), straight = shortcut is null ? step : shortcut.OutputShape(step);
        return branch == straight ? branch : throw new ArgumentException($"Layer {this} cannot add steps of shape {branch} to steps of shape {straight}.");
    }

    Stage ICausal.OpenStage(StageInput input) =>
        new ResidualStage(input.Cpu, input.Signal, Stage.Open(inner, input), shortcut is null ? null : Stage.Open(shortcut, input));

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

    private sealed class ResidualStage(Cpu cpu, StepSignal input, Stage branch, Stage? straight) : Stage(StepSignal.OfValues(branch.Output.Shape))
    {
        private readonly float[] _a = new float[branch.Output.Units], _b = new float[branch.Output.Units];

        public override void Step()
        {
            branch.Step();
            straight?.Step();
            Elementwise.Add(cpu, (straight?.Output ?? input).Floats(_a), branch.Output.Floats(_b), Output.Values);
        }

        public override IEnumerable<Memory<float>> State => straight is null ? branch.State : branch.State.Concat(straight.State);

        public override IEnumerable<StepSignal> Fired => straight is null ? branch.Fired : branch.Fired.Concat(straight.Fired);
    }
}
