using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Tensors;

namespace Volley.Nn.Neurons;

/// <summary>What layers of neurons have in common beside their model.</summary>
/// <param name="Surrogate">Stands in for the derivative of the spike.</param>
/// <param name="FiresAtThreshold">Θ(0): true to fire at u = θ, false only above.</param>
/// <param name="RandomInitialState">True to draw the initial state from U(0, 1) at every pass, as sparch does, also in evaluation; false for zeros.</param>
public sealed record Firing(ISurrogate Surrogate, bool FiresAtThreshold = false, bool RandomInitialState = false);

/// <summary>A population of neurons. Maps currents [B, T, N] to spikes [B, T, N], or, for a non-spiking model, to potentials [B, T, N].</summary>
public abstract class NeuronLayer : Module, ICausal
{
    private readonly Coefficient[] _rules;
    private readonly Coefficient.CoefficientValue[] _values;

    /// <param name="coefficients">One for each parameter of the kernel, in its order.</param>
    protected NeuronLayer(NeuronKernel kernel, int neurons, Firing firing, Rng random, params ReadOnlySpan<Coefficient> coefficients)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(neurons);
        if (coefficients.Length != kernel.Parameters.Count)
            throw new ArgumentException($"The model {kernel.Name} has {kernel.Parameters.Count} parameters, not {coefficients.Length}.", nameof(coefficients));
        (Kernel, Neurons, Firing) = (kernel, neurons, firing);
        _rules = coefficients.ToArray();
        _values = new Coefficient.CoefficientValue[_rules.Length];
        for (int i = 0; i < _rules.Length; i++)
        {
            string name = kernel.Parameters[i];
            _values[i] = _rules[i].Make(char.ToLowerInvariant(name[0]) + name[1..], neurons, random.Fork(name));
        }
        Parameters = [.. _values.Select(value => value.Parameter).OfType<Parameter>()];
    }

    public override string Kind => Kernel.Name;

    /// <summary>The model's maths.</summary>
    public NeuronKernel Kernel { get; }

    /// <summary>N.</summary>
    public int Neurons { get; }

    public Firing Firing { get; }

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override Shape OutputShape(Shape step)
    {
        CheckUnits(step.Last, Neurons);
        return step;
    }

    /// <summary>Writes the kernel's parameters [P, N].</summary>
    internal void FillParameters(Span<float> parameters)
    {
        for (int p = 0; p < _values.Length; p++)
        {
            if (_rules[p].Complemented is null)
                _values[p].Fill(Row(parameters, p));
        }
        for (int p = 0; p < _values.Length; p++)
        {
            if (_rules[p].Complemented is not { } other)
                continue;
            Span<float> row = Row(parameters, p), whole = Row(parameters, other);
            for (int i = 0; i < row.Length; i++)
                row[i] = 1 - whole[i];
        }
    }

    /// <summary>Adds to the gradients of what is learned, given those of the kernel's parameters [P, N], which it changes.</summary>
    private void AccumulateGradients(Span<float> dParameters)
    {
        for (int p = 0; p < _values.Length; p++)
        {
            if (_rules[p].Complemented is not { } other)
                continue;
            Span<float> row = Row(dParameters, p), whole = Row(dParameters, other);
            for (int i = 0; i < row.Length; i++)
                whole[i] -= row[i];
        }
        for (int p = 0; p < _values.Length; p++)
            _values[p].Accumulate(Row(dParameters, p));
    }

    private Span<float> Row(Span<float> matrix, int index) => matrix.Slice(index * Neurons, Neurons);

    /// <summary>Throws unless these neurons can be run over a sequence of that shape.</summary>
    /// <param name="layer">What messages name.</param>
    internal void CheckSequence(Shape shape, Module layer)
    {
        if (shape.Last != Neurons)
            throw new ArgumentException($"Layer {layer} takes {Neurons} units on the last axis, not {shape.Last}.");
        if (shape.Rank < 3)
            throw new ArgumentException($"Layer {layer} takes a sequence [B, T, {Neurons}], not the shape {shape}.");
        if (shape.Rank > 3)
            throw new NotSupportedException($"Layer {layer} takes [B, T, N], not {shape}; reshape images before it.");
    }

    /// <summary>Throws where the whole sequence starts from a state that a stream does not have.</summary>
    /// <param name="layer">What the message names.</param>
    internal void CheckStreams(Module layer)
    {
        if (Firing.RandomInitialState)
            throw new NotSupportedException($"Layer {layer} cannot run as a stream: it draws a random initial state for every sequence. Use an initial state of zeros instead.");
    }

    internal NeuronCall CallFor(Shape shape, int truncate) =>
        new(shape[0], shape[1], Neurons, Firing.FiresAtThreshold, Truncate: truncate);

    internal Tensor ParametersIn(Arena arena)
    {
        var parameters = Tensor.In(arena, new Shape(Kernel.Parameters.Count, Neurons));
        FillParameters(parameters.Data);
        return parameters;
    }

    /// <summary>The initial state [B, S, N]; null for zeros.</summary>
    internal Tensor? InitialIn(Tape tape, int batch)
    {
        if (!Firing.RandomInitialState)
            return null;
        var initial = Tensor.In(tape.Arena, new Shape(batch, Kernel.States.Count, Neurons));
        tape.NextRandom().FillUniform(tape.Cpu, initial.Data, 0, 1);
        return initial;
    }

    /// <summary>Sums the gradients of the samples [B, P, N] in order and hands them on.</summary>
    internal void AccumulateSampleGradients(Tape tape, Span<float> perSample, int batch)
    {
        int size = Kernel.Parameters.Count * Neurons;
        var total = Tensor.In(tape.Arena, new Shape(size));
        total.Data.Clear();
        Reduce.AddColumnSums(tape.Cpu, perSample, total.Data, batch, size);
        AccumulateGradients(total.Data);
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        CheckSequence(input.Shape, this);
        var scaled = input as Scaled;
        Tensor x = scaled is null ? tape.Floats(input) : scaled.Source;
        NeuronCall call = CallFor(x.Shape, tape.Truncate);
        Tensor parameters = ParametersIn(tape.Arena);
        Tensor? initial = InitialIn(tape, call.Batch);
        Tensor? saved = tape.Training ? Tensor.In(tape.Arena, new Shape(call.Batch, call.Segments, Kernel.States.Count, Neurons)) : null;
        Span<float> start = initial is null ? default : initial.Data, states = saved is null ? default : saved.Data;
        Signal output;
        if (Kernel.Spiking)
        {
            float width = Firing.Surrogate.Support;
            Spikes? support = tape.Training && float.IsFinite(width) ? Spikes.In(tape.Arena, x.Shape) : null;
            var spikes = Spikes.In(tape.Arena, x.Shape, x.Lengths, support: support);
            NeuronDriver.Forward(tape.Cpu, Kernel, x.Data, parameters.Data, start, spikes.Bits, default, states, default, call, x.Lengths, Factors(scaled), Offsets(scaled),
                support is null ? default : support.Bits, width);
            tape.Observe(ToString(), spikes);
            output = spikes;
        }
        else
        {
            var values = Tensor.In(tape.Arena, x.Shape, x.Lengths);
            NeuronDriver.Forward(tape.Cpu, Kernel, x.Data, parameters.Data, start, default, values.Data, states, default, call, x.Lengths, Factors(scaled), Offsets(scaled));
            output = values;
        }
        output.NeedsGradient = true;
        if (saved is not null)
            tape.Record(new NeuronNode(this, call, input, x, parameters, saved, output));
        return output;
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Shape.Last, Neurons);
        CheckStreams(this);
        return new NeuronStage(this, input);
    }

    private static ReadOnlySpan<float> Factors(Scaled? scaled) => scaled is null ? default : scaled.Factors;

    private static ReadOnlySpan<float> Offsets(Scaled? scaled) => scaled is null ? default : scaled.Offsets;

    private sealed class NeuronNode(NeuronLayer layer, NeuronCall call, Signal input, Tensor x, Tensor parameters, Tensor saved, Signal output) : Node
    {
        public override void Backward(Tape tape)
        {
            if (output.Gradient is not { } dOutput)
                return;
            GradientTarget target = tape.Target(input, spent: dOutput);
            var perSample = Tensor.In(tape.Arena, new Shape(call.Batch, layer.Kernel.Parameters.Count, layer.Neurons));
            perSample.Data.Clear();
            NeuronDriver.Backward(tape.Cpu, layer.Kernel, x.Data, parameters.Data, saved.Data, dOutput.Data, layer.Firing.Surrogate,
                target.Span, perSample.Data, default, call, x.Lengths, Factors(input as Scaled), Offsets(input as Scaled));
            layer.AccumulateSampleGradients(tape, perSample.Data, call.Batch);
            if (input.NeedsGradient)
                target.Commit();
        }
    }

    private sealed class NeuronStage : Stage
    {
        private readonly NeuronLayer _layer;
        private readonly StageInput _input;
        private readonly NeuronCall _call;
        private readonly float[] _parameters, _state, _x;

        public NeuronStage(NeuronLayer layer, StageInput input)
            : base(layer.Kernel.Spiking ? StepSignal.OfSpikes(layer.Neurons) : StepSignal.OfValues(layer.Neurons))
        {
            (_layer, _input) = (layer, input);
            _call = new NeuronCall(1, 1, layer.Neurons, layer.Firing.FiresAtThreshold);
            _parameters = new float[layer.Kernel.Parameters.Count * layer.Neurons];
            _state = new float[layer.Kernel.States.Count * layer.Neurons];
            _x = new float[layer.Neurons];
            layer.FillParameters(_parameters);
        }

        public override void Step() => NeuronDriver.Forward(_input.Cpu, _layer.Kernel, _input.Signal.Floats(_x), _parameters, _state,
            Output.Bits, Output.Values, default, _state, _call);

        public override IEnumerable<Memory<float>> State => [_state];

        public override IEnumerable<StepSignal> Fired => Output.IsSpikes ? [Output] : [];
    }
}
