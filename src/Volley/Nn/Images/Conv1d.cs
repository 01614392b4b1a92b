using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn;

/// <summary>Convolution of one-dimensional signals, [B, T, L, C] → [B, T, L′, C′], within each time step.</summary>
public sealed class Conv1d : ConvolutionLayer
{
    private readonly int _inputs, _outputs, _kernel, _stride, _padding, _groups;

    /// <param name="inputs">C.</param>
    /// <param name="outputs">C′.</param>
    /// <param name="kernel">Places that an output sees.</param>
    /// <param name="random">Draws the initial weights.</param>
    /// <param name="stride">Places from one output to the next.</param>
    /// <param name="padding">Zeros on either side, fewer than the kernel has places.</param>
    /// <param name="groups">Parts of the channels that see only their own.</param>
    /// <param name="bias">Whether each output has a bias.</param>
    /// <param name="initializer">How weights are drawn; <see cref="Initializer.FanIn"/> when null.</param>
    public Conv1d(int inputs, int outputs, int kernel, Rng random, int stride = 1, int padding = 0, int groups = 1, bool bias = true, Initializer? initializer = null)
        : base(ConvolutionSizes.Kernel(1, kernel, inputs, outputs, stride, padding, groups), groups, bias, initializer, random) =>
        (_inputs, _outputs, _kernel, _stride, _padding, _groups) = (inputs, outputs, kernel, stride, padding, groups);

    public override string Kind => "conv1d";

    internal override ConvolutionCall CallFor(int images, Shape step) => step.Rank == 2
        ? Checked(new(images, 1, step[0], _inputs, _outputs, 1, _kernel, 1, _stride, 0, _padding, _groups), step)
        : throw new ArgumentException($"Layer {this} takes signals with steps [L, {_inputs}], not {step}.");

    private protected override Shape Output(in ConvolutionCall call) => new(call.OutputWidth, call.Outputs);
}
