using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Delays;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>A delay for every channel: y[t, n] = Σ_d h(d − δ[n])·x[t − d, n], δ = ⌊K/2⌋ − P[n] steps. Maps [B, T, N] to [B, T + (K − 1)/2, N]: the sequence is
/// longer by half of the longest delay, so that what is late still arrives.</summary>
/// <remarks>
/// The delay of an axon: all synapses behind a neuron see its spikes equally late, for one number a neuron where <see cref="Delayed"/> learns one a synapse.
/// Training spreads what passes over the steps around the delay (h, <see cref="TapInterpolation"/>, normalised), so that spikes become values. Evaluation and
/// streams use whole delays, P rounded: spikes stay spikes, values the same values. A tape with <see cref="Tape.InterpolatesDelays"/> evaluates what training saw.
/// </remarks>
public sealed class AxonalDelay : DelayLayer, ICausal
{
    private readonly int _channels;
    private readonly DelayOptions _options;

    // The weights of the taps: an axon has none.
    private readonly float[] _ones;

    /// <param name="channels">N, size of the last axis.</param>
    /// <param name="options">How long delays can be and how they are learned; a channel has one delay, so <see cref="DelayOptions.Kernels"/> must be 1.</param>
    /// <param name="random">Draws the positions.</param>
    /// <exception cref="ArgumentException">The options ask for several delays a channel, or are out of range.</exception>
    public AxonalDelay(int channels, DelayOptions options, Rng random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        options.Check();
        if (options.Kernels != 1)
            throw new ArgumentException($"An axon has one delay, not {options.Kernels}: the number of kernels must be 1.", nameof(options));
        (_channels, _options) = (channels, options);
        _ones = new float[channels];
        Array.Fill(_ones, 1);
        Positions = new DelayPositions(options, new Shape(channels), random.Fork("position"));
        Parameters = Position is null ? [] : [Position];
    }

    public override string Kind => "axonal-delay";

    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>One position each, [N].</summary>
    private protected override DelayPositions Positions { get; }

    public override Shape OutputShape(Shape step)
    {
        CheckRow(step, _channels);
        return step;
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        CheckUnits(input.Shape.Last, _channels);
        var call = new AxonalCall(input.Shape[0], input.Shape[1], _channels, _options.Taps, Extra);
        var shape = new Shape(call.Batch, call.OutputSteps, _channels);
        int[]? lengths = Positions.Longer(input.Lengths);
        return tape.Training || tape.InterpolatesDelays ? Interpolated(tape, input, shape, lengths, call) : Shifted(tape, input, shape, lengths, call);
    }

    private Tensor Interpolated(Tape tape, Signal input, Shape shape, int[]? lengths, AxonalCall call)
    {
        var y = Tensor.In(tape.Arena, shape, lengths);
        y.NeedsGradient = true;
        var taps = Tensor.In(tape.Arena, new Shape(call.TapFloats));
        DelayTaps.Build(tape.Cpu, _ones, Positions.Values.Data, Sigma, _options.Shape, taps.Data, Built(call));
        Tensor x = tape.Floats(input);
        AxonalTaps.Forward(tape.Cpu, x.Data, taps.Data, y.Data, call, input.Lengths);
        tape.Record(new AxonalNode(this, input, x, taps, y, call));
        return y;
    }

    private Signal Shifted(Tape tape, Signal input, Shape shape, int[]? lengths, AxonalCall call)
    {
        Span<int> delays = tape.Arena.Take((nint)_channels * sizeof(int)).View<int>(_channels);
        Positions.Round(delays);
        if (input is Spikes { Values: null, IsSigned: false } spikes)
        {
            var late = Spikes.In(tape.Arena, shape, lengths, spikes.Scale);
            AxonalShift.Forward(tape.Cpu, spikes.Bits, delays, late.Bits, call, input.Lengths);
            return late;
        }
        var y = Tensor.In(tape.Arena, shape, lengths);
        AxonalShift.Forward(tape.Cpu, tape.Floats(input).Data, delays, y.Data, call, input.Lengths);
        return y;
    }

    /// <summary>The taps are those of one input with a synapse of weight 1 to every channel.</summary>
    private static DelayCall Built(AxonalCall call) => new(call.Batch, call.Steps, 1, call.Channels, call.Taps);

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Units, _channels);
        return new AxonalStage(this, input.Signal);
    }

    private sealed class AxonalNode(AxonalDelay layer, Signal input, Tensor x, Tensor taps, Tensor y, AxonalCall call) : Node
    {
        public override void Backward(Tape tape)
        {
            if (y.Gradient is not { } gradient)
                return;
            if (layer.Position is { } position)
            {
                var dTaps = Tensor.In(tape.Arena, taps.Shape);
                dTaps.Data.Clear();
                AxonalTaps.TapGradient(tape.Cpu, x.Data, gradient.Data, dTaps.Data, call, input.Lengths);
                var dOnes = Tensor.In(tape.Arena, position.Value.Shape);
                dOnes.Data.Clear();
                DelayTaps.Backward(tape.Cpu, layer._ones, layer.Positions.Values.Data, layer.Sigma, layer._options.Shape, dTaps.Data, dOnes.Data, position.Gradient.Data, Built(call));
            }
            if (!input.NeedsGradient)
                return;
            GradientTarget target = tape.Target(input);
            AxonalTaps.InputGradient(tape.Cpu, gradient.Data, taps.Data, target.Span, call, input.Lengths);
            target.Commit();
        }
    }

    /// <summary>A ring of what is on its way.</summary>
    private sealed class AxonalStage : Stage
    {
        private readonly StepSignal _input;
        private readonly int[] _delays;
        private readonly DelayRing _ring;

        public AxonalStage(AxonalDelay layer, StepSignal input)
            : base(input.IsSpikes ? StepSignal.OfSpikes(layer._channels, input.Scale) : StepSignal.OfValues(layer._channels))
        {
            (_input, _delays) = (input, layer.Delays());
            _ring = new DelayRing(layer._options.Taps, layer._channels, layer.Extra);
        }

        public override bool Drains => true;

        public override void Step()
        {
            Output.Live = _ring.Begin(_input.Live);
            if (_input.Live)
                AxonalShift.Step(_input.Bits, _input.Values, _delays, _ring.Values, _ring.Now);
            if (Output.IsSpikes)
                SpikeBits.FromFloats(_ring.Row, Output.Bits, 1, Output.Units, out _);
            else
                _ring.Row.CopyTo(Output.Values);
            _ring.End();
        }

        public override IEnumerable<Memory<float>> State => _ring.State;
    }
}
