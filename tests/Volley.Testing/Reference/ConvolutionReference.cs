using Volley.Kernels;

namespace Volley.Testing.Reference;

/// <summary>Convolutions and pooling over channel-last images by their definitions, in double.</summary>
public static class ConvolutionReference
{
    /// <summary>y, by the sum over every place that an output sees.</summary>
    public static double[] Forward(float[] x, float[] w, float[] bias, ConvolutionCall call)
    {
        var y = new double[call.OutputCount];
        foreach ((int xi, int wi, int yi) in Terms(call))
            y[yi] += (double)x[xi] * w[wi];
        for (int i = 0; i < y.Length && bias.Length > 0; i++)
            y[i] += bias[i % call.Outputs];
        return y;
    }

    /// <summary>dX.</summary>
    public static double[] InputGradient(float[] dY, float[] w, ConvolutionCall call)
    {
        var dX = new double[call.InputCount];
        foreach ((int xi, int wi, int yi) in Terms(call))
            dX[xi] += (double)dY[yi] * w[wi];
        return dX;
    }

    /// <summary>dW, what it was before included.</summary>
    public static double[] WeightGradient(float[] x, float[] dY, float[] before, ConvolutionCall call)
    {
        double[] dW = [.. before.Select(v => (double)v)];
        foreach ((int xi, int wi, int yi) in Terms(call))
            dW[wi] += (double)x[xi] * dY[yi];
        return dW;
    }

    /// <summary>Every multiplication: where its numbers lie in x, w and y.</summary>
    private static IEnumerable<(int X, int W, int Y)> Terms(ConvolutionCall s)
    {
        int inputs = s.Inputs / s.Groups, outputs = s.Outputs / s.Groups;
        foreach ((int image, int oy, int ox, int ky, int kx, int iy, int ix) in
            Windows(s.Images, s.Height, s.Width, s.KernelHeight, s.KernelWidth, s.StrideHeight, s.StrideWidth, s.PadHeight, s.PadWidth))
        {
            for (int o = 0; o < s.Outputs; o++)
            {
                for (int c = 0; c < inputs; c++)
                {
                    int channel = o / outputs * inputs + c;
                    yield return (((image * s.Height + iy) * s.Width + ix) * s.Inputs + channel, ((ky * s.KernelWidth + kx) * inputs + c) * s.Outputs + o,
                        ((image * s.OutputHeight + oy) * s.OutputWidth + ox) * s.Outputs + o);
                }
            }
        }
    }

    /// <summary>Every place inside an image that every output sees.</summary>
    public static IEnumerable<(int Image, int OutY, int OutX, int TapY, int TapX, int Y, int X)> Windows(
        int images, int height, int width, int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, int padHeight, int padWidth)
    {
        int outHeight = (height + 2 * padHeight - kernelHeight) / strideHeight + 1, outWidth = (width + 2 * padWidth - kernelWidth) / strideWidth + 1;
        for (int image = 0; image < images; image++)
        {
            for (int oy = 0; oy < outHeight; oy++)
            {
                for (int ox = 0; ox < outWidth; ox++)
                {
                    for (int ky = 0; ky < kernelHeight; ky++)
                    {
                        for (int kx = 0; kx < kernelWidth; kx++)
                        {
                            int iy = oy * strideHeight + ky - padHeight, ix = ox * strideWidth + kx - padWidth;
                            if (iy >= 0 && iy < height && ix >= 0 && ix < width)
                                yield return (image, oy, ox, ky, kx, iy, ix);
                        }
                    }
                }
            }
        }
    }
}
