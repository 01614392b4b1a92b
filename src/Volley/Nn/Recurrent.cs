using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>Spiking neurons whose spikes come back to their own layer one step later: I[t] = x[t] + z[t−1]·V.</summary>
public sealed class Recurrent : Module, ICausal
{
    private readonly NeuronLayer _neurons;
    private readonly Dense _feedback;

    /// <param name="neurons">The layer; it must spike.</param>
    /// <param name="feedback">V: as many inputs and outputs as there are neurons.</param>
    /// <exception cref="ArgumentException">The layer does not spike, or the sizes differ.</exception>
    public Recurrent(NeuronLayer neurons, Dense feedback)
    {
        if (!neurons.Kernel.Spiking)
            throw new ArgumentException($"A recurrent layer needs spiking neurons; {neurons.Kind} does not spike.", nameof(neurons));
        if (feedback.OutputShape(neurons.Neurons) != neurons.Neurons)
            throw new ArgumentException($"The feedback must lead from {neurons.Neurons} units to as many.", nameof(feedback));
        (_neurons, _feedback) = (neurons, feedback);
        Children = [("neurons", neurons), ("feedback", feedback)];
    }

    public override string Kind => $"recurrent-{_neurons.Kind}";

    public override IReadOnlyList<(string Name, Module Module)> Children { get; }

    public override Shape OutputShape(Shape step)
    {
        if (step.Rank > 1)
            throw new ArgumentException($"Layer {this} takes steps [N], not {step}; flatten images before it.");
        return _neurons.OutputShape(step);
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        _neurons.CheckSequence(input.Shape, this);
        if (input.Shape.Rank > 3)
            throw new NotSupportedException($"Layer {this} takes [B, T, N], not {input.Shape}; flatten images before it.");
        Tensor x = tape.Floats(input);
        NeuronCall call = _neurons.CallFor(x.Shape, tape.Truncate);
        int n = call.Neurons, states = _neurons.Kernel.States.Count;
        Tensor parameters = _neurons.ParametersIn(tape.Arena);
        Tensor? initial = _neurons.InitialIn(tape, call.Batch);
        var total = Tensor.In(tape.Arena, x.Shape, x.Lengths);
        Tensor? saved = tape.Training ? Tensor.In(tape.Arena, new Shape(call.Batch, call.Steps, states, n)) : null;
        float width = _neurons.Firing.Surrogate.Support;
        Spikes? support = tape.Training && float.IsFinite(width) ? Spikes.In(tape.Arena, x.Shape) : null;
        var spikes = Spikes.In(tape.Arena, x.Shape, x.Lengths, support: support);
        spikes.NeedsGradient = true;
        var packed = Tensor.In(tape.Arena, new Shape(n, SpikeGemm.PackedOutputs(tape.Cpu, n)));
        SpikeGemm.PackWeights(tape.Cpu, _feedback.Weight.Value.Data, packed.Data, n, n);
        RecurrentDriver.Forward(tape.Cpu, _neurons.Kernel, x.Data, packed.Data, _feedback.Bias is null ? default : _feedback.Bias.Value.Data,
            parameters.Data, initial is null ? default : initial.Data, default, total.Data, spikes.Bits, saved is null ? default : saved.Data, default, call, x.Lengths,
            support is null ? default : support.Bits, width);
        tape.Observe(ToString(), spikes);
        tape.CountSynapticOperations(Returning(spikes, call), n);
        if (saved is not null)
            tape.Record(new RecurrentNode(this, call, input, total, parameters, saved, spikes));
        return spikes;
    }

