using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn.Monitoring;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>All-to-all synapses: y[…, o] = Σᵢ x[…, i]·W[i, o] (+ b[o]).</summary>
/// <remarks>Spikes are multiplied event by event where that is faster; the bits of the result are the same either way.</remarks>
public sealed class Dense : Module, ICausal
{
    private readonly int _inputs, _outputs;

    /// <param name="inputs">Size of the last axis that comes in.</param>
    /// <param name="outputs">Size of the last axis that goes out.</param>
    /// <param name="random">Draws the initial weights.</param>
    /// <param name="bias">Whether each output has a bias, initially 0 unless <paramref name="initializer"/> says otherwise.</param>
    /// <param name="initializer">How weights are drawn; <see cref="Initializer.FanIn"/> when null.</param>
    /// <param name="biasDecays">Whether weight decay takes the bias too.</param>
    public Dense(int inputs, int outputs, Rng random, bool bias = true, Initializer? initializer = null, bool biasDecays = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        (_inputs, _outputs) = (inputs, outputs);
        initializer ??= Initializer.FanIn;
        Weight = new Parameter("weight", initializer.Matrix(inputs, outputs, random.Fork("weight")));
        Bias = bias ? new Parameter("bias", initializer.Bias(inputs, outputs, random.Fork("bias"))) { Decays = biasDecays } : null;
        Parameters = Bias is null ? [Weight] : [Weight, Bias];
    }

    public override string Kind => "dense";

    /// <summary>W [inputs, outputs]: the row of an input is what its spike adds.</summary>
    public Parameter Weight { get; }

    /// <summary>b [outputs], or null.</summary>
    public Parameter? Bias { get; }

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override Shape OutputShape(Shape step)
    {
        CheckUnits(step.Last, _inputs);
        return step.WithLast(_outputs);
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        CheckUnits(input.Shape.Last, _inputs);
        var y = Tensor.In(tape.Arena, input.Shape.WithLast(_outputs), input.Lengths);
        y.NeedsGradient = true;
        ReadOnlySpan<float> bias = Bias is null ? default : Bias.Value.Data;
        var spikes = input as Spikes;
        long fired = spikes is null ? 0 : spikes.Count();
        if (spikes is not null && SpikeGemm.PrefersEvents((double)fired / Math.Max(1, input.Shape.Count), _outputs))
        {
            SpikeGemm.Multiply(tape.Cpu, spikes.Matrix, Weight.Value.Data, y.Data, _outputs, accumulate: false, bias);
            tape.Record(new DenseNode(this, input, null, y));
        }
        else
        {
            Tensor x = tape.Floats(input);
            Gemm.Multiply(tape.Cpu, x.Data, Weight.Value.Data, y.Data, x.Shape.Rows, _outputs, _inputs, bias: bias);
            tape.Record(new DenseNode(this, input, x, y));
        }
        tape.Watcher?.Invoke(new SynapseCall(ToString(), tape, input, y, FanOut));
        return y;
    }

    private FanOut FanOut() => Monitoring.FanOut.Of(Weight.Value);

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Shape.Last, _inputs);
        return new DenseStage(this, input);
    }

    private sealed class DenseNode(Dense layer, Signal input, Tensor? floats, Tensor y) : Node
    {
        public override void Backward(Tape tape)
        {
            if (y.Gradient is not { } gradient)
                return;
            ReadOnlySpan<float> dY = gradient.Data;
            int rows = y.Shape.Rows;
            if (floats is null)
                SpikeGemm.WeightGradient(tape.Cpu, ((Spikes)input).Matrix, dY, layer.Weight.Gradient.Data, layer._outputs);
            else
                Gemm.Multiply(tape.Cpu, floats.Data, dY, layer.Weight.Gradient.Data, layer._inputs, layer._outputs, rows, transposeA: true, accumulate: true);
            if (layer.Bias is { } bias)
                Reduce.AddColumnSums(tape.Cpu, dY, bias.Gradient.Data, rows, layer._outputs);
            if (!input.NeedsGradient)
                return;
            GradientTarget target = tape.Target(input);
            ReadOnlySpan<float> weight = layer.Weight.Value.Data;
            if (input is Spikes { Support: { } support } && SpikeGemm.PrefersSupport((double)support.Count() / Math.Max(1, input.Shape.Count), layer._outputs))
                SpikeGemm.InputGradient(tape.Cpu, dY, weight, support.Bits, target.Span, rows, layer._inputs, layer._outputs);
            else
                Gemm.Multiply(tape.Cpu, dY, weight, target.Span, rows, layer._inputs, layer._outputs, transposeB: true);
            target.Commit();
        }
    }

    private sealed class DenseStage(Dense layer, StageInput input) : Stage(StepSignal.OfValues(input.Signal.Shape.WithLast(layer._outputs)))
    {
        public override void Step()
        {
            StepSignal signal = input.Signal;
            ReadOnlySpan<float> weight = layer.Weight.Value.Data, bias = layer.Bias is null ? default : layer.Bias.Value.Data;
            if (signal.IsSpikes)
                SpikeGemm.Multiply(input.Cpu, new SpikeMatrix(signal.Bits, signal.Shape.Rows, layer._inputs, signal.Scale), weight, Output.Values, layer._outputs, accumulate: false, bias);
            else
                Gemm.Multiply(input.Cpu, signal.Values, weight, Output.Values, signal.Shape.Rows, layer._outputs, layer._inputs, bias: bias);
        }
    }
}
