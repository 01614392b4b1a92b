using Volley.Kernels.Spikes;

namespace Volley.Kernels;

/// <summary>Convolutions of images whose channels lie together, [images, H, W, C], as the field calls them: correlations.</summary>
/// <remarks>
/// y[i, oy, ox, o] = Σ x[i, oy·stride + ky − pad, ox·stride + kx − pad, c] · w[ky, kx, c, o] (+ bias[o]), (ky, kx, c) ascending, one chain of fused multiply-adds, the bias
/// last; what lies outside the image is 0. Every gradient is such a chain too. Threads, vector width, and whether work is done for every element or
/// only for spikes change no bit (but the sign of a zero), as long as the weights and gradients are finite. No matrix of windows is made: bands of the image are copied
/// with their padding, and windows are read from there as rows that overlap.
/// </remarks>
public static unsafe partial class Convolution
{
    /// <summary>The output.</summary>
    /// <param name="x">[images, H, W, inputs]</param>
    /// <param name="w">[kernel height, kernel width, inputs / groups, outputs]</param>
    /// <param name="y">[images, output H, output W, outputs], written.</param>
    /// <param name="call">The sizes.</param>
    /// <param name="bias">[outputs], or empty for none.</param>
    /// <exception cref="ArgumentException">A length does not fit the sizes, or the sizes each other.</exception>
    public static void Forward(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> y, ConvolutionCall call, ReadOnlySpan<float> bias = default)
    {
        call.Check();
        Check.Length(x, call.InputCount, nameof(x));
        CheckOutput(w, y, call, bias);
        if (call.IsProduct)
        {
            Gemm.Multiply(cpu, x, w, y, x.Length / call.Inputs, call.Outputs, call.Inputs, bias: bias);
            return;
        }
        fixed (float* px = x, pw = w, py = y, pb = bias)
            Dense(cpu, new PixelSource(px, call.Inputs), pw, py, pb, call);
    }

    /// <summary>The output for spikes: with <paramref name="events"/>, weights are added for the spikes that are there; without, spikes are multiplied like
    /// any number. The bits are the same.</summary>
    /// <param name="x">[images · H · W, inputs]</param>
    /// <inheritdoc cref="Forward(Cpu, ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, ConvolutionCall, ReadOnlySpan{float})"/>
    public static void Forward(Cpu cpu, SpikeMatrix x, ReadOnlySpan<float> w, Span<float> y, ConvolutionCall call, bool events, ReadOnlySpan<float> bias = default)
    {
        call.Check();
        CheckSpikes(x, call);
        CheckOutput(w, y, call, bias);
        if (call.IsProduct && events)
        {
            SpikeGemm.Multiply(cpu, x, w, y, call.Outputs, accumulate: false, bias);
            return;
        }
        fixed (ulong* bits = x.Bits, negative = x.Negative)
        fixed (float* values = x.Values, pw = w, py = y, pb = bias)
        {
            var spikes = new SpikePointers(bits, x.WordsPerRow, x.Columns, x.Scale, values, negative);
            if (events && call.Groups == 1)
                Events(cpu, spikes, pw, py, pb, call);
            else
                Dense(cpu, new PixelSource(spikes), pw, py, pb, call);
        }
    }

    /// <summary>The gradient of the input: dX[i, iy, ix, c] = Σ dY[i, oy, ox, o] · w[ky, kx, c, o] over all (oy, ox) that saw it, in ascending order, o within.</summary>
    /// <param name="dY">[images, output H, output W, outputs]</param>
    /// <param name="w">[kernel height, kernel width, inputs / groups, outputs]</param>
    /// <param name="dX">[images, H, W, inputs], written.</param>
    /// <param name="call">The sizes.</param>
    /// <exception cref="ArgumentException">A length does not fit the sizes, or the sizes each other.</exception>
    public static void InputGradient(Cpu cpu, ReadOnlySpan<float> dY, ReadOnlySpan<float> w, Span<float> dX, ConvolutionCall call)
    {
        call.Check();
        Check.Length(dY, call.OutputCount, nameof(dY));
        Check.Length(w, call.WeightCount, nameof(w));
        Check.Length(dX, call.InputCount, nameof(dX));
        if (call.IsProduct)
        {
            Gemm.Multiply(cpu, dY, w, dX, dY.Length / call.Outputs, call.Inputs, call.Outputs, transposeB: true);
            return;
        }
        fixed (float* pd = dY, pw = w, px = dX)
        {
            var pass = new DensePass(Bands.OfGradient(call), new PixelSource(pd, call.Outputs), px, null, call.Images, call.Inputs, call.GroupInputs, call.Groups);
            int matrix = call.Taps * call.GroupOutputs * call.GroupInputs;
            var packed = (float*)Scratch.Shared((call.Groups * pass.PackedFloats + matrix) * sizeof(float));
            for (int g = 0; g < call.Groups; g++)
            {
                // The kernel turned round, inputs and outputs swapped: [taps, outputs of the group, inputs of the group].
                float* turned = packed + call.Groups * pass.PackedFloats;
                for (int tap = 0; tap < call.Taps; tap++)
                {
                    Transpose.Run(pw + (nint)(call.Taps - 1 - tap) * call.GroupInputs * call.Outputs + g * call.GroupOutputs, call.Outputs,
                        turned + (nint)tap * call.GroupOutputs * call.GroupInputs, call.GroupInputs, call.GroupInputs, call.GroupOutputs, call.GroupInputs);
                }
                pass.Pack(cpu, turned, call.GroupInputs, packed + g * pass.PackedFloats);
            }
            pass.Run(cpu, packed);
        }
    }

    private static void Dense(Cpu cpu, PixelSource x, float* w, float* y, float* bias, in ConvolutionCall call)
    {
        var pass = new DensePass(Bands.OfInput(call), x, y, bias, call.Images, call.Outputs, call.GroupOutputs, call.Groups);
        var packed = (float*)Scratch.Shared(call.Groups * pass.PackedFloats * sizeof(float));
        for (int g = 0; g < call.Groups; g++)
            pass.Pack(cpu, w + g * call.GroupOutputs, call.Outputs, packed + g * pass.PackedFloats);
        pass.Run(cpu, packed);
    }

    private static void CheckSpikes(SpikeMatrix x, in ConvolutionCall call)
    {
        if (x.Columns != call.Inputs || x.Rows != (long)call.Images * call.Height * call.Width)
            throw new ArgumentException($"The spikes are [{x.Rows}, {x.Columns}], expected {call.Images} images of {call.Height} x {call.Width} with {call.Inputs} channels.", nameof(x));
    }

    private static void CheckOutput(ReadOnlySpan<float> w, ReadOnlySpan<float> y, in ConvolutionCall call, ReadOnlySpan<float> bias)
    {
        Check.Length(w, call.WeightCount, nameof(w));
        Check.Length(y, call.OutputCount, nameof(y));
        Check.LengthOrEmpty(bias, call.Outputs, nameof(bias));
    }
}
