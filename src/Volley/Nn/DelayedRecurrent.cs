using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Delays;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>Spiking neurons whose spikes come back to their own layer after a learned delay of each neuron: I[t] = x[t] + a[t]·V,
/// a[t, n] = Σ_τ h(τ)·z[t − τ, n], τ = 1, 2, …, h(τ) = max(0, (s − |τ − (1 + d[n])|)/s²), s = 1 + σ (DelRec: Queant et al.).</summary>
/// <remarks>Training spreads a spike over the steps around its return, which makes d learnable; σ shrinks as training goes on. Evaluation and streams use whole
/// delays, d rounded and σ = 0: a spike comes back once, 1 + d steps later. A tape with <see cref="Tape.InterpolatesDelays"/> evaluates what training saw.
/// Truncated backpropagation lets no gradient return along a delay that crosses a cut; a delay itself learns from all its returns.</remarks>
public sealed class DelayedRecurrent : Module, ICausal, IAnnealed, IDelays
{
    private readonly NeuronLayer _neurons;
    private readonly Dense _feedback;
    private readonly RecurrentDelayOptions _options;
    private readonly Tensor _delays, _sigma;

    /// <param name="neurons">The layer; it must spike.</param>
    /// <param name="feedback">V: as many inputs and outputs as there are neurons.</param>
    /// <param name="options">How late spikes can come back and how that is learned.</param>
    /// <param name="random">Draws the delays.</param>
    /// <exception cref="ArgumentException">The layer does not spike, the sizes differ, or an option is out of range.</exception>
    public DelayedRecurrent(NeuronLayer neurons, Dense feedback, RecurrentDelayOptions options, Rng random)
    {
        RecurrentPass.Check(neurons, feedback);
        options.Check();
        (_neurons, _feedback, _options) = (neurons, feedback, options);
        Children = [("neurons", neurons), ("feedback", feedback)];
        _delays = options.Draw(neurons.Neurons, random.Fork("delay"));
        Delay = options.Learned
            ? new Parameter("delay", _delays) { Decays = false, Box = (0, options.MaxDelay), RateScale = options.RateScale, Group = DelayOptions.Group }
            : null;
        _sigma = Tensor.Zeros(new Shape(1));
        _sigma.Data[0] = options.SigmaAt(0, 0);
        Parameters = Delay is null ? [] : [Delay];
        Buffers = Delay is null ? [new NamedTensor("sigma", _sigma), new NamedTensor("delay", _delays)] : [new NamedTensor("sigma", _sigma)];
    }

    public override string Kind => $"delayed-recurrent-{_neurons.Kind}";

    /// <summary>d [N] in steps beyond the one, or null where delays are fixed.</summary>
    public Parameter? Delay { get; }

    /// <summary>σ, the width of the interpolation in training.</summary>
    public float Sigma => _sigma.Data[0];

    public bool LearnsDelays => Delay is not null;

    /// <summary>0: what comes back behind the end is lost.</summary>
    public int Extra => 0;

    /// <summary>Steps from a spike to its return, [N], as they are deployed: at least 1.</summary>
    public int[] Delays()
    {
        var delays = new int[_neurons.Neurons];
        Round(delays);
        for (int n = 0; n < delays.Length; n++)
            delays[n]++;
        return delays;
    }

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override IReadOnlyList<NamedTensor> Buffers { get; }

    public override IReadOnlyList<(string Name, Module Module)> Children { get; }

    void IAnnealed.Anneal(int epoch, int epochs) => _sigma.Data[0] = _options.SigmaAt(epoch, epochs);

    public override Shape OutputShape(Shape step) => RecurrentPass.OutputShape(_neurons, step, this);

    public override Signal Forward(Tape tape, Signal input)
    {
        _neurons.CheckSequence(input.Shape, this);
        Tensor x = tape.Floats(input);
        (RecurrentPass pass, Signal arriving) = tape.Training || tape.InterpolatesDelays ? Interpolated(tape, input, x) : Rounded(tape, x);
        tape.Observe(ToString(), pass.Spikes);
        pass.Tell(tape, this, arriving);
        return pass.Spikes;
    }

    private (RecurrentPass Pass, Signal Arriving) Interpolated(Tape tape, Signal input, Tensor x)
    {
        int n = _neurons.Neurons, count = Math.Min(FeedbackTaps.Count(_options.MaxDelay, Sigma), x.Shape[1] + 1);
        bool drops = tape.Training && _options.Dropout > 0;
        float gain = drops ? 1 / (1 - _options.Dropout) : 1;
        Spikes? kept = drops ? Dropout.Mask(tape, x.Shape, x.Lengths, _options.Dropout) : null;
        var taps = Tensor.In(tape.Arena, new Shape(new AxonalCall(0, 0, n, count, 0).TapFloats));
        FeedbackTaps.Build(_delays.Data, Sigma, gain, taps.Data, count);
        var arriving = Tensor.In(tape.Arena, x.Shape, x.Lengths);
        var pass = new RecurrentPass(tape, _neurons, _feedback, x, Late(taps, arriving, kept));
        if (tape.Training)
            tape.Record(new DelayedNode(this, pass, input, taps, arriving, kept, gain));
        return (pass, arriving);
    }

