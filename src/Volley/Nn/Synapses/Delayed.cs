using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Delays;
using Volley.Nn.Monitoring;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>All-to-all synapses with a delay each: y[t, o] = Σᵢ Σ_d w[i, o]·h(d − δ[i, o])·x[t − d, i], δ = ⌊K/2⌋ − P[i, o] steps. Maps [B, T, I] to
/// [B, T + (K − 1)/2, O]: the sequence is longer by half of the longest delay, so that what is late still arrives.</summary>
/// <remarks>
/// Training spreads each weight over the steps around its delay (h, <see cref="TapInterpolation"/>), which makes the position P learnable; the width of h
/// shrinks as training goes on (dilated convolution with learnable spacings: Khalfaoui-Hassani et al. 2023, Hammouamri et al. 2023). Evaluation and streams
/// use whole delays: P rounded, one tap a synapse. A tape with <see cref="Tape.InterpolatesDelays"/> evaluates what training saw.
/// </remarks>
public sealed class Delayed : DelayLayer, ICausal
{
    private readonly int _inputs, _outputs;
    private readonly DelayOptions _options;
    private readonly TimeTransform _transform;

    /// <param name="inputs">Size of the last axis that comes in.</param>
    /// <param name="outputs">Size of the last axis that goes out.</param>
    /// <param name="options">How long delays can be and how they are learned.</param>
    /// <param name="random">Draws weights and positions.</param>
    /// <param name="initializer">How weights are drawn; <see cref="Initializer.FanIn"/> when null. With several kernels the inputs count as often.</param>
    public Delayed(int inputs, int outputs, DelayOptions options, Rng random, Initializer? initializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        options.Check();
        (_inputs, _outputs, _options) = (inputs, outputs, options);
        _transform = new TimeTransform(options.Taps);
        var shape = new Shape(options.Kernels, inputs, outputs);
        Weight = new Parameter("weight", (initializer ?? Initializer.FanIn).Matrix(options.Kernels * inputs, outputs, random.Fork("weight")).Reshaped(shape));
        Positions = new DelayPositions(options, shape, random.Fork("position"));
        Parameters = Position is null ? [Weight] : [Weight, Position];
    }

    public override string Kind => "delayed";

    /// <summary>w [C, inputs, outputs], C kernels a synapse.</summary>
    public Parameter Weight { get; }

    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>One position each, [C, inputs, outputs].</summary>
    private protected override DelayPositions Positions { get; }

    public override Shape OutputShape(Shape step)
    {
        CheckRow(step, _inputs);
        return _outputs;
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        CheckUnits(input.Shape.Last, _inputs);
        var call = new DelayCall(input.Shape[0], input.Shape[1], _inputs, _outputs, _options.Taps, _options.Kernels);
        int[]? lengths = Positions.Longer(input.Lengths);
        var y = Tensor.In(tape.Arena, new Shape(call.Batch, call.OutputSteps, _outputs), lengths);
        y.NeedsGradient = true;
        var spikes = input as Spikes;
        if (tape.Training || tape.InterpolatesDelays)
            Interpolated(tape, input, spikes, y, call);
        else
            Shifted(tape, input, spikes, y, call);
        if (tape.Watcher is { } watcher)
            watcher(Seen(tape, input, y, call));
        return y;
    }

    /// <summary>What those see who watch the pass.</summary>
    private SynapseCall Seen(Tape tape, Signal input, Tensor y, DelayCall call) => new(ToString(), tape, input, y, tape.Training || tape.InterpolatesDelays
        ? () => FanOuts.Spread(Taps(tape, call).Data, Weight.Value.Data, call)
        : () => FanOuts.Late(Weight.Value.Data, Delays(), call));

    /// <summary>The weights, spread over the steps around their delays.</summary>
    private Tensor Taps(Tape tape, DelayCall call)
    {
        var taps = Tensor.In(tape.Arena, new Shape(call.TapFloats));
        DelayTaps.Build(tape.Cpu, Weight.Value.Data, Positions.Values.Data, Sigma, _options.Shape, taps.Data, call);
        return taps;
    }

    /// <summary>Spikes that are no padding.</summary>
    private static long Fired(Spikes spikes)
    {
        if (spikes.Lengths is not { } lengths)
            return spikes.Count();
        long count = 0;
        for (int b = 0; b < lengths.Length; b++)
            count += SpikeBits.CountSpikes(spikes.Bits.Slice(b * spikes.Shape[1] * spikes.WordsPerRow, lengths[b] * spikes.WordsPerRow));
        return count;
    }

