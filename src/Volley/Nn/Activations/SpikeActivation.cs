using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn.Monitoring;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>A spike where a value exceeds a threshold, without state or reset: s = Θ(x − θ), Θ(0) = 0. The activation of the Binary S4D (Stan and Rhodes 2024).</summary>
public sealed class SpikeActivation : Module, ICausal
{
    private readonly Parameter? _threshold;
    private readonly int? _units;

    /// <summary>A fixed threshold of 0.</summary>
    /// <param name="surrogate">Stands in for the spike's derivative; the fast sigmoid of steepness 25 when null.</param>
    public SpikeActivation(ISurrogate? surrogate = null) => Surrogate = surrogate ?? new FastSigmoid(25);

    /// <summary>Thresholds that are learned, one a unit, from 0.</summary>
    /// <param name="units">Size of the last axis.</param>
    /// <param name="surrogate">Stands in for the spike's derivative; the fast sigmoid of steepness 25 when null.</param>
    public SpikeActivation(int units, ISurrogate? surrogate = null) : this(surrogate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units);
        _units = units;
        _threshold = new Parameter("threshold", Tensor.Zeros(new Shape(units))) { Decays = false };
        Parameters = [_threshold];
    }

    public override string Kind => "spike";

    /// <summary>Stands in for the spike's derivative.</summary>
    public ISurrogate Surrogate { get; }

    public override IReadOnlyList<Parameter> Parameters { get; } = [];

    private ReadOnlySpan<float> Thresholds => _threshold is null ? default : _threshold.Value.Data;

    public override Shape OutputShape(Shape step)
    {
        CheckUnits(step.Last, _units ?? step.Last);
        return step;
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        CheckUnits(input.Shape.Last, _units ?? input.Shape.Last);
        Tensor x = tape.Floats(input);
        var spikes = Spikes.In(tape.Arena, x.Shape, x.Lengths);
        spikes.NeedsGradient = input.NeedsGradient || _threshold is not null;
        SpikeThreshold.Forward(tape.Cpu, x.Data, Thresholds, spikes.Bits, x.Shape.Rows, x.Shape.Last);
        Padding.ClearBits(spikes);
        tape.Observe(ToString(), spikes);
        tape.Watcher?.Invoke(new ThresholdCall(this, tape, x, SubtractThresholds));
        tape.Record(new SpikeNode(this, input, x, spikes));
        return spikes;
    }

    private void SubtractThresholds(Span<float> values)
    {
        ReadOnlySpan<float> thresholds = Thresholds;
        for (int i = 0; i < values.Length && !thresholds.IsEmpty; i++)
            values[i] -= thresholds[i % thresholds.Length];
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Shape.Last, _units ?? input.Signal.Shape.Last);
        return new SpikeStage(this, input);
    }

    private sealed class SpikeNode(SpikeActivation layer, Signal input, Tensor x, Spikes spikes) : Node
    {
        public override void Backward(Tape tape)
        {
            if (spikes.Gradient is not { } dSpikes)
                return;
            int rows = x.Shape.Rows, columns = x.Shape.Last;
            GradientTarget target = tape.Target(input, spent: dSpikes);
            SpikeThreshold.Backward(tape.Cpu, x.Data, layer.Thresholds, dSpikes.Data, layer.Surrogate, target.Span, rows, columns);
            if (layer._threshold is { } threshold)
            {
                var sums = Tensor.In(tape.Arena, new Shape(columns));
                sums.Data.Clear();
                Reduce.AddColumnSums(tape.Cpu, target.Span, sums.Data, rows, columns);
                Elementwise.Scale(tape.Cpu, sums.Data, -1);
                Elementwise.Add(tape.Cpu, threshold.Gradient.Data, sums.Data, threshold.Gradient.Data);
            }
            if (input.NeedsGradient)
                target.Commit();
        }
    }

    private sealed class SpikeStage(SpikeActivation layer, StageInput input) : Stage(StepSignal.OfSpikes(input.Signal.Shape))
    {
        private readonly float[] _x = new float[input.Signal.Units];

        public override void Step() => SpikeThreshold.Forward(input.Cpu, input.Signal.Floats(_x), layer.Thresholds, Output.Bits, Output.Shape.Rows, Output.Shape.Last);

        public override IEnumerable<StepSignal> Fired => [Output];
    }
}
