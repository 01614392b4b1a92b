using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>One number for each window and channel of images [B, T, H, W, C] or signals [B, T, L, C], within each time step.</summary>
public abstract class PoolingLayer : Module
{
    private readonly int _size, _stride, _padding;

    private protected PoolingLayer(int size, int? stride, int padding)
    {
        (_size, _stride, _padding) = (size, stride ?? size, padding);
        ConvolutionSizes.CheckWindow(_size, _stride, _padding);
    }

    /// <summary>Sizes for that many steps of that shape.</summary>
    /// <exception cref="ArgumentException">The layer does not take that shape.</exception>
    internal PoolingCall CallFor(int images, Shape step)
    {
        if (step.Rank < 2)
            throw new ArgumentException($"Layer {this} takes steps [L, C] or [H, W, C], not {step}.");
        if (step[0] + 2 * _padding < _size || (step.Rank == 3 && step[1] + 2 * _padding < _size))
            throw new ArgumentException($"Layer {this} has a window that is larger than steps of shape {step} with their padding.");
        return step.Rank == 2
            ? new PoolingCall(images, 1, step[0], step[1], 1, _size, 1, _stride, 0, _padding)
            : new PoolingCall(images, step[0], step[1], step[2], _size, _size, _stride, _stride, _padding, _padding);
    }

    private protected static Shape Output(in PoolingCall call, Shape step) =>
        step.Rank == 2 ? new Shape(call.OutputWidth, call.Channels) : new Shape(call.OutputHeight, call.OutputWidth, call.Channels);

    private protected static Shape Output(in PoolingCall call, Signal input) =>
        Shape.Sequence(input.Shape[0], input.Shape[1], Output(call, input.Shape.Step));

    public override Shape OutputShape(Shape step) => Output(CallFor(1, step), step);
}
