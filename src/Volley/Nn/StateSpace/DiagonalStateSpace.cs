using System.Numerics;
using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.StateSpace;
using Volley.Nn.Monitoring;
using Volley.Tensors;

namespace Volley.Nn.StateSpace;

/// <summary>S4D's core (Gu et al. 2022): each channel drives N/2 complex modes x′ = A·x + B·u with a step Δ of its own, y = 2·Re(C·x) + D·u. Maps [B, L, H] to [B, L, H].</summary>
/// <remarks>Δ, A, B, C and D are learned. A and B have a rate of their own, and with Δ no weight decay. Training convolves with transforms over time. What lies behind a
/// sample's length counts as 0, so that padding changes nothing.</remarks>
public abstract class DiagonalStateSpace : Module
{
    private readonly StateSpaceCall _call;
    private readonly Parameter _logStep, _logDecay, _frequency, _b, _c, _d;
    private TwiddleTable? _table;

    private protected DiagonalStateSpace(int channels, StateSpaceOptions options, Rng random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        if (options.States < 2 || options.States % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.States, "The number of states must be even and at least 2.");
        if (options.Sets < 0 || options.Sets > channels)
            throw new ArgumentOutOfRangeException(nameof(options), options.Sets, $"There must be between 1 and {channels} sets for {channels} channels, or 0 for as many.");
        (double min, double max) = options.StepRange;
        if (!(min > 0 && max >= min && double.IsFinite(max)))
            throw new ArgumentOutOfRangeException(nameof(options), options.StepRange, "The range of steps must be positive and ascending.");
        int modes = options.States / 2, sets = options.Sets == 0 ? channels : options.Sets, directions = options.Bidirectional ? 2 : 1;
        Channels = channels;
        _call = new StateSpaceCall(0, 0, channels, modes, sets, options.Bidirectional, options.Discretization);

        _logStep = Learned("logStep", new Shape(channels), options.StepRate);
        Rng steps = random.Fork("logStep");
        for (int h = 0; h < channels; h++)
            _logStep.Value.Data[h] = (float)(Math.Log(min) + steps.Uniform(h) * (Math.Log(max) - Math.Log(min)));
        _logDecay = Learned("logDecay", new Shape(sets, modes), options.StateRate);
        _logDecay.Value.Data.Fill((float)Math.Log(0.5));
        _frequency = Learned("frequency", new Shape(sets, modes), options.StateRate);
        double[] frequencies = StateSpaceFrequencies.Of(options.Init, modes);
        for (int i = 0; i < sets * modes; i++)
            _frequency.Value.Data[i] = (float)frequencies[i % modes];
        _b = Learned("b", new Shape(sets, modes, 2), options.StateRate);
        for (int i = 0; i < sets * modes; i++)
            _b.Value.Data[2 * i] = 1;
        _c = new Parameter("c", Tensor.Zeros(new Shape(directions, channels, modes, 2)));
        Draw(_c, random, Math.Sqrt(0.5));
        _d = new Parameter("d", Tensor.Zeros(new Shape(channels)));
        Draw(_d, random, 1);
        Parameters = [_logStep, _logDecay, _frequency, _b, _c, _d];
    }

    /// <summary>H.</summary>
    public int Channels { get; }

    /// <summary>How A and B become those of one step.</summary>
    public Discretization Discretization => _call.Rule;

    /// <summary>log Δ, logDecay = log(−Re A), frequency = Im A, B, C and D.</summary>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>A layer that streams, or, where the options say so, one that reads both directions.</summary>
    /// <param name="channels">H.</param>
    /// <param name="options">How it is made.</param>
    /// <param name="random">Draws Δ, C and D.</param>
    public static DiagonalStateSpace Create(int channels, StateSpaceOptions options, Rng random) =>
        options.Bidirectional ? new BidirectionalStateSpace(channels, options, random) : new CausalStateSpace(channels, options, random);

    public override Shape OutputShape(Shape step)
    {
        CheckUnits(step.Last, Channels);
        return step;
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        CheckUnits(input.Shape.Last, Channels);
        if (input.Shape.Rank != 3)
            throw new ArgumentException($"Layer {this} takes a sequence [B, L, {Channels}], not the shape {input.Shape}.");
        var scaled = input as Scaled;
        Tensor x = scaled is null ? tape.Floats(input) : scaled.Source;
        StateSpaceCall call = CallFor(x.Shape);
        int[]? lengths = input.Lengths;
        var y = Tensor.In(tape.Arena, x.Shape, x.Lengths);
        y.NeedsGradient = true;
        if (!tape.Training && this is ICausal)
        {
            var coefficients = Tensor.In(tape.Arena, new Shape(call.ScanCount));
            StateSpaceScan.Coefficients(Values, coefficients.Data, call);
            StateSpaceScan.Forward(tape.Cpu, coefficients.Data, x.Data, y.Data, default, call, lengths, Factors(scaled), Offsets(scaled));
            tape.Watcher?.Invoke(new StateSpaceLayerCall(this, tape, y, call.Modes, call.Bidirectional));
            return y;
        }
        TwiddleTable table = TableFor(call.Steps);
        var spectra = Tensor.In(tape.Arena, new Shape(checked((int)call.SpectrumCount(lengths))));
        StateSpaceConvolution.Forward(tape.Cpu, table, Values, x.Data, y.Data, spectra.Data, call, lengths, Factors(scaled), Offsets(scaled));
        tape.Watcher?.Invoke(new StateSpaceLayerCall(this, tape, y, call.Modes, call.Bidirectional));
        tape.Record(new StateSpaceNode(this, call, table, lengths, input, x, spectra, y));
        return y;
    }

