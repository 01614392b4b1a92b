using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn.Monitoring;
using Volley.Tensors;

namespace Volley.Nn.StateSpace;

/// <summary>A gated linear unit on a dense layer: p ⊙ σ(q), (p, q) = x·W + b (Dauphin et al. 2017). On spikes the product adds rows of W.</summary>
/// <remarks>What lies between product and gate is twice as wide as the output. It is computed in pieces that stay in the cache, and again in the backward pass where keeping
/// it would take more than 32 MiB.</remarks>
public sealed class GatedLinear : Module, ICausal
{
    private readonly int _inputs, _outputs;

    /// <param name="inputs">Size of the last axis that comes in.</param>
    /// <param name="outputs">Size of the last axis that goes out.</param>
    /// <param name="random">Draws the initial weights: U(−1/√inputs, 1/√inputs), biases too.</param>
    public GatedLinear(int inputs, int outputs, Rng random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        (_inputs, _outputs) = (inputs, outputs);
        Weight = new Parameter("weight", Initializer.FanIn.Matrix(inputs, 2 * outputs, random.Fork("weight")));
        Bias = new Parameter("bias", Initializer.FanIn.Bias(inputs, 2 * outputs, random.Fork("bias")));
        Parameters = [Weight, Bias];
    }

    public override string Kind => "glu";

    /// <summary>W [inputs, 2·outputs]: values first, then gates.</summary>
    public Parameter Weight { get; }

    /// <summary>b [2·outputs].</summary>
    public Parameter Bias { get; }

    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Whether the gradient of the input may be written over the input, which nothing else needs when this layer walks back.</summary>
    internal bool SpendsInput { get; init; }

    public override Shape OutputShape(Shape step)
    {
        CheckUnits(step.Last, _inputs);
        return step.WithLast(_outputs);
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        CheckUnits(input.Shape.Last, _inputs);
        var product = new MixedProduct(tape, input, 2 * _outputs);
        int rows = input.Shape.Rows, width = 2 * _outputs;
        var y = Tensor.In(tape.Arena, input.Shape.WithLast(_outputs), input.Lengths);
        y.NeedsGradient = true;
        bool keep = tape.Training && (long)rows * width <= RowChunks.KeptFloats;
        var chunks = new RowChunks(rows, width);
        var between = Tensor.In(tape.Arena, new Shape(keep ? rows : chunks.Size, width));
        for (int i = 0; i < chunks.Count; i++)
        {
            (int first, int count) = chunks[i];
            Span<float> p = between.RowsAt(keep ? first : 0, count);
            product.Multiply(tape.Cpu, first, count, Weight.Value.Data, Bias.Value.Data, p);
            Glu.Forward(tape.Cpu, p, y.RowsAt(first, count), count, _outputs);
        }
        tape.Record(new GatedNode(this, input, product, keep ? between : null, y));
        tape.Watcher?.Invoke(new SynapseCall(ToString(), tape, input, y, FanOut));
        return y;
    }

    private FanOut FanOut() => Monitoring.FanOut.Of(Weight.Value);

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Units, _inputs);
        return new GatedStage(this, input);
    }

    private sealed class GatedNode(GatedLinear layer, Signal input, MixedProduct product, Tensor? kept, Tensor y) : Node
    {
        public override void Backward(Tape tape)
        {
            if (y.Gradient is not { } dY)
                return;
            int rows = input.Shape.Rows, width = 2 * layer._outputs;
            var chunks = new RowChunks(rows, width);
            Tensor between = kept ?? Tensor.In(tape.Arena, new Shape(chunks.Size, width)), dBias = Tensor.In(tape.Arena, new Shape(width));
            dBias.Data.Clear();
            GradientTarget target = layer.SpendsInput && input is Tensor x ? tape.Target(input, spent: x) : tape.Target(input);
            for (int i = 0; i < chunks.Count; i++)
            {
                (int first, int count) = chunks[i];
                Span<float> p = between.RowsAt(kept is null ? 0 : first, count);
                if (kept is null)
                    product.Multiply(tape.Cpu, first, count, layer.Weight.Value.Data, layer.Bias.Value.Data, p);
                Glu.Backward(tape.Cpu, p, dY.RowsAt(first, count), p, count, layer._outputs);
                product.AddWeightGradient(tape.Cpu, first, count, p, layer.Weight.Gradient.Data);
                Reduce.ContinueColumnSums(tape.Cpu, p, dBias.Data, count, width);
                Gemm.Multiply(tape.Cpu, p, layer.Weight.Value.Data, target.Span.Slice(first * layer._inputs, count * layer._inputs), count, layer._inputs, width, transposeB: true);
            }
            Elementwise.Add(tape.Cpu, layer.Bias.Gradient.Data, dBias.Data, layer.Bias.Gradient.Data);
            if (input.NeedsGradient)
                target.Commit();
        }
    }

    private sealed class GatedStage(GatedLinear layer, StageInput input) : Stage(StepSignal.OfValues(layer._outputs))
    {
        private readonly float[] _between = new float[2 * layer._outputs];

        public override void Step()
        {
            StepSignal signal = input.Signal;
            ReadOnlySpan<float> weight = layer.Weight.Value.Data, bias = layer.Bias.Value.Data;
            if (signal.IsSpikes)
                SpikeGemm.Multiply(input.Cpu, new SpikeMatrix(signal.Bits, 1, signal.Units, signal.Scale), weight, _between, _between.Length, accumulate: false, bias);
            else
                Gemm.Multiply(input.Cpu, signal.Values, weight, _between, 1, _between.Length, layer._inputs, bias: bias);
            Glu.Forward(input.Cpu, _between, Output.Values, 1, layer._outputs);
        }
    }
}