    /// <summary>Spikes that come back: all but those of a sample's last step.</summary>
    private static long Returning(Spikes spikes, NeuronCall call)
    {
        long count = 0;
        for (int b = 0; b < call.Batch; b++)
        {
            int length = spikes.Lengths is { } lengths ? lengths[b] : call.Steps;
            count += SpikeBits.CountSpikes(spikes.Bits.Slice(b * call.Steps * call.WordsPerRow, Math.Max(0, length - 1) * call.WordsPerRow));
        }
        return count;
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Shape.Last, _neurons.Neurons);
        _neurons.CheckStreams(this);
        return new RecurrentStage(this, input);
    }

    private sealed class RecurrentNode(Recurrent layer, NeuronCall call, Signal input, Tensor total, Tensor parameters, Tensor saved, Spikes spikes) : Node
    {
        public override void Backward(Tape tape)
        {
            if (spikes.Gradient is not { } dSpikes)
                return;
            NeuronLayer neurons = layer._neurons;
            Dense feedback = layer._feedback;
            int n = call.Neurons;
            GradientTarget target = tape.Target(input, spent: dSpikes);
            var perSample = Tensor.In(tape.Arena, new Shape(call.Batch, neurons.Kernel.Parameters.Count, n));
            perSample.Data.Clear();
            using var packed = new PackedMatrix(n, n);
            packed.Pack(tape.Cpu, feedback.Weight.Value.Data, transposeB: true);
            Span<float> dTotal = target.Span;
            RecurrentDriver.Backward(tape.Cpu, neurons.Kernel, total.Data, packed, parameters.Data, saved.Data, dSpikes.Data, neurons.Firing.Surrogate,
                dTotal, perSample.Data, call, total.Lengths);
            neurons.AccumulateSampleGradients(tape, perSample.Data, call.Batch);

            var before = Spikes.In(tape.Arena, spikes.Shape);
            SpikesBefore(spikes, before, call);
            SpikeGemm.WeightGradient(tape.Cpu, before.Matrix, dTotal, feedback.Weight.Gradient.Data, n);
            if (feedback.Bias is { } bias)
                Reduce.AddColumnSums(tape.Cpu, dTotal, bias.Gradient.Data, call.Batch * call.Steps, n);
            if (input.NeedsGradient)
                target.Commit();
        }

        /// <summary>The spikes one step later: what came back to the layer at each step.</summary>
        private static void SpikesBefore(Spikes spikes, Spikes before, NeuronCall call)
        {
            int sample = call.Steps * call.WordsPerRow;
            for (int b = 0; b < call.Batch; b++)
            {
                Span<ulong> to = before.Bits.Slice(b * sample, sample);
                to[..call.WordsPerRow].Clear();
                spikes.Bits.Slice(b * sample, sample - call.WordsPerRow).CopyTo(to[call.WordsPerRow..]);
            }
        }
    }

    private sealed class RecurrentStage : Stage
    {
        private readonly NeuronLayer _neurons;
        private readonly StageInput _input;
        private readonly NeuronCall _call;
        private readonly float[] _parameters, _feedback, _bias, _x, _total, _state, _fired;
        private readonly ulong[] _before;

        public RecurrentStage(Recurrent layer, StageInput input) : base(StepSignal.OfSpikes(layer._neurons.Neurons))
        {
            (_neurons, _input) = (layer._neurons, input);
            int n = _neurons.Neurons;
            _call = new NeuronCall(1, 1, n, _neurons.Firing.FiresAtThreshold);
            _parameters = new float[_neurons.Kernel.Parameters.Count * n];
            _neurons.FillParameters(_parameters);
            _feedback = new float[n * SpikeGemm.PackedOutputs(input.Cpu, n)];
            SpikeGemm.PackWeights(input.Cpu, layer._feedback.Weight.Value.Data, _feedback, n, n);
            _bias = layer._feedback.Bias is { } bias ? bias.Value.Data.ToArray() : [];
            (_x, _total, _fired) = (new float[n], new float[n], new float[n]);
            _state = new float[_neurons.Kernel.States.Count * n];
            _before = new ulong[_call.WordsPerRow];
        }

        public override void Step()
        {
            SpikeBits.FromFloats(_fired, _before, 1, _fired.Length, out _);
            RecurrentDriver.Forward(_input.Cpu, _neurons.Kernel, _input.Signal.Floats(_x), _feedback, _bias, _parameters, _state, _before, _total,
                Output.Bits, default, _state, _call);
            Output.Floats(_fired);
        }

        public override IEnumerable<Memory<float>> State => [_state, _fired];

        public override IEnumerable<StepSignal> Fired => [Output];
    }
}
