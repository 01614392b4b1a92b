using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn.Monitoring;
using Volley.Nn.Neurons;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>One pass of spiking neurons with a feedback: what forward leaves for backward, and the calls of the driver.</summary>
internal sealed class RecurrentPass
{
    private readonly NeuronLayer _neurons;
    private readonly Dense _feedback;
    private readonly Tensor _parameters, _total;
    private readonly Tensor? _initial, _saved;

    /// <param name="x">Feed-forward currents [B, T, N].</param>
    /// <param name="delays">How late spikes come back.</param>
    public RecurrentPass(Tape tape, NeuronLayer neurons, Dense feedback, Tensor x, FeedbackDelays delays = default)
    {
        (_neurons, _feedback) = (neurons, feedback);
        Call = neurons.CallFor(x.Shape, tape.Truncate);
        int n = Call.Neurons;
        _parameters = neurons.ParametersIn(tape.Arena);
        _initial = neurons.InitialIn(tape, Call.Batch);
        _total = Tensor.In(tape.Arena, x.Shape, x.Lengths);
        _saved = tape.Training ? Tensor.In(tape.Arena, new Shape(Call.Batch, Call.Steps, neurons.Kernel.States.Count, n)) : null;
        float width = neurons.Firing.Surrogate.Support;
        Spikes? support = tape.Training && float.IsFinite(width) ? Spikes.In(tape.Arena, x.Shape) : null;
        Spikes = Spikes.In(tape.Arena, x.Shape, x.Lengths, support: support);
        Spikes.NeedsGradient = true;
        var packed = Tensor.In(tape.Arena, new Shape(n, SpikeGemm.PackedOutputs(tape.Cpu, n)));
        SpikeGemm.PackWeights(tape.Cpu, feedback.Weight.Value.Data, packed.Data, n, n);
        RecurrentDriver.Forward(tape.Cpu, neurons.Kernel, x.Data, packed.Data, feedback.Bias is null ? default : feedback.Bias.Value.Data, _parameters.Data,
            _initial is null ? default : _initial.Data, default, _total.Data, Spikes.Bits, _saved is null ? default : _saved.Data, default, Call, x.Lengths,
            support is null ? default : support.Bits, width, delays);
    }

    public NeuronCall Call { get; }

    /// <summary>What the neurons fired.</summary>
    public Spikes Spikes { get; }

    /// <summary>Tells those who watch the pass of it: of the neurons, and of what their spikes send back.</summary>
    /// <param name="tape">The pass.</param>
    /// <param name="layer">The layer that called.</param>
    /// <param name="arriving">What comes back at each step [B, T, N]; null for the spikes of the step before.</param>
    public void Tell(Tape tape, Module layer, Signal? arriving = null)
    {
        if (tape.Watcher is not { } watcher)
            return;
        watcher(new PopulationCall(layer, tape, _neurons, Call, _total, _parameters, _initial));
        Func<FanOut> fanOut = arriving is null
            ? () => FanOuts.Returning(_feedback.Weight.Value.Data, Call.Neurons)
            : () => FanOut.Of(_feedback.Weight.Value);
        watcher(new SynapseCall(layer.ToString(), tape, arriving ?? Spikes, null, fanOut));
    }

    /// <summary>Throws unless these make a recurrent layer.</summary>
    /// <exception cref="ArgumentException">The layer does not spike, or the sizes differ.</exception>
    public static void Check(NeuronLayer neurons, Dense feedback)
    {
        if (!neurons.Kernel.Spiking)
            throw new ArgumentException($"A recurrent layer needs spiking neurons; {neurons.Kind} does not spike.", nameof(neurons));
        if (feedback.OutputShape(neurons.Neurons) != neurons.Neurons)
            throw new ArgumentException($"The feedback must lead from {neurons.Neurons} units to as many.", nameof(feedback));
    }

    /// <summary>The shape of a step behind the layer <paramref name="layer"/>.</summary>
    public static Shape OutputShape(NeuronLayer neurons, Shape step, Module layer) => step.Rank == 1
        ? neurons.OutputShape(step)
        : throw new ArgumentException($"Layer {layer} takes steps [N], not {step}; flatten images before it.");

    /// <summary>Writes the gradient of the currents, adds to those of the neurons' parameters and of the bias, and leaves V to the caller.</summary>
    public void Backward(Tape tape, ReadOnlySpan<float> dSpikes, Span<float> dTotal, FeedbackDelays delays = default)
    {
        int n = Call.Neurons;
        var perSample = Tensor.In(tape.Arena, new Shape(Call.Batch, _neurons.Kernel.Parameters.Count, n));
        perSample.Data.Clear();
        using var packed = new PackedMatrix(n, n);
        packed.Pack(tape.Cpu, _feedback.Weight.Value.Data, transposeB: true);
        RecurrentDriver.Backward(tape.Cpu, _neurons.Kernel, _total.Data, packed, _parameters.Data, _saved!.Data, dSpikes, _neurons.Firing.Surrogate, dTotal,
            perSample.Data, Call, _total.Lengths, delays);
        _neurons.AccumulateSampleGradients(tape, perSample.Data, Call.Batch);
        if (_feedback.Bias is { } bias)
            Reduce.AddColumnSums(tape.Cpu, dTotal, bias.Gradient.Data, Call.Batch * Call.Steps, n);
    }
}
