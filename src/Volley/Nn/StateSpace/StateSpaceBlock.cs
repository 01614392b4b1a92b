using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn.StateSpace;

/// <summary>A residual block of a deep state-space network: x + drop(layer(norm(x))), or norm(x + drop(layer(x))) with the norm behind.</summary>
/// <remarks>Dropout is tied over time. A residual of <see cref="Residual"/> would keep five tensors of the input's size; this one writes the sum over the branch and hands
/// its gradient on without a copy.</remarks>
public sealed class StateSpaceBlock : Module, ICausal
{
    private readonly S4D _layer;
    private readonly Module? _norm;
    private readonly TiedDropout? _dropout;

    /// <param name="layer">Keeps the number of units.</param>
    /// <param name="norm">Of as many units, or null for none.</param>
    /// <param name="normFirst">True to normalise what goes into the layer, false for the sum.</param>
    /// <param name="dropout">Probability that a channel of the branch is dropped for a whole sequence, in training.</param>
    public StateSpaceBlock(S4D layer, Module? norm, bool normFirst, float dropout = 0)
    {
        (_layer, _norm, NormFirst) = (layer, norm, normFirst);
        _dropout = dropout > 0 ? new TiedDropout(dropout) : null;
        var children = new List<(string, Module)> { ("layer", layer) };
        if (norm is not null)
            children.Add(("norm", norm));
        if (_dropout is not null)
            children.Add(("dropout", _dropout));
        Children = children;
    }

    public override string Kind => "state-space-block";

    public override IReadOnlyList<(string Name, Module Module)> Children { get; }

    /// <summary>Whether the norm stands before the layer, not behind the sum.</summary>
    public bool NormFirst { get; }

    public override Shape OutputShape(Shape step)
    {
        Shape branch = _layer.OutputShape(_norm?.OutputShape(step) ?? step);
        return branch == step ? step : throw new ArgumentException($"Layer {this} cannot add steps of shape {branch} to steps of shape {step}.");
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        Signal branch = _layer.Forward(tape, _norm is not null && NormFirst ? _norm.Forward(tape, input) : input);
        branch = _dropout?.Forward(tape, branch) ?? branch;
        Tensor x = tape.Floats(input), b = tape.Floats(branch), sum = b.Alias();
        sum.NeedsGradient = true;
        Elementwise.Add(tape.Cpu, x.Data, b.Data, sum.Data);
        tape.Record(new SumNode(input, branch, sum, _layer.SpendsGradient && _dropout is null));
        return _norm is not null && !NormFirst ? _norm.Forward(tape, sum) : sum;
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        Stage? before = _norm is not null && NormFirst ? Stage.Open(_norm, input) : null;
        Stage layer = Stage.Open(_layer, input with { Signal = before?.Output ?? input.Signal });
        var sum = new SumStage(input.Cpu, input.Signal, before, layer);
        if (_norm is null || NormFirst)
            return sum;
        return new BehindStage(sum, Stage.Open(_norm, input with { Signal = sum.Output }));
    }

    private sealed class SumNode(Signal input, Signal branch, Tensor sum, bool spends) : Node
    {
        public override void Backward(Tape tape)
        {
            if (sum.Gradient is not { } dSum)
                return;
            tape.Target(branch, spent: dSum).Commit();
            if (!input.NeedsGradient)
                return;
            // The branch has read the gradient by the time that its own part is added to it.
            if (!spends)
            {
                tape.Target(input, spent: dSum).Commit();
                return;
            }
            GradientTarget target = tape.Target(input);
            dSum.Data.CopyTo(target.Span);
            target.Commit();
        }
    }

    private sealed class SumStage(Cpu cpu, StepSignal input, Stage? before, Stage layer) : Stage(StepSignal.OfValues(input.Shape))
    {
        private readonly float[] _a = new float[input.Units], _b = new float[input.Units];

        public override void Step()
        {
            before?.Step();
            layer.Step();
            Elementwise.Add(cpu, input.Floats(_a), layer.Output.Floats(_b), Output.Values);
        }

        public override IEnumerable<Memory<float>> State => [.. before?.State ?? [], .. layer.State];

        public override IEnumerable<StepSignal> Fired => layer.Fired;
    }

    private sealed class BehindStage(Stage sum, Stage norm) : Stage(norm.Output)
    {
        public override void Step()
        {
            sum.Step();
            norm.Step();
        }

        public override IEnumerable<Memory<float>> State => [.. sum.State, .. norm.State];

        public override IEnumerable<StepSignal> Fired => sum.Fired;
    }
}