    /// <summary>The convolution kernels [directions, H, steps], without D.</summary>
    public float[] Kernels(int steps)
    {
        StateSpaceCall call = _call with { Batch = 1, Steps = steps };
        var kernels = new float[call.Directions * Channels * steps];
        StateSpaceConvolution.Kernels(Values, kernels, call);
        return kernels;
    }

    /// <summary>Δ of each channel [H].</summary>
    public double[] StepSizes()
    {
        var steps = new double[Channels];
        for (int h = 0; h < Channels; h++)
            steps[h] = Math.Exp(_logStep.Value.Data[h]);
        return steps;
    }

    /// <summary>Δ·A of every mode of every channel [H, N/2]: the mode decays by Re and turns by Im a step, before the rule of discretisation.</summary>
    public Complex[] Modes()
    {
        var modes = new Complex[Channels * _call.Modes];
        double[] steps = StepSizes();
        for (int i = 0; i < modes.Length; i++)
        {
            int channel = i / _call.Modes, own = channel % _call.Sets * _call.Modes + i % _call.Modes;
            modes[i] = new Complex(-Math.Exp(_logDecay.Value.Data[own]), _frequency.Value.Data[own]) * steps[channel];
        }
        return modes;
    }

    private protected StateSpaceCall CallFor(Shape shape) => _call with { Batch = shape[0], Steps = shape[1] };

    private protected StateSpaceParameters Values => new()
    {
        LogStep = _logStep.Value.Data,
        LogDecay = _logDecay.Value.Data,
        Frequency = _frequency.Value.Data,
        B = _b.Value.Data,
        C = _c.Value.Data,
        D = _d.Value.Data,
    };

    private StateSpaceParameters Gradients => new()
    {
        LogStep = _logStep.Gradient.Data,
        LogDecay = _logDecay.Gradient.Data,
        Frequency = _frequency.Gradient.Data,
        B = _b.Gradient.Data,
        C = _c.Gradient.Data,
        D = _d.Gradient.Data,
    };

    /// <summary>Roots of unity: constants, kept because they take longer to make than to use.</summary>
    private TwiddleTable TableFor(int steps)
    {
        TwiddleTable? table = _table;
        if (table is null || table.Steps < steps)
            _table = table = new TwiddleTable(Math.Max(steps, 1));
        return table;
    }

    private static Parameter Learned(string name, Shape shape, float rate) => new(name, Tensor.Zeros(shape)) { RateScale = rate, Decays = false };

    private static void Draw(Parameter parameter, Rng random, double deviation)
    {
        Rng own = random.Fork(parameter.Name);
        for (int i = 0; i < parameter.Value.Shape.Count; i++)
            parameter.Value.Data[i] = (float)(own.Normal(i) * deviation);
    }

    private static ReadOnlySpan<float> Factors(Scaled? scaled) => scaled is null ? default : scaled.Factors;

    private static ReadOnlySpan<float> Offsets(Scaled? scaled) => scaled is null ? default : scaled.Offsets;

    private sealed class StateSpaceNode(DiagonalStateSpace layer, StateSpaceCall call, TwiddleTable table, int[]? lengths, Signal input, Tensor x, Tensor spectra, Tensor y) : Node
    {
        public override void Backward(Tape tape)
        {
            if (y.Gradient is not { } dY)
                return;
            GradientTarget target = tape.Target(input, spent: dY);
            var partials = Tensor.In(tape.Arena, new Shape(checked((int)call.PartialCount(lengths))));
            var scaled = input as Scaled;
            StateSpaceConvolution.Backward(tape.Cpu, table, layer.Values, x.Data, dY.Data, target.Span, layer.Gradients, spectra.Data,
                partials.Data, call, lengths, Factors(scaled), Offsets(scaled));
            if (input.NeedsGradient)
                target.Commit();
        }
    }
}

/// <summary>A diagonal state-space layer that reads forward in time: y[t] depends on nothing after t. Evaluation and streams take one step after another.</summary>
/// <param name="channels">H.</param>
/// <param name="options">How it is made.</param>
/// <param name="random">Draws Δ, C and D.</param>
public sealed class CausalStateSpace(int channels, StateSpaceOptions options, Rng random)
    : DiagonalStateSpace(channels, options with { Bidirectional = false }, random), ICausal
{
    public override string Kind => "state-space";

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Units, Channels);
        return new StateSpaceStage(this, input);
    }

    private sealed class StateSpaceStage : Stage
    {
        private readonly StageInput _input;
        private readonly StateSpaceCall _call;
        private readonly float[] _coefficients, _state, _x;

        public StateSpaceStage(CausalStateSpace layer, StageInput input) : base(StepSignal.OfValues(layer.Channels))
        {
            _input = input;
            _call = layer.CallFor(new Shape(1, 1, layer.Channels));
            (_coefficients, _state, _x) = (new float[_call.ScanCount], new float[_call.StateCount], new float[layer.Channels]);
            StateSpaceScan.Coefficients(layer.Values, _coefficients, _call);
        }

        public override void Step() => StateSpaceScan.Forward(_input.Cpu, _coefficients, _input.Signal.Floats(_x), Output.Values, _state, _call);

        public override IEnumerable<Memory<float>> State => [_state];
    }
}

/// <summary>A diagonal state-space layer with two kernels, one of which reads backward in time.</summary>
/// <param name="channels">H.</param>
/// <param name="options">How it is made.</param>
/// <param name="random">Draws Δ, C and D.</param>
public sealed class BidirectionalStateSpace(int channels, StateSpaceOptions options, Rng random)
    : DiagonalStateSpace(channels, options with { Bidirectional = true }, random), INonCausal
{
    public override string Kind => "bidirectional-state-space";

    string INonCausal.Alternative => " Use one direction instead.";
}
