using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn.Monitoring;
using Volley.Tensors;

namespace Volley.Nn.StateSpace;

/// <summary>The gated spiking unit (Stan and Rhodes 2024): GELU(LayerNorm(p ⊙ g)) with p = q(y)·W + b and g = y·q(W), one W in both, q ternary.</summary>
/// <remarks>
/// Both products are additions: of rows of W for the ternary activations q(y), of activations for the ternary weights q(W). q thresholds at 0.15 times the largest size in
/// the row of y, or in W; gradients go through these maxima too. What lies between is computed in pieces, and again in the backward pass where keeping it would take more
/// than 32 MiB.
/// </remarks>
public sealed class GatedSpikingUnit : Module, ICausal
{
    private const float Fraction = 0.15f, Epsilon = 1e-5f;
    private readonly int _units;
    private readonly Parameter _weight, _bias, _gamma, _beta;

    /// <param name="units">H.</param>
    /// <param name="random">Draws W from U(−1/√H, 1/√H) and b from N(0, 1).</param>
    /// <param name="surrogate">Stands in for the derivative of Θ; the fast sigmoid of steepness 25 when null.</param>
    public GatedSpikingUnit(int units, Rng random, ISurrogate? surrogate = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units);
        _units = units;
        Surrogate = surrogate ?? new FastSigmoid(25);
        _weight = new Parameter("weight", Initializer.FanIn.Matrix(units, units, random.Fork("weight")));
        _bias = new Parameter("bias", Tensor.Zeros(new Shape(units)));
        Rng biases = random.Fork("bias");
        for (int i = 0; i < units; i++)
            _bias.Value.Data[i] = biases.Normal(i);
        _gamma = new Parameter("gamma", Tensor.Zeros(new Shape(units)));
        _gamma.Value.Data.Fill(1);
        _beta = new Parameter("beta", Tensor.Zeros(new Shape(units)));
        Parameters = [_weight, _bias, _gamma, _beta];
    }

    public override string Kind => "gsu";

    /// <summary>Stands in for the derivative of Θ.</summary>
    public ISurrogate Surrogate { get; }

    /// <summary>W [H, H], b [H], and γ and β [H] of the normalisation.</summary>
    public override IReadOnlyList<Parameter> Parameters { get; }

    public override Shape OutputShape(Shape step)
    {
        CheckUnits(step.Last, _units);
        return step;
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        CheckUnits(input.Shape.Last, _units);
        Tensor y = tape.Floats(input);
        int rows = y.Shape.Rows;
        var output = Tensor.In(tape.Arena, y.Shape, y.Lengths);
        output.NeedsGradient = true;
        var ternary = Spikes.In(tape.Arena, y.Shape, y.Lengths, withSigns: true);
        ternary.NeedsGradient = true;
        Ternary.Forward(tape.Cpu, y.Data, Fraction, ternary.Bits, ternary.Negative, rows, _units);
        Padding.ClearBits(ternary);
        tape.Observe(ToString(), ternary);

        var pass = new Pass
        {
            Layer = this,
            Input = input,
            Y = y,
            Output = output,
            Product = new MixedProduct(tape, ternary, _units),
            Weights = Tensor.In(tape.Arena, new Shape(_units, _units)),
            Statistics = Tensor.In(tape.Arena, new Shape(2, rows)),
            Chunks = new RowChunks(rows, 2 * _units),
            Keeps = tape.Training && 2L * rows * _units <= RowChunks.KeptFloats,
        };
        var signs = Spikes.In(tape.Arena, new Shape(1, _units * _units), withSigns: true);
        TernaryWeights(tape.Cpu, pass.Weights.Data, signs.Bits, signs.Negative);
        int kept = pass.Keeps ? rows : pass.Chunks.Size;
        pass.P = Tensor.In(tape.Arena, new Shape(kept, _units));
        pass.G = Tensor.In(tape.Arena, new Shape(kept, _units));
        for (int i = 0; i < pass.Chunks.Count; i++)
        {
            (int first, int count) = pass.Chunks[i];
            Span<float> to = output.RowsAt(first, count);
            pass.Products(tape, first, count, out Span<float> p, out Span<float> g);
            Normalize.GatedForward(tape.Cpu, p, g, _gamma.Value.Data, _beta.Value.Data, Epsilon, to, pass.Statistics.Data.Slice(first, count), pass.Statistics.Data.Slice(rows + first, count), count, _units);
        }
        if (tape.Watcher is { } watcher)
            Tell(watcher, tape, y, ternary, pass.Weights);
        tape.Record(new GatedSpikingNode(pass));
        return output;
    }

    /// <summary>Tells those who watch the pass of its threshold and of its two products.</summary>
    private void Tell(Action<LayerCall> watcher, Tape tape, Tensor y, Spikes ternary, Tensor ternaryWeights)
    {
        watcher(new ThresholdCall(this, tape, y, null));
        watcher(new SynapseCall(ToString(), tape, ternary, null, () => FanOut.Of(_weight.Value)));
        watcher(new SynapseCall(ToString(), tape, y, null, () => FanOuts.OfNoWeights(ternaryWeights.Data, _units)) { Part = "gate" });
    }

    /// <summary>q(W) as floats.</summary>
    private void TernaryWeights(Cpu cpu, Span<float> weights, Span<ulong> bits, Span<ulong> negative)
    {
        Ternary.Forward(cpu, _weight.Value.Data, Fraction, bits, negative, 1, weights.Length);
        SpikeBits.Expand(cpu, new SpikeMatrix(bits, 1, weights.Length, 1, default, negative), weights);
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Units, _units);
        return new GatedSpikingStage(this, input);
    }

    /// <summary>What one pass shares with its way back.</summary>
    private sealed class Pass
    {
        public required GatedSpikingUnit Layer { get; init; }
        public required Signal Input { get; init; }
        public required Tensor Y { get; init; }
        public required Tensor Output { get; init; }
        public required MixedProduct Product { get; init; }
        public required Tensor Weights { get; init; }
        public required Tensor Statistics { get; init; }
        public required RowChunks Chunks { get; init; }
        public required bool Keeps { get; init; }
        public Tensor P { get; set; } = null!;
        public Tensor G { get; set; } = null!;

        /// <summary>p and g of some rows, where they are kept or in the place of one piece.</summary>
        public void Products(Tape tape, int first, int count, out Span<float> p, out Span<float> g, bool known = false)
        {
            int n = Layer._units;
            p = P.RowsAt(Keeps ? first : 0, count);
            g = G.RowsAt(Keeps ? first : 0, count);
            if (known)
                return;
            Product.Multiply(tape.Cpu, first, count, Layer._weight.Value.Data, Layer._bias.Value.Data, p);
            Gemm.Multiply(tape.Cpu, Y.RowsAt(first, count), Weights.Data, g, count, n, n);
        }
    }

    private sealed class GatedSpikingNode(Pass pass) : Node
    {
        public override void Backward(Tape tape)
        {
            if (pass.Output.Gradient is not { } dOutput)
                return;
            GatedSpikingUnit layer = pass.Layer;
            Cpu cpu = tape.Cpu;
            int n = layer._units, rows = pass.Y.Shape.Rows;
            ReadOnlySpan<float> weight = layer._weight.Value.Data, gamma = layer._gamma.Value.Data;
            Tensor product = Tensor.In(tape.Arena, new Shape(pass.Chunks.Size, n)), slope = Tensor.In(tape.Arena, new Shape(pass.Chunks.Size, n));
            Tensor dBias = Tensor.In(tape.Arena, new Shape(n)), dTernaryWeights = Tensor.In(tape.Arena, new Shape(n, n));
            dBias.Data.Clear();
            dTernaryWeights.Data.Clear();
            GradientTarget target = tape.Target(pass.Input);
            for (int i = 0; i < pass.Chunks.Count; i++)
            {
                (int first, int count) = pass.Chunks[i];
                pass.Products(tape, first, count, out Span<float> p, out Span<float> g, known: pass.Keeps);
                Span<float> v = product.RowsAt(0, count), dNorm = slope.RowsAt(0, count), y = pass.Y.RowsAt(first, count), dY = target.Span.Slice(first * n, count * n);
                Span<float> mean = pass.Statistics.Data.Slice(first, count), inverse = pass.Statistics.Data.Slice(rows + first, count);
                Normalize.GatedBackward(cpu, dOutput.RowsAt(first, count), p, g, gamma, layer._beta.Value.Data, mean, inverse, v, dNorm, layer._gamma.Gradient.Data,
                    layer._beta.Gradient.Data, count, n);
                Span<float> dP = g, dG = p;
                Reduce.ContinueColumnSums(cpu, dP, dBias.Data, count, n);
                pass.Product.AddWeightGradient(cpu, first, count, dP, layer._weight.Gradient.Data);
                Gemm.Multiply(cpu, y, dG, dTernaryWeights.Data, n, n, count, transposeA: true, accumulate: true);
                Gemm.Multiply(cpu, dG, pass.Weights.Data, dY, count, n, n, transposeB: true);
                Gemm.Multiply(cpu, dP, weight, v, count, n, n, transposeB: true);
                Ternary.Backward(cpu, y, Fraction, v, layer.Surrogate, dY, count, n);
            }
            Elementwise.Add(cpu, layer._bias.Gradient.Data, dBias.Data, layer._bias.Gradient.Data);
            Ternary.Backward(cpu, weight, Fraction, dTernaryWeights.Data, layer.Surrogate, layer._weight.Gradient.Data, 1, n * n);
            if (pass.Input.NeedsGradient)
                target.Commit();
        }
    }

    private sealed class GatedSpikingStage : Stage
    {
        private readonly GatedSpikingUnit _layer;
        private readonly StageInput _input;
        private readonly float[] _y, _weights, _p, _mean = new float[1], _inverse = new float[1];
        private readonly ulong[] _negative;
        private readonly StepSignal _ternary;

        public GatedSpikingStage(GatedSpikingUnit layer, StageInput input) : base(StepSignal.OfValues(layer._units))
        {
            (_layer, _input) = (layer, input);
            int n = layer._units;
            (_y, _p, _weights) = (new float[n], new float[n], new float[n * n]);
            _ternary = StepSignal.OfSpikes(n);
            _negative = new ulong[_ternary.Bits.Length];
            int words = SpikeBits.WordsPerRow(n * n);
            layer.TernaryWeights(input.Cpu, _weights, new ulong[words], new ulong[words]);
        }

        public override void Step()
        {
            Cpu cpu = _input.Cpu;
            int n = _y.Length;
            ReadOnlySpan<float> y = _input.Signal.Floats(_y);
            Ternary.Forward(cpu, y, Fraction, _ternary.Bits, _negative, 1, n);
            SpikeGemm.Multiply(cpu, new SpikeMatrix(_ternary.Bits, 1, n, 1, default, _negative), _layer._weight.Value.Data, _p, n, accumulate: false, _layer._bias.Value.Data);
            Span<float> to = Output.Values;
            Gemm.Multiply(cpu, y, _weights, to, 1, n, n);
            Normalize.GatedForward(cpu, _p, to, _layer._gamma.Value.Data, _layer._beta.Value.Data, Epsilon, to, _mean, _inverse, 1, n);
        }

        public override IEnumerable<StepSignal> Fired => [_ternary];
    }
}
