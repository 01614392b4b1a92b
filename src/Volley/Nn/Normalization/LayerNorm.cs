using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>Normalises each row over its last axis: γ·(x − mean)/√(variance + ε) + β (Ba, Kiros and Hinton 2016).</summary>
public sealed class LayerNorm : Module, ICausal
{
    private readonly int _channels;
    private readonly float _epsilon;
    private readonly Parameter _gamma, _beta;

    /// <param name="channels">Size of the last axis.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="decays">Whether weight decay takes γ and β too.</param>
    public LayerNorm(int channels, float epsilon = 1e-5f, bool decays = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        (_channels, _epsilon) = (channels, epsilon);
        _gamma = new Parameter("gamma", Tensor.Zeros(new Shape(channels))) { Decays = decays };
        _gamma.Value.Data.Fill(1);
        _beta = new Parameter("beta", Tensor.Zeros(new Shape(channels))) { Decays = decays };
        Parameters = [_gamma, _beta];
    }

    public override string Kind => "layer-norm";

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override Shape OutputShape(Shape step)
    {
        CheckUnits(step.Last, _channels);
        return step;
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        CheckUnits(input.Shape.Last, _channels);
        Tensor x = tape.Floats(input);
        int rows = x.Shape.Rows;
        var y = Tensor.In(tape.Arena, x.Shape, x.Lengths);
        y.NeedsGradient = true;
        var statistics = Tensor.In(tape.Arena, new Shape(2, rows));
        Normalize.LayerForward(tape.Cpu, x.Data, _gamma.Value.Data, _beta.Value.Data, _epsilon, y.Data, statistics.Data[..rows], statistics.Data[rows..], rows, _channels);
        tape.Record(new LayerNormNode(this, input, x, statistics, y));
        return y;
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Shape.Last, _channels);
        return new LayerNormStage(this, input);
    }

    private sealed class LayerNormNode(LayerNorm layer, Signal input, Tensor x, Tensor statistics, Tensor y) : Node
    {
        public override void Backward(Tape tape)
        {
            if (y.Gradient is not { } dY)
                return;
            int rows = x.Shape.Rows;
            GradientTarget target = tape.Target(input, spent: dY);
            Normalize.LayerBackward(tape.Cpu, dY.Data, x.Data, layer._gamma.Value.Data, statistics.Data[..rows], statistics.Data[rows..], target.Span,
                layer._gamma.Gradient.Data, layer._beta.Gradient.Data, rows, layer._channels);
            if (input.NeedsGradient)
                target.Commit();
        }
    }

    private sealed class LayerNormStage(LayerNorm layer, StageInput input) : Stage(StepSignal.OfValues(input.Signal.Shape))
    {
        private readonly float[] _x = new float[input.Signal.Units], _mean = new float[input.Signal.Shape.Rows], _inverse = new float[input.Signal.Shape.Rows];

        public override void Step() => Normalize.LayerForward(input.Cpu, input.Signal.Floats(_x), layer._gamma.Value.Data, layer._beta.Value.Data,
            layer._epsilon, Output.Values, _mean, _inverse, _mean.Length, layer._channels);
    }
}