    private static FeedbackDelays Late(Tensor taps, Tensor arriving, Spikes? kept) =>
        new() { Taps = taps.Data, Arriving = arriving.Data, Kept = kept is null ? default : kept.Bits };

    private (RecurrentPass Pass, Signal Arriving) Rounded(Tape tape, Tensor x)
    {
        Span<int> whole = tape.Arena.Take((nint)_neurons.Neurons * sizeof(int)).View<int>(_neurons.Neurons);
        Round(whole);
        var arriving = Spikes.In(tape.Arena, x.Shape, x.Lengths);
        return (new RecurrentPass(tape, _neurons, _feedback, x, new FeedbackDelays { Whole = whole, ArrivingSpikes = arriving.Bits }), arriving);
    }

    /// <summary>d in whole steps, halves to even.</summary>
    private void Round(Span<int> whole)
    {
        ReadOnlySpan<float> delays = _delays.Data;
        for (int n = 0; n < whole.Length; n++)
            whole[n] = Math.Clamp((int)MathF.Round(delays[n]), 0, _options.MostSteps);
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Shape.Last, _neurons.Neurons);
        _neurons.CheckStreams(this);
        return new DelayedRecurrentStage(this, input);
    }

    private sealed class DelayedNode(DelayedRecurrent layer, RecurrentPass pass, Signal input, Tensor taps, Tensor arriving, Spikes? kept, float gain) : Node
    {
        public override void Backward(Tape tape)
        {
            Spikes spikes = pass.Spikes;
            if (spikes.Gradient is not { } dSpikes)
                return;
            int n = pass.Call.Neurons, rows = pass.Call.Batch * pass.Call.Steps;
            GradientTarget target = tape.Target(input, spent: dSpikes);
            Span<float> dTotal = target.Span;
            var dArriving = Tensor.In(tape.Arena, arriving.Shape);
            pass.Backward(tape, dSpikes.Data, dTotal, Late(taps, dArriving, kept));
            Gemm.Multiply(tape.Cpu, arriving.Data, dTotal, layer._feedback.Weight.Gradient.Data, n, n, rows, transposeA: true, accumulate: true);
            if (layer.Delay is { } delay)
                AddDelayGradient(tape, delay, dArriving);
            if (input.NeedsGradient)
                target.Commit();
        }

        private void AddDelayGradient(Tape tape, Parameter delay, Tensor dArriving)
        {
            Spikes spikes = pass.Spikes, returned = spikes;
            if (kept is not null)
            {
                returned = Spikes.In(tape.Arena, spikes.Shape, spikes.Lengths);
                SpikeBits.And(spikes.Bits, kept.Bits, returned.Bits);
            }
            NeuronCall call = pass.Call;
            int count = taps.Shape.Count / new AxonalCall(0, 0, call.Neurons, 1, 0).TapFloats;
            var dTaps = Tensor.In(tape.Arena, taps.Shape);
            dTaps.Data.Clear();
            AxonalTaps.TapGradient(tape.Cpu, tape.Floats(returned).Data, dArriving.Data, dTaps.Data, new AxonalCall(call.Batch, call.Steps, call.Neurons, count, 0), spikes.Lengths);
            FeedbackTaps.Backward(delay.Value.Data, layer.Sigma, gain, dTaps.Data, delay.Gradient.Data, count);
        }
    }

    /// <summary>A ring of the spikes that are on their way back.</summary>
    private sealed class DelayedRecurrentStage : Stage
    {
        private readonly RecurrentStep _step;
        private readonly int[] _delays;
        private readonly float[] _ring;

        // The ring's row of the next step.
        private readonly float[] _now = new float[1];

        public DelayedRecurrentStage(DelayedRecurrent layer, StageInput input) : base(StepSignal.OfSpikes(layer._neurons.Neurons))
        {
            _step = new RecurrentStep(layer._neurons, layer._feedback, input);
            _delays = layer.Delays();
            _ring = new float[(layer._options.MostSteps + 2) * _delays.Length];
        }

        public override void Step()
        {
            int n = _delays.Length, now = (int)_now[0];
            Span<float> row = _ring.AsSpan(now * n, n);
            SpikeBits.FromFloats(row, _step.Arriving, 1, n, out _);
            row.Clear();
            _step.Run(Output.Bits);
            AxonalShift.Step(Output.Bits, default, _delays, _ring, now);
            _now[0] = (now + 1) * n == _ring.Length ? 0 : now + 1;
        }

        public override IEnumerable<Memory<float>> State => [_step.State, _ring, _now];

        public override IEnumerable<StepSignal> Fired => [Output];
    }
}
