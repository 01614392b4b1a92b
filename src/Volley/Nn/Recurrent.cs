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
        RecurrentPass.Check(neurons, feedback);
        (_neurons, _feedback) = (neurons, feedback);
        Children = [("neurons", neurons), ("feedback", feedback)];
    }

    public override string Kind => $"recurrent-{_neurons.Kind}";

    public override IReadOnlyList<(string Name, Module Module)> Children { get; }

    public override Shape OutputShape(Shape step) => RecurrentPass.OutputShape(_neurons, step, this);

    public override Signal Forward(Tape tape, Signal input)
    {
        _neurons.CheckSequence(input.Shape, this);
        if (input.Shape.Rank > 3)
            throw new NotSupportedException($"Layer {this} takes [B, T, N], not {input.Shape}; flatten images before it.");
        var pass = new RecurrentPass(tape, _neurons, _feedback, tape.Floats(input));
        tape.Observe(ToString(), pass.Spikes);
        pass.Tell(tape, this);
        if (tape.Training)
            tape.Record(new RecurrentNode(_feedback, pass, input));
        return pass.Spikes;
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        CheckUnits(input.Signal.Shape.Last, _neurons.Neurons);
        _neurons.CheckStreams(this);
        return new RecurrentStage(this, input);
    }

    private sealed class RecurrentNode(Dense feedback, RecurrentPass pass, Signal input) : Node
    {
        public override void Backward(Tape tape)
        {
            Spikes spikes = pass.Spikes;
            if (spikes.Gradient is not { } dSpikes)
                return;
            GradientTarget target = tape.Target(input, spent: dSpikes);
            Span<float> dTotal = target.Span;
            pass.Backward(tape, dSpikes.Data, dTotal);
            var before = Spikes.In(tape.Arena, spikes.Shape);
            SpikesBefore(spikes, before, pass.Call);
            SpikeGemm.WeightGradient(tape.Cpu, before.Matrix, dTotal, feedback.Weight.Gradient.Data, pass.Call.Neurons);
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
        private readonly RecurrentStep _step;
        private readonly float[] _fired;

        public RecurrentStage(Recurrent layer, StageInput input) : base(StepSignal.OfSpikes(layer._neurons.Neurons))
        {
            _step = new RecurrentStep(layer._neurons, layer._feedback, input);
            _fired = new float[layer._neurons.Neurons];
        }

        public override void Step()
        {
            SpikeBits.FromFloats(_fired, _step.Arriving, 1, _fired.Length, out _);
            _step.Run(Output.Bits);
            Output.Floats(_fired);
        }

        public override IEnumerable<Memory<float>> State => [_step.State, _fired];

        public override IEnumerable<StepSignal> Fired => [Output];
    }
}