    private void Interpolated(Tape tape, Signal input, Spikes? spikes, Tensor y, DelayCall call)
    {
        Tensor taps = Taps(tape, call);
        long elements = (long)_inputs * (input.Lengths is null ? call.Batch * call.Steps : input.Lengths.Sum());
        bool events = spikes is not null && DelayEvents.Preferred((double)Fired(spikes) / Math.Max(1, elements), call);
        Tensor? x = events ? null : tape.Floats(input);
        if (events)
            DelayEvents.Forward(tape.Cpu, spikes!.Matrix, taps.Data, y.Data, call, input.Lengths);
        else
            DelaySpectrum.Forward(tape.Cpu, _transform, x!.Data, taps.Data, y.Data, Workspace(tape, call).Data, call, input.Lengths);
        tape.Record(new DelayedNode(this, input, x, taps, y, call));
    }

    private void Shifted(Tape tape, Signal input, Spikes? spikes, Tensor y, DelayCall call)
    {
        Span<int> delays = tape.Arena.Take((nint)call.Synapses * sizeof(int)).View<int>(call.Synapses);
        Positions.Round(delays);
        if (spikes is not null)
            DelayShift.Forward(tape.Cpu, spikes.Matrix, Weight.Value.Data, delays, y.Data, call, input.Lengths);
        else
            DelayShift.Forward(tape.Cpu, tape.Floats(input).Data, Weight.Value.Data, delays, y.Data, call, input.Lengths);
    }

    private Tensor Workspace(Tape tape, DelayCall call)
    {
        long floats = DelaySpectrum.WorkspaceFloats(_transform, call);
        return floats <= int.MaxValue
            ? Tensor.In(tape.Arena, new Shape((int)floats))
            : throw new NotSupportedException($"Layer {this} would need {floats * sizeof(float) >> 20} MB to work in for {call.Batch} samples of {call.Steps} steps; use smaller batches.");
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Units, _inputs);
        return new DelayedStage(this, input);
    }

    private sealed class DelayedNode(Delayed layer, Signal input, Tensor? x, Tensor taps, Tensor y, DelayCall call) : Node
    {
        public override void Backward(Tape tape)
        {
            if (y.Gradient is not { } gradient)
                return;
            ReadOnlySpan<float> dY = gradient.Data;
            Tensor? workspace = x is null && !input.NeedsGradient ? null : layer.Workspace(tape, call);
            var dTaps = Tensor.In(tape.Arena, taps.Shape);
            dTaps.Data.Clear();
            if (x is null)
                DelayEvents.TapGradient(tape.Cpu, ((Spikes)input).Matrix, dY, dTaps.Data, call, input.Lengths);
            else
                DelaySpectrum.TapGradient(tape.Cpu, layer._transform, x.Data, dY, dTaps.Data, workspace!.Data, call, input.Lengths);
            DelayTaps.Backward(tape.Cpu, layer.Weight.Value.Data, layer.Positions.Values.Data, layer.Sigma, layer._options.Shape, dTaps.Data,
                layer.Weight.Gradient.Data, layer.Position is { } position ? position.Gradient.Data : default, call);
            if (!input.NeedsGradient)
                return;
            GradientTarget target = tape.Target(input);
            DelaySpectrum.InputGradient(tape.Cpu, layer._transform, dY, taps.Data, target.Span, workspace!.Data, call, input.Lengths);
            target.Commit();
        }
    }

    /// <summary>A ring of the currents that are on their way.</summary>
    private sealed class DelayedStage : Stage
    {
        private readonly Delayed _layer;
        private readonly StepSignal _input;
        private readonly DelayCall _call;
        private readonly int[] _delays;
        private readonly DelayRing _ring;

        public DelayedStage(Delayed layer, StageInput input) : base(StepSignal.OfValues(layer._outputs))
        {
            (_layer, _input) = (layer, input.Signal);
            _call = new DelayCall(1, 1, layer._inputs, layer._outputs, layer._options.Taps, layer._options.Kernels);
            _delays = layer.Delays();
            _ring = new DelayRing(_call.Taps, _call.Outputs, _call.Extra);
        }

        public override bool Drains => true;

        public override void Step()
        {
            Output.Live = _ring.Begin(_input.Live);
            if (_input.Live)
                DelayShift.Step(_input.Bits, _input.Scale, _input.Values, _layer.Weight.Value.Data, _delays, _ring.Values, _ring.Now, _call);
            _ring.Row.CopyTo(Output.Values);
            _ring.End();
        }

        public override IEnumerable<Memory<float>> State => _ring.State;
    }
}
