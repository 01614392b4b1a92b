using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn.Monitoring;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>Synapses whose weights every place of an image shares: y[…, oy, ox, o] = Σ x[…, oy·stride + ky − pad, ox·stride + kx − pad, c]·W[ky, kx, c, o] (+ b[o]).</summary>
/// <remarks>Spikes are multiplied event by event where that is faster; the bits of the result are the same either way. Each time step is convolved by itself.</remarks>
public abstract class ConvolutionLayer : Module, ICausal
{
    private protected ConvolutionLayer(Shape kernel, int groups, bool bias, Initializer? initializer, Rng random)
    {
        for (int axis = 0; axis < kernel.Rank; axis++)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernel[axis], nameof(kernel));
        int outputs = kernel.Last, taps = kernel.Rows / kernel[2];
        if (outputs % groups != 0)
            throw new ArgumentException($"{outputs} outputs cannot be cut into {groups} groups.", nameof(groups));
        initializer ??= Initializer.FanIn;
        Weight = new Parameter("weight", initializer.Kernel(taps, kernel[2], outputs, random.Fork("weight")).Reshaped(kernel));
        Bias = bias ? new Parameter("bias", initializer.Bias(taps * kernel[2], outputs, random.Fork("bias"))) { Decays = false } : null;
        Parameters = Bias is null ? [Weight] : [Weight, Bias];
    }

    /// <summary>W [kernel height, kernel width, inputs / groups, outputs]: the row of a place and a channel is what its spike adds.</summary>
    public Parameter Weight { get; }

    /// <summary>b [outputs], or null.</summary>
    public Parameter? Bias { get; }

    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Sizes for that many steps of that shape.</summary>
    /// <exception cref="ArgumentException">The layer does not take that shape.</exception>
    internal abstract ConvolutionCall CallFor(int images, Shape step);

    private protected abstract Shape Output(in ConvolutionCall call);

    public override Shape OutputShape(Shape step) => Output(CallFor(1, step));

    /// <summary>Throws unless the kernel fits into what comes in.</summary>
    private protected ConvolutionCall Checked(ConvolutionCall call, Shape step)
    {
        CheckUnits(step.Last, call.Inputs);
        return call.Height + 2 * call.PadHeight >= call.KernelHeight && call.Width + 2 * call.PadWidth >= call.KernelWidth
            ? call
            : throw new ArgumentException($"Layer {this} has a kernel that is larger than steps of shape {step} with their padding.");
    }

    public override Signal Forward(Tape tape, Signal input)
    {
        Shape shape = input.Shape;
        ConvolutionCall call = CallFor(shape[0] * shape[1], shape.Step);
        var y = Tensor.In(tape.Arena, Shape.Sequence(shape[0], shape[1], Output(call)), input.Lengths);
        y.NeedsGradient = true;
        ReadOnlySpan<float> weight = Weight.Value.Data, bias = Bias is null ? default : Bias.Value.Data;
        if (input is Spikes spikes)
        {
            double density = (double)spikes.Count() / Math.Max(1, shape.Count);
            Convolution.Forward(tape.Cpu, spikes.Matrix, weight, y.Data, call, Convolution.PrefersEvents(density, call), bias);
            tape.Record(new ConvolutionNode(this, call, input, null, Convolution.PrefersEventGradient(density, call), y));
        }
        else
        {
            Tensor x = tape.Floats(input);
            Convolution.Forward(tape.Cpu, x.Data, weight, y.Data, call, bias);
            tape.Record(new ConvolutionNode(this, call, input, x, false, y));
        }
        if (tape.Watcher is { } watcher)
            watcher(Seen(tape, input, y, call));
        return y;
    }

    /// <summary>What those see who watch the pass.</summary>
    private SynapseCall Seen(Tape tape, Signal input, Tensor y, ConvolutionCall call) => new(ToString(), tape, input, y, () => FanOuts.Windows(Weight.Value.Data, call));

    Stage ICausal.OpenStage(StageInput input)
    {
        ConvolutionCall call = CallFor(1, input.Signal.Shape);
        return new ConvolutionStage(this, call, input, Output(call));
    }

    private sealed class ConvolutionNode(ConvolutionLayer layer, ConvolutionCall call, Signal input, Tensor? floats, bool events, Tensor y) : Node
    {
        public override void Backward(Tape tape)
        {
            if (y.Gradient is not { } gradient)
                return;
            ReadOnlySpan<float> dY = gradient.Data;
            Span<float> dWeight = layer.Weight.Gradient.Data;
            if (floats is null)
                Convolution.WeightGradient(tape.Cpu, ((Spikes)input).Matrix, dY, dWeight, call, events);
            else
                Convolution.WeightGradient(tape.Cpu, floats.Data, dY, dWeight, call);
            if (layer.Bias is { } bias)
                Reduce.AddColumnSums(tape.Cpu, dY, bias.Gradient.Data, y.Shape.Rows, call.Outputs);
            if (!input.NeedsGradient)
                return;
            GradientTarget target = tape.Target(input);
            Convolution.InputGradient(tape.Cpu, dY, layer.Weight.Value.Data, target.Span, call);
            target.Commit();
        }
    }

    private sealed class ConvolutionStage(ConvolutionLayer layer, ConvolutionCall call, StageInput input, Shape output) : Stage(StepSignal.OfValues(output))
    {
        public override void Step()
        {
            StepSignal signal = input.Signal;
            ReadOnlySpan<float> weight = layer.Weight.Value.Data, bias = layer.Bias is null ? default : layer.Bias.Value.Data;
            if (signal.IsSpikes)
                Convolution.Forward(input.Cpu, new SpikeMatrix(signal.Bits, signal.Shape.Rows, call.Inputs, signal.Scale), weight, Output.Values, call, events: true, bias);
            else
                Convolution.Forward(input.Cpu, signal.Values, weight, Output.Values, call, bias);
        }
    }
}
