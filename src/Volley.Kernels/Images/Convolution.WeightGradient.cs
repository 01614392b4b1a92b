using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;
using Volley.Kernels.Spikes;

namespace Volley.Kernels;

public static unsafe partial class Convolution
{
    /// <summary>dW[ky, kx, c, o] += Σ x[i, oy·stride + ky − pad, ox·stride + kx − pad, c] · dY[i, oy, ox, o], (i, oy, ox) ascending, one chain that starts at dW.</summary>
    /// <param name="x">[images, H, W, inputs]</param>
    /// <param name="dY">[images, output H, output W, outputs]</param>
    /// <param name="dW">[kernel height, kernel width, inputs / groups, outputs], added to.</param>
    /// <param name="call">The sizes.</param>
    /// <exception cref="ArgumentException">A length does not fit the sizes, or the sizes each other.</exception>
    public static void WeightGradient(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dW, ConvolutionCall call)
    {
        call.Check();
        Check.Length(x, call.InputCount, nameof(x));
        CheckGradient(dY, dW, call);
        if (call.IsProduct)
        {
            Gemm.Multiply(cpu, x, dY, dW, call.Inputs, call.Outputs, x.Length / call.Inputs, transposeA: true, accumulate: true);
            return;
        }
        fixed (float* px = x, pd = dY, pw = dW)
            DenseGradient(cpu, new PixelSource(px, call.Inputs), pd, pw, call);
    }

    /// <summary>The gradient of the weights for spikes; with <paramref name="events"/> only where there are spikes, if windows move by one place.</summary>
    /// <param name="x">[images · H · W, inputs]</param>
    /// <inheritdoc cref="WeightGradient(Cpu, ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, ConvolutionCall)"/>
    public static void WeightGradient(Cpu cpu, SpikeMatrix x, ReadOnlySpan<float> dY, Span<float> dW, ConvolutionCall call, bool events)
    {
        call.Check();
        CheckSpikes(x, call);
        CheckGradient(dY, dW, call);
        if (call.IsProduct && events)
        {
            SpikeGemm.WeightGradient(cpu, x, dY, dW, call.Outputs);
            return;
        }
        fixed (ulong* bits = x.Bits, negative = x.Negative)
        fixed (float* values = x.Values, pd = dY, pw = dW)
        {
            var spikes = new SpikePointers(bits, x.WordsPerRow, x.Columns, x.Scale, values, negative);
            if (events && call is { Groups: 1, StrideHeight: 1, StrideWidth: 1 })
                EventGradient(cpu, spikes, pd, pw, call);
            else
                DenseGradient(cpu, new PixelSource(spikes), pd, pw, call);
        }
    }

    private static void CheckGradient(ReadOnlySpan<float> dY, ReadOnlySpan<float> dW, in ConvolutionCall call)
    {
        Check.Length(dY, call.OutputCount, nameof(dY));
        Check.Length(dW, call.WeightCount, nameof(dW));
    }

    private static void DenseGradient(Cpu cpu, PixelSource x, float* dY, float* dW, in ConvolutionCall call)
    {
        var work = new GradientWork(cpu, Bands.OfInput(call), x, dY, dW, call);
        cpu.Dispatch(ref work);
    }

    /// <summary>Cuts the gradient into cells: some of the weights of each row of the kernel, for some outputs.</summary>
    private readonly struct GradientWork(Cpu cpu, Bands bands, PixelSource x, float* dY, float* dW, ConvolutionCall call) : IWidthBody
    {
        // Every cell copies all bands: few and large cells.
        private const int LeastOutputs = 64, Panel = 12;

        public void Run<L>() where L : struct, IVectorLane<L>
        {
            int outputParts = Math.Clamp(call.GroupOutputs / LeastOutputs, 1, cpu.Threads);
            int width = Padding.Padded<F32x16>((call.GroupOutputs + outputParts - 1) / outputParts);
            outputParts = (call.GroupOutputs + width - 1) / width;
            int inputs = call.KernelWidth * call.GroupInputs, inputParts = (cpu.Threads + outputParts - 1) / outputParts;
            int height = ((inputs + inputParts - 1) / inputParts + Panel - 1) / Panel * Panel;
            inputParts = (inputs + height - 1) / height;
            Rows.For(cpu, outputParts * inputParts, 1, new GradientCells<L>(bands, x, dY, dW, call, outputParts, width, height));
        }
    }

    private readonly struct GradientCells<L>(Bands bands, PixelSource x, float* dY, float* dW, ConvolutionCall call, int outputParts, int width, int height) : IRows
        where L : struct, IVectorLane<L>
    {
        public void Run(int start, int end)
        {
            for (int cell = start; cell < end; cell++)
            {
                int firstOutput = cell % outputParts * width, firstInput = cell / outputParts * height;
                for (int g = 0; g < call.Groups; g++)
                    Cell(g, firstInput, Math.Min(height, call.KernelWidth * call.GroupInputs - firstInput), firstOutput, Math.Min(width, call.GroupOutputs - firstOutput));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Cell(int group, int firstInput, int inputs, int firstOutput, int outputs)
        {
            float* copy = Scratch.Floats(bands.CopyFloats);
            int column = group * call.GroupOutputs + firstOutput, slice = call.KernelWidth * call.GroupInputs;
            var product = new GemmOperands
            {
                ARow = 1,
                AStep = (nint)bands.StrideWidth * bands.Channels,
                BRow = call.Outputs,
                BLayout = GemmLayout.Plain,
                CRow = call.Outputs,
                M = inputs,
                N = outputs,
                K = bands.OutputWidth,
                Accumulate = true,
            };
            for (int unit = 0; unit < call.Images * bands.PerImage; unit++)
            {
                int band = unit % bands.PerImage, firstRow = bands.FirstRow(band);
                nint image = unit / bands.PerImage;
                bands.Copy<L>(x, image, band, group * call.GroupInputs, copy);
                for (int tap = 0; tap < call.KernelHeight; tap++)
                {
                    product.C = dW + (tap * slice + firstInput) * (nint)call.Outputs + column;
                    for (int r = 0; r < bands.Rows(band); r++)
                    {
                        if (bands.SourceRow(firstRow + r, tap) < 0)
                            continue;
                        product.A = copy + (r * bands.StrideHeight + tap) * bands.RowFloats + firstInput;
                        product.B = dY + (image * bands.OutputHeight + firstRow + r) * bands.OutputWidth * call.Outputs + column;
                        GemmBlock.Direct<L>(product, 0, inputs, 0, outputs);
                    }
                }
            }
        }
    }
}
