using Volley.Autograd;
using Volley.Kernels.Neurons;
using Volley.Nn.Monitoring;
using Volley.Tensors;

namespace Volley.Nn.Neurons;

/// <summary>Parallel spiking neurons (Fang et al. 2023): no reset, so that all steps are one product over time.
/// H[t] = Σₛ W[t, s]·X[s],  S[t] = Θ(H[t] + b[t]) with Θ(0) = 1. Maps currents [B, T, …, C] to spikes of the same shape.</summary>
/// <remarks>W and b belong to the layer, not to a neuron, so the layer takes any number of neurons. b is minus the threshold; it starts at −1.</remarks>
public abstract class ParallelNeuronLayer : Module
{
    private protected ParallelNeuronLayer(Tensor weight, int biases, ISurrogate? surrogate)
    {
        Weight = new Parameter("weight", weight);
        Bias = new Parameter("bias", Tensor.Zeros(new Shape(biases)));
        Bias.Value.Data.Fill(-1);
        Surrogate = surrogate ?? new ATan(2);
        Parameters = [Weight, Bias];
    }

    /// <summary>W [T, T], or w [k] of sliding neurons: the weight of the current input last.</summary>
    public Parameter Weight { get; }

    /// <summary>b = −threshold, [T] or [1].</summary>
    public Parameter Bias { get; }

    /// <summary>Stands in for the derivative of the spike.</summary>
    public ISurrogate Surrogate { get; }

    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>T, where the layer has weights for that many steps and takes no other sequences; null for any number.</summary>
    public virtual int? Steps => null;

    public override Shape OutputShape(Shape step) => step;

    /// <summary>The kernel's call for that many samples, steps and neurons.</summary>
    private protected abstract PsnCall CallFor(PsnCall shape);

    /// <summary>The weights that this pass computes with.</summary>
    private protected virtual Tensor PassWeights(Tape tape) => Weight.Value;

    /// <summary>Where the gradient of <see cref="PassWeights"/> is added up.</summary>
    private protected virtual Tensor PassGradient(Tape tape) => Weight.Gradient;

    /// <summary>Hands the gradient of <see cref="PassWeights"/> on to the weights.</summary>
    private protected virtual void AddGradient(Tensor passGradient)
    {
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        PsnCall call = CallFor(ShapeOf(input.Shape));
        var scaled = input as Scaled;
        Tensor x = scaled is null ? tape.Floats(input) : scaled.Source, weights = PassWeights(tape);
        float width = Surrogate.Support;
        Spikes? support = tape.Training && float.IsFinite(width) ? Spikes.In(tape.Arena, x.Shape) : null;
        var spikes = Spikes.In(tape.Arena, x.Shape, x.Lengths, support: support);
        spikes.NeedsGradient = true;
        Tensor? potentials = tape.Training && call.KeepsPotentials ? Tensor.In(tape.Arena, x.Shape) : null;
        Psn.Forward(tape.Cpu, x.Data, weights.Data, Bias.Value.Data, spikes.Bits, call, x.Lengths, NeuronLayer.Factors(scaled), NeuronLayer.Offsets(scaled),
            support is null ? default : support.Bits, width, potentials is null ? default : potentials.Data);
        tape.Observe(ToString(), spikes);
        tape.Watcher?.Invoke(new ParallelCall(this, tape, call, (Signal?)scaled ?? x, weights));
        tape.Record(new ParallelNode(this, call, input, x, weights, potentials, spikes));
        return spikes;
    }

    private PsnCall ShapeOf(Shape shape)
    {
        if (shape.Rank < 3)
            throw new ArgumentException($"Layer {this} takes a sequence [B, T, …], not the shape {shape}.");
        long neurons = 1;
        for (int axis = 2; axis < shape.Rank; axis++)
            neurons *= shape[axis];
        return new PsnCall(shape[0], shape[1], (int)neurons, RowLength: shape.Rank > 3 ? shape.Last : 0);
    }

    private sealed class ParallelNode(ParallelNeuronLayer layer, PsnCall call, Signal input, Tensor x, Tensor weights, Tensor? potentials, Spikes spikes) : Node
    {
        public override void Backward(Tape tape)
        {
            if (spikes.Gradient is not { } dSpikes)
                return;
            GradientTarget target = tape.Target(input, spent: dSpikes);
            var partials = Tensor.In(tape.Arena, new Shape(checked((int)call.PartialCount)));
            Tensor dWeights = layer.PassGradient(tape);
            Psn.Backward(tape.Cpu, x.Data, weights.Data, layer.Bias.Value.Data, dSpikes.Data, layer.Surrogate, target.Span, dWeights.Data,
                layer.Bias.Gradient.Data, partials.Data, call, x.Lengths, NeuronLayer.Factors(input as Scaled), NeuronLayer.Offsets(input as Scaled),
                potentials is null ? default : potentials.Data);
            layer.AddGradient(dWeights);
            if (input.NeedsGradient)
                target.Commit();
        }
    }
}
