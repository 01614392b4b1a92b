using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn.Monitoring;
using Volley.Tensors;

namespace Volley.Nn.Neurons;

/// <summary>What layers of neurons have in common beside their model.</summary>
/// <param name="Surrogate">Stands in for the derivative of the spike.</param>
/// <param name="FiresAtThreshold">Θ(0): true to fire at u = θ, false only above.</param>
/// <param name="RandomInitialState">True to draw the initial state from U(0, 1) at every pass, as sparch does, also in evaluation; false for zeros.</param>
public sealed record Firing(ISurrogate Surrogate, bool FiresAtThreshold = false, bool RandomInitialState = false);

/// <summary>A population of neurons. Maps currents [B, T, N] to spikes [B, T, N], or, for a non-spiking model, to potentials [B, T, N]. With images [B, T, H, W, N] or
/// signals [B, T, L, N] there is a neuron at every place, and those of a channel share what is learned.</summary>
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

    /// <summary>N: neurons of a sequence, channels of an image.</summary>
    public int Neurons { get; }

    public Firing Firing { get; }

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override Shape OutputShape(Shape step)
    {
        CheckUnits(step.Last, Neurons);
        return step;
    }

    /// <summary>The numbers that the model computes with, [P, N] in the order of <see cref="NeuronKernel.Parameters"/>: decays, not time constants.</summary>
    public float[] KernelParameters()
    {
        var parameters = new float[Kernel.Parameters.Count * Neurons];
        FillParameters(parameters);
        return parameters;
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
    }

    /// <summary>Throws where the whole sequence starts from a state that a stream does not have.</summary>
    /// <param name="layer">What the message names.</param>
    internal void CheckStreams(Module layer)
    {
        if (Firing.RandomInitialState)
            throw new NotSupportedException($"Layer {layer} cannot run as a stream: it draws a random initial state for every sequence. Use an initial state of zeros instead.");
    }

    internal NeuronCall CallFor(Shape shape, int truncate) =>
        new(shape[0], shape[1], shape.Step.Count, Firing.FiresAtThreshold, Truncate: truncate);

    /// <summary>The kernel's parameters [P, places · N], those of a channel again at each of its places.</summary>
    internal Tensor ParametersIn(Arena arena, int places = 1)
    {
        var parameters = Tensor.In(arena, new Shape(Kernel.Parameters.Count, places * Neurons));
        FillParameters(parameters.Data, places);
        return parameters;
    }

    private void FillParameters(Span<float> parameters, int places)
    {
        int count = Kernel.Parameters.Count;
        FillParameters(parameters[..(count * Neurons)]);
        // From the last row on, so that none is written over before it was copied.
        for (int p = count - 1; places > 1 && p >= 0; p--)
        {
            Span<float> all = parameters.Slice(p * places * Neurons, places * Neurons);
            Row(parameters, p).CopyTo(all);
            for (int place = 1; place < places; place++)
                all[..Neurons].CopyTo(all[(place * Neurons)..]);
        }
    }

    /// <summary>A number a channel, again at each place.</summary>
    internal static ReadOnlySpan<float> AtPlaces(Tape tape, ReadOnlySpan<float> channels, int places)
    {
        if (places == 1 || channels.IsEmpty)
            return channels;
        Span<float> all = Tensor.In(tape.Arena, new Shape(places * channels.Length)).Data;
        for (int place = 0; place < places; place++)
            channels.CopyTo(all[(place * channels.Length)..]);
        return all;
    }

    /// <summary>The initial state [B, S, N]; null for zeros.</summary>
    internal Tensor? InitialIn(Tape tape, int batch, int places = 1)
    {
        if (!Firing.RandomInitialState)
            return null;
        var initial = Tensor.In(tape.Arena, new Shape(batch, Kernel.States.Count, places * Neurons));
        tape.NextRandom().FillUniform(tape.Cpu, initial.Data, 0, 1);
        return initial;
    }

    /// <summary>Sums the gradients of the samples [B, P, N] in order and hands them on.</summary>
    internal void AccumulateSampleGradients(Tape tape, Span<float> perSample, int batch, int places = 1)
    {
        int count = Kernel.Parameters.Count, size = count * Neurons;
        var total = Tensor.In(tape.Arena, new Shape(size * places));
        total.Data.Clear();
        Reduce.AddColumnSums(tape.Cpu, perSample, total.Data, batch, size * places);
        if (places > 1)
        {
            var channels = Tensor.In(tape.Arena, new Shape(size));
            channels.Data.Clear();
            for (int p = 0; p < count; p++)
                Reduce.AddColumnSums(tape.Cpu, total.Data.Slice(p * places * Neurons, places * Neurons), Row(channels.Data, p), places, Neurons);
            total = channels;
        }
        AccumulateGradients(total.Data);
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        CheckSequence(input.Shape, this);
        var scaled = input as Scaled;
        Tensor x = scaled is null ? tape.Floats(input) : scaled.Source;
        NeuronCall call = CallFor(x.Shape, tape.Truncate);
        int places = x.Shape.Step.Rows;
        Tensor parameters = ParametersIn(tape.Arena, places);
        Tensor? initial = InitialIn(tape, call.Batch, places);
        Tensor? saved = tape.Training ? Tensor.In(tape.Arena, new Shape(call.Batch, call.Segments, Kernel.States.Count, call.Neurons)) : null;
        ReadOnlySpan<float> factors = AtPlaces(tape, Factors(scaled), places), offsets = AtPlaces(tape, Offsets(scaled), places);
        Span<float> start = initial is null ? default : initial.Data, states = saved is null ? default : saved.Data;
        Signal output;
        if (Kernel.Spiking)
        {
            float width = Firing.Surrogate.Support;
            var flat = new Shape(call.Batch, call.Steps, call.Neurons);
            Spikes? support = tape.Training && float.IsFinite(width) ? Spikes.In(tape.Arena, flat) : null;
            var fired = Spikes.In(tape.Arena, flat, x.Lengths, support: support);
            NeuronDriver.Forward(tape.Cpu, Kernel, x.Data, parameters.Data, start, fired.Bits, default, states, default, call, x.Lengths, factors, offsets,
                support is null ? default : support.Bits, width);
            Spikes spikes = Axes.InRows(tape, fired, x.Shape);
            tape.Observe(ToString(), spikes);
            output = spikes;
        }
        else
        {
            var values = Tensor.In(tape.Arena, x.Shape, x.Lengths);
            NeuronDriver.Forward(tape.Cpu, Kernel, x.Data, parameters.Data, start, default, values.Data, states, default, call, x.Lengths, factors, offsets);
            output = values;
        }
        output.NeedsGradient = true;
        tape.Watcher?.Invoke(new PopulationCall(this, tape, this, call, (Signal?)scaled ?? x, parameters, initial));
        if (saved is not null)
            tape.Record(new NeuronNode(this, call, input, x, parameters, saved, output, places));
        return output;
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Shape.Last, Neurons);
        CheckStreams(this);
        return new NeuronStage(this, input);
    }

    internal static ReadOnlySpan<float> Factors(Scaled? scaled) => scaled is null ? default : scaled.Factors;

    internal static ReadOnlySpan<float> Offsets(Scaled? scaled) => scaled is null ? default : scaled.Offsets;

    private sealed class NeuronNode(NeuronLayer layer, NeuronCall call, Signal input, Tensor x, Tensor parameters, Tensor saved, Signal output, int places) : Node
    {
        public override void Backward(Tape tape)
        {
            if (output.Gradient is not { } dOutput)
                return;
            GradientTarget target = tape.Target(input, spent: dOutput);
            var perSample = Tensor.In(tape.Arena, new Shape(call.Batch, layer.Kernel.Parameters.Count, call.Neurons));
            perSample.Data.Clear();
            NeuronDriver.Backward(tape.Cpu, layer.Kernel, x.Data, parameters.Data, saved.Data, dOutput.Data, layer.Firing.Surrogate,
                target.Span, perSample.Data, default, call, x.Lengths,
                AtPlaces(tape, Factors(input as Scaled), places), AtPlaces(tape, Offsets(input as Scaled), places));
            layer.AccumulateSampleGradients(tape, perSample.Data, call.Batch, places);
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
        private readonly ulong[] _bits;

        public NeuronStage(NeuronLayer layer, StageInput input)
            : base(layer.Kernel.Spiking ? StepSignal.OfSpikes(input.Signal.Shape) : StepSignal.OfValues(input.Signal.Shape))
        {
            (_layer, _input) = (layer, input);
            int neurons = input.Signal.Units;
            _call = new NeuronCall(1, 1, neurons, layer.Firing.FiresAtThreshold);
            _parameters = new float[layer.Kernel.Parameters.Count * neurons];
            _state = new float[layer.Kernel.States.Count * neurons];
            _x = new float[neurons];
            _bits = new ulong[Output.IsSpikes ? _call.WordsPerRow : 0];
            layer.FillParameters(_parameters, input.Signal.Shape.Rows);
        }

        public override void Step()
        {
            NeuronDriver.Forward(_input.Cpu, _layer.Kernel, _input.Signal.Floats(_x), _parameters, _state, _bits, Output.Values, default, _state, _call);
            if (Output.IsSpikes)
                SpikeBits.Regroup(_input.Cpu, _bits, Output.Bits, 1, _call.Neurons, _call.Neurons, Output.Shape.Last);
        }

        public override IEnumerable<Memory<float>> State => [_state];

        public override IEnumerable<StepSignal> Fired => Output.IsSpikes ? [Output] : [];
    }
}
