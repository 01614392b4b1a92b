using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>Batch normalisation of each channel over batch and time: γ·(x − mean)/√(variance + ε) + β (Ioffe and Szegedy 2015).</summary>
/// <remarks>Training uses the statistics of the batch, padding left out; evaluation and streams use running estimates, which start from the first batch
/// seen rather than from mean 0 and variance 1, so that early evaluations mean something. The output is <see cref="Scaled"/>: what reads it computes it.</remarks>
public sealed class BatchNorm : Module, ICausal
{
    private readonly int _channels;
    private readonly float _momentum, _epsilon;
    private readonly Parameter _gamma, _beta;
    private readonly Tensor _mean, _variance, _batches;

    /// <param name="channels">Size of the last axis.</param>
    /// <param name="momentum">Weight of the newest batch in the running estimates: 0.1 in PyTorch, 0.05 in sparch.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="decays">Whether weight decay takes γ and β too.</param>
    public BatchNorm(int channels, float momentum = 0.1f, float epsilon = 1e-5f, bool decays = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        (_channels, _momentum, _epsilon) = (channels, momentum, epsilon);
        _gamma = new Parameter("gamma", Tensor.Zeros(new Shape(channels))) { Decays = decays };
        _gamma.Value.Data.Fill(1);
        _beta = new Parameter("beta", Tensor.Zeros(new Shape(channels))) { Decays = decays };
        _mean = Tensor.Zeros(new Shape(channels));
        _variance = Tensor.Zeros(new Shape(channels));
        _variance.Data.Fill(1);
        _batches = Tensor.Zeros(new Shape(1));
        Parameters = [_gamma, _beta];
        Buffers = [new NamedTensor("mean", _mean), new NamedTensor("variance", _variance), new NamedTensor("batches", _batches)];
    }

    public override string Kind => "batch-norm";

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override IReadOnlyList<NamedTensor> Buffers { get; }

    public override Shape OutputShape(Shape step)
    {
        CheckUnits(step.Last, _channels);
        return step;
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        CheckUnits(input.Shape.Last, _channels);
        Tensor x = tape.Floats(input);
        var scaleShift = Tensor.In(tape.Arena, new Shape(2, _channels));
        Span<float> scale = scaleShift.Data[.._channels], shift = scaleShift.Data[_channels..];
        var y = new Scaled(x, scaleShift) { NeedsGradient = true };
        if (!tape.Training)
        {
            Fold(scale, shift);
            return y;
        }
        var statistics = Tensor.In(tape.Arena, new Shape(2, _channels));
        Span<float> mean = statistics.Data[.._channels], variance = statistics.Data[_channels..];
        int batch = x.Shape[0], rows = x.Shape.Rows / Math.Max(1, batch);
        int count = Normalize.BatchStatistics(tape.Cpu, x.Data, RowsThatCount(tape, x), mean, variance, batch, rows, _channels);
        Normalize.UpdateRunning(mean, variance, count, _batches.Data[0] == 0 ? 1 : _momentum, _mean.Data, _variance.Data);
        if (count > 0)
            _batches.Data[0] = Math.Min(_batches.Data[0] + 1, 1 << 24);
        Normalize.FoldBatchNorm(mean, variance, _gamma.Value.Data, _beta.Value.Data, _epsilon, scale, shift);
        tape.Record(new BatchNormNode(this, input, x, statistics, y));
        return y;
    }

    /// <summary>Rows of each sample that count: its steps, times the places of an image in each.</summary>
    private static ReadOnlySpan<int> RowsThatCount(Tape tape, Tensor x)
    {
        if (x.Lengths is null || x.Shape.Rank <= 3)
            return x.Lengths;
        int places = x.Shape.Step.Rows;
        Span<int> rows = tape.Arena.Take((nint)x.Lengths.Length * sizeof(int)).View<int>(x.Lengths.Length);
        for (int b = 0; b < rows.Length; b++)
            rows[b] = x.Lengths[b] * places;
        return rows;
    }

    private void Fold(Span<float> scale, Span<float> shift) =>
        Normalize.FoldBatchNorm(_mean.Data, _variance.Data, _gamma.Value.Data, _beta.Value.Data, _epsilon, scale, shift);

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Shape.Last, _channels);
        return new BatchNormStage(this, input);
    }

    private sealed class BatchNormNode(BatchNorm layer, Signal input, Tensor x, Tensor statistics, Scaled y) : Node
    {
        public override void Backward(Tape tape)
        {
            if (y.Gradient is not { } dY)
                return;
            int channels = layer._channels, batch = x.Shape[0], rows = x.Shape.Rows / Math.Max(1, batch);
            GradientTarget target = tape.Target(input, spent: dY);
            Normalize.BatchBackward(tape.Cpu, dY.Data, x.Data, RowsThatCount(tape, x), statistics.Data[..channels], statistics.Data[channels..], layer._gamma.Value.Data,
                layer._epsilon, target.Span, layer._gamma.Gradient.Data, layer._beta.Gradient.Data, batch, rows, channels);
            if (input.NeedsGradient)
                target.Commit();
        }
    }

    private sealed class BatchNormStage : Stage
    {
        private readonly StageInput _input;
        private readonly float[] _scale, _shift, _x;

        public BatchNormStage(BatchNorm layer, StageInput input) : base(StepSignal.OfValues(input.Signal.Shape))
        {
            _input = input;
            (_scale, _shift, _x) = (new float[layer._channels], new float[layer._channels], new float[input.Signal.Units]);
            layer.Fold(_scale, _shift);
        }

        public override void Step() => Normalize.ScaleShift(_input.Cpu, _input.Signal.Floats(_x), _scale, _shift, Output.Values, Output.Shape.Rows, _scale.Length);
    }
}
