using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Cli.Bench;

/// <summary>Convolutions in the roles of training, dense and on spikes; beside each, the dense product of the same size: as if a matrix of windows lay in memory already.</summary>
/// <remarks>Floors: a multiply-add for each tap that falls on the image and not on its padding (the product of the same size multiplies that too), or on spikes an
/// addition for each tap that falls on one; what is read and written once. The dense way through spikes has the dense floor.</remarks>
internal sealed class ConvBench : IBenchGroup
{
    private const string Product = "product of the same size";

    // The inner and the first layer of the sequential-CIFAR network at two widths, a layer of the CIFAR10 network, one of the DVS VGG, and a stem.
    private static readonly (string Shape, ConvolutionCall Call)[] s_calls =
    [
        ("1024 x 32, 128->128, 3", new(1024, 1, 32, 128, 128, 1, 3, PadWidth: 1)),
        ("4096 x 32, 32->32, 3", new(4096, 1, 32, 32, 32, 1, 3, PadWidth: 1)),
        ("4096 x 32, 3->32, 3", new(4096, 1, 32, 3, 32, 1, 3, PadWidth: 1)),
        ("8 x 32x32, 256->256, 3x3", new(8, 32, 32, 256, 256, 3, 3, PadHeight: 1, PadWidth: 1)),
        ("64 x 6x6, 512->512, 3x3", new(64, 6, 6, 512, 512, 3, 3, PadHeight: 1, PadWidth: 1)),
        ("8 x 112x112, 3->64, 7x7/2", new(8, 112, 112, 3, 64, 7, 7, 2, 2, 3, 3)),
    ];

    public string Name => "conv";

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        foreach ((string shape, ConvolutionCall call) in s_calls)
        {
            var data = new Data(cpu, shape, call);
            foreach (BenchCase bench in data.Cases())
                yield return bench;
        }
    }

    private sealed class Data(Cpu cpu, string shape, ConvolutionCall call)
    {
        private readonly Tensor _x = Random(cpu, call.InputCount, 1), _w = Random(cpu, call.WeightCount, 2), _y = Random(cpu, call.OutputCount, 3);
        private readonly Tensor _dX = Random(cpu, call.InputCount, 4), _dW = Random(cpu, call.WeightCount, 5);
        private readonly int _places = (int)(call.OutputCount / call.Outputs), _seen = call.Taps * call.Inputs;

        private readonly double _bytes = 4.0 * (call.InputCount + call.WeightCount + call.OutputCount);

        /// <summary>Multiply-adds that no padding takes part in.</summary>
        private double Products => (double)call.Images * call.Inputs * call.Outputs * Pairs(call.OutputHeight, call.Height, call.KernelHeight, call.StrideHeight, call.PadHeight)
            * Pairs(call.OutputWidth, call.Width, call.KernelWidth, call.StrideWidth, call.PadWidth);

        public IEnumerable<BenchCase> Cases()
        {
            Tensor windows = Random(cpu, (long)_places * _seen, 6);
            var padded = new Work(2.0 * call.OutputCount * _seen, _bytes, _bytes);
            yield return Case("forward", () => Convolution.Forward(cpu, _x.Data, _w.Data, _y.Data, call));
            yield return Case("forward", () => Gemm.Multiply(cpu, windows.Data, _w.Data, _y.Data, _places, call.Outputs, _seen)) with { Peer = Product, Work = padded };
            if (call.Inputs > 3)
            {
                yield return Case("input-gradient", () => Convolution.InputGradient(cpu, _y.Data, _w.Data, _dX.Data, call));
                yield return Case("input-gradient", () => Gemm.Multiply(cpu, _y.Data, _w.Data, windows.Data, _places, _seen, call.Outputs, transposeB: true)) with { Peer = Product, Work = padded };
            }
            yield return Case("weight-gradient", () => Convolution.WeightGradient(cpu, _x.Data, _y.Data, _dW.Data, call));
            yield return Case("weight-gradient", () => Gemm.Multiply(cpu, windows.Data, _y.Data, _dW.Data, _seen, call.Outputs, _places, transposeA: true, accumulate: true)) with { Peer = Product, Work = padded };
            if (call.Inputs <= 3)
                yield break;
            foreach (double density in (double[])[0.05, 0.1, 0.2, 0.3, 0.4])
            {
                Spikes spikes = Networks.RandomSpikes(1, call.Images * call.Height * call.Width, call.Inputs, density);
                string percent = FormattableString.Invariant($"{100 * density:0}%");
                yield return Case($"forward/{percent}", () => Convolution.Forward(cpu, Matrix(spikes), _w.Data, _y.Data, call, events: true), density);
                yield return Case($"weight-gradient/{percent}", () => Convolution.WeightGradient(cpu, Matrix(spikes), _y.Data, _dW.Data, call, events: true), density);
            }
            Spikes some = Networks.RandomSpikes(1, call.Images * call.Height * call.Width, call.Inputs, 0.2);
            yield return Case("forward/20%/dense", () => Convolution.Forward(cpu, Matrix(some), _w.Data, _y.Data, call, events: false));
            yield return Case("weight-gradient/20%/dense", () => Convolution.WeightGradient(cpu, Matrix(some), _y.Data, _dW.Data, call, events: false));
        }

        private SpikeMatrix Matrix(Spikes spikes) => new(spikes.Bits, spikes.Shape.Rows, call.Inputs);

        private BenchCase Case(string role, Action run, double? density = null)
        {
            double bytes = density is null ? _bytes : _bytes - 4.0 * call.InputCount + call.InputCount / 8.0;
            return new BenchCase($"conv/{role}", shape, run, new Work(2 * (density ?? 1) * Products, bytes, bytes)) { Seconds = 0.4 };
        }

        /// <summary>Pairs of an output and a tap of its that falls on the image, along one axis.</summary>
        private static int Pairs(int outputs, int inputs, int taps, int stride, int padding)
        {
            int pairs = 0;
            for (int o = 0; o < outputs; o++)
            {
                for (int tap = 0; tap < taps; tap++)
                    pairs += o * stride - padding + tap is var at && at >= 0 && at < inputs ? 1 : 0;
            }
            return pairs;
        }

        private static Tensor Random(Cpu cpu, long count, ulong seed)
        {
            var tensor = Tensor.Zeros(new Shape(checked((int)count)));
            new Rng(seed).FillUniform(cpu, tensor.Data, -1, 1);
            return tensor;
        }
    }
}
