using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>The mean of each window; zeros of the padding count, as in PyTorch.</summary>
/// <param name="size">Rows and columns of a window.</param>
/// <param name="stride">Rows and columns from one window to the next; <paramref name="size"/> when null.</param>
/// <param name="padding">Zeros on every side, fewer than the window has rows.</param>
public sealed class AveragePool(int size, int? stride = null, int padding = 0) : PoolingLayer(size, stride, padding), ICausal
{
    public override string Kind => "average-pool";

    public override Signal Forward(Tape tape, Signal input)
    {
        PoolingCall call = CallFor(input.Shape[0] * input.Shape[1], input.Shape.Step);
        return Mean(tape, input, call, Output(call, input));
    }

    /// <summary>The means of the windows, in that shape.</summary>
    internal static Tensor Mean(Tape tape, Signal input, PoolingCall call, Shape shape)
    {
        var y = Tensor.In(tape.Arena, shape, input.Lengths);
        y.NeedsGradient = input.NeedsGradient;
        if (input is Spikes spikes)
            Pooling.AverageForward(tape.Cpu, spikes.Matrix, y.Data, call);
        else
            Pooling.AverageForward(tape.Cpu, tape.Floats(input).Data, y.Data, call);
        tape.Record(new MeanNode(call, input, y));
        return y;
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        PoolingCall call = CallFor(1, input.Signal.Shape);
        return new MeanStage(call, input, Output(call, input.Signal.Shape));
    }

    private sealed class MeanNode(PoolingCall call, Signal input, Tensor y) : Node
    {
        public override void Backward(Tape tape)
        {
            if (y.Gradient is not { } gradient || !input.NeedsGradient)
                return;
            GradientTarget target = tape.Target(input);
            Pooling.AverageBackward(tape.Cpu, gradient.Data, target.Span, call);
            target.Commit();
        }
    }

    internal sealed class MeanStage(PoolingCall call, StageInput input, Shape output) : Stage(StepSignal.OfValues(output))
    {
        public override void Step()
        {
            StepSignal signal = input.Signal;
            if (signal.IsSpikes)
                Pooling.AverageForward(input.Cpu, new SpikeMatrix(signal.Bits, signal.Shape.Rows, signal.Shape.Last, signal.Scale), Output.Values, call);
            else
                Pooling.AverageForward(input.Cpu, signal.Values, Output.Values, call);
        }
    }
}
