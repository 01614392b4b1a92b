using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>The maximum of each window; the first place that holds it gets the gradient. Spikes that all count the same stay spikes.</summary>
/// <param name="size">Rows and columns of a window.</param>
/// <param name="stride">Rows and columns from one window to the next; <paramref name="size"/> when null.</param>
/// <param name="padding">How far windows reach beyond the image, less than their size.</param>
public sealed class MaxPool(int size, int? stride = null, int padding = 0) : PoolingLayer(size, stride, padding), ICausal
{
    public override string Kind => "max-pool";

    public override Signal Forward(Tape tape, Signal input)
    {
        PoolingCall call = CallFor(input.Shape[0] * input.Shape[1], input.Shape.Step);
        Shape shape = Output(call, input);
        Signal output;
        if (input is Spikes { Values: null, IsSigned: false, Scale: > 0 } spikes)
        {
            var pooled = Spikes.In(tape.Arena, shape, input.Lengths, spikes.Scale);
            Pooling.MaxForward(spikes.Bits, pooled.Bits, call);
            output = pooled;
        }
        else
        {
            var y = Tensor.In(tape.Arena, shape, input.Lengths);
            Pooling.MaxForward(tape.Cpu, tape.Floats(input).Data, y.Data, call);
            output = y;
        }
        output.NeedsGradient = input.NeedsGradient;
        tape.Record(new MaxNode(call, input, output));
        return output;
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        PoolingCall call = CallFor(1, input.Signal.Shape);
        return new MaxStage(call, input, Output(call, input.Signal.Shape));
    }

    private sealed class MaxNode(PoolingCall call, Signal input, Signal output) : Node
    {
        public override void Backward(Tape tape)
        {
            if (output.Gradient is not { } gradient || !input.NeedsGradient)
                return;
            GradientTarget target = tape.Target(input);
            Pooling.MaxBackward(tape.Cpu, tape.Floats(input).Data, gradient.Data, target.Span, call);
            target.Commit();
        }
    }

    private sealed class MaxStage(PoolingCall call, StageInput input, Shape output)
        : Stage(input.Signal.IsSpikes ? StepSignal.OfSpikes(output, input.Signal.Scale) : StepSignal.OfValues(output))
    {
        public override void Step()
        {
            if (input.Signal.IsSpikes)
                Pooling.MaxForward(input.Signal.Bits, Output.Bits, call);
            else
                Pooling.MaxForward(input.Cpu, input.Signal.Values, Output.Values, call);
        }
    }
}
