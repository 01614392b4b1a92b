using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>Convolution of images, [B, T, H, W, C] → [B, T, H′, W′, C′], within each time step; the kernel is square.</summary>
public sealed class Conv2d : ConvolutionLayer
{
    private readonly int _inputs, _outputs, _kernel, _stride, _padding, _groups;

    /// <param name="inputs">C.</param>
    /// <param name="outputs">C′.</param>
    /// <param name="kernel">Rows, and columns, that an output sees.</param>
    /// <param name="random">Draws the initial weights.</param>
    /// <param name="stride">Rows, and columns, from one output to the next.</param>
    /// <param name="padding">Zeros on every side, fewer than the kernel has rows.</param>
    /// <param name="groups">Parts of the channels that see only their own.</param>
    /// <param name="bias">Whether each output has a bias.</param>
    /// <param name="initializer">How weights are drawn; <see cref="Initializer.FanIn"/> when null.</param>
    public Conv2d(int inputs, int outputs, int kernel, Rng random, int stride = 1, int padding = 0, int groups = 1, bool bias = true, Initializer? initializer = null)
        : base(ConvolutionSizes.Kernel(kernel, kernel, inputs, outputs, stride, padding, groups), groups, bias, initializer, random) =>
        (_inputs, _outputs, _kernel, _stride, _padding, _groups) = (inputs, outputs, kernel, stride, padding, groups);

    public override string Kind => "conv2d";

    internal override ConvolutionCall CallFor(int images, Shape step) => step.Rank == 3
        ? Checked(new(images, step[0], step[1], _inputs, _outputs, _kernel, _kernel, _stride, _stride, _padding, _padding, _groups), step)
        : throw new ArgumentException($"Layer {this} takes images with steps [H, W, {_inputs}], not {step}.");

    private protected override Shape Output(in ConvolutionCall call) => new(call.OutputHeight, call.OutputWidth, call.Outputs);
}
