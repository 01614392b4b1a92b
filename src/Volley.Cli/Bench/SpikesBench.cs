using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Cli.Bench;

/// <summary>Event-driven products at several densities; beside each, the dense product on the same numbers.</summary>
/// <remarks>Floors: an addition for each spike and output, which takes the place of a multiply-add; the values that are no spikes in memory once.</remarks>
internal sealed class SpikesBench : IBenchGroup
{
    public string Name => "spikes";

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        foreach ((int rows, int inputs, int outputs) in ((int, int, int)[])[(25600, 140, 256), (25600, 256, 256), (8000, 512, 512), (25600, 256, 20), (8000, 128, 128)])
        {
            Tensor w = Tensor.Zeros(new Shape(inputs, outputs)), y = Tensor.Zeros(new Shape(rows, outputs)), dense = Tensor.Zeros(new Shape(rows, inputs)), dX = Tensor.Zeros(new Shape(rows, inputs));
            var random = new Rng(1);
            random.FillUniform(cpu, w.Data, -1, 1);
            random.FillUniform(cpu, dense.Data, -1, 1);
            string dims = $"rows={rows},in={inputs},out={outputs}";
            var denseWork = new Work(2.0 * rows * inputs * outputs, 4.0 * (y.Shape.Count + dense.Shape.Count), 4.0 * (y.Shape.Count + dense.Shape.Count));
            yield return new BenchCase("spikes/dense-product", dims, () => Gemm.Multiply(cpu, dense.Data, w.Data, y.Data, rows, outputs, inputs), denseWork);
            if (OpenBlas.Available)
                yield return new BenchCase("spikes/dense-product", dims, () => OpenBlas.Multiply(cpu.Threads, dense.Data, w.Data, y.Data, rows, outputs, inputs, false, false), denseWork) { Peer = "OpenBLAS" };
            foreach (double density in (double[])[0.02, 0.05, 0.1, 0.2, 0.4])
            {
                var bits = new ulong[rows * SpikeBits.WordsPerRow(inputs)];
                for (int r = 0; r < rows; r++)
                {
                    for (int i = 0; i < inputs; i++)
                    {
                        if (random.Uniform((long)r * inputs + i) < density)
                            bits[r * SpikeBits.WordsPerRow(inputs) + i / 64] |= 1UL << (i % 64);
                    }
                }
                string shape = $"{dims},density={density}";
                double flops = 2 * density * rows * inputs * outputs;
                yield return new BenchCase("spikes/product", shape, () => SpikeGemm.Multiply(cpu, new SpikeMatrix(bits, rows, inputs), w.Data, y.Data, outputs),
                    new Work(flops, 4.0 * y.Shape.Count, 4.0 * y.Shape.Count));
                yield return new BenchCase("spikes/weight-gradient", shape, () => SpikeGemm.WeightGradient(cpu, new SpikeMatrix(bits, rows, inputs), y.Data, w.Data, outputs),
                    new Work(flops, 4.0 * y.Shape.Count, 4.0 * y.Shape.Count));
                if (density <= 0.1)
                    yield return new BenchCase("spikes/input-gradient", shape, () => SpikeGemm.InputGradient(cpu, y.Data, w.Data, bits, dX.Data, rows, inputs, outputs),
                        new Work(flops, 4.0 * (y.Shape.Count + dX.Shape.Count), 4.0 * (y.Shape.Count + dX.Shape.Count)));
            }
        }
    }
}
