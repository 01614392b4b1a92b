using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>The mean of each channel over all places of a time step: [B, T, H, W, C] or [B, T, L, C] → [B, T, C].</summary>
public sealed class GlobalAveragePool : Module, ICausal
{
    public override string Kind => "global-average-pool";

    public override Shape OutputShape(Shape step) => CallFor(1, step).Channels;

    public override Signal Forward(Tape tape, Signal input)
    {
        PoolingCall call = CallFor(input.Shape[0] * input.Shape[1], input.Shape.Step);
        return AveragePool.Mean(tape, input, call, new Shape(input.Shape[0], input.Shape[1], call.Channels));
    }

    Stage ICausal.OpenStage(StageInput input)
    {
        PoolingCall call = CallFor(1, input.Signal.Shape);
        return new AveragePool.MeanStage(call, input, call.Channels);
    }

    private PoolingCall CallFor(int images, Shape step)
    {
        if (step.Rank < 2)
            throw new ArgumentException($"Layer {this} takes steps [L, C] or [H, W, C], not {step}.");
        (int height, int width) = step.Rank == 2 ? (1, step[0]) : (step[0], step[1]);
        return new PoolingCall(images, height, width, step.Last, height, width, height, width);
    }
}
