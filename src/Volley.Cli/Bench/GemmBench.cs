using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Cli.Bench;

/// <summary>Dense products in the roles of training; beside each, OpenBLAS, where the machine has it.</summary>
/// <remarks>Floors: 2·m·n·k operations, each matrix once.</remarks>
internal sealed class GemmBench : IBenchGroup
{
    public string Name => "gemm";

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        (string Role, int M, int N, int K, bool TransposeA, bool TransposeB)[] products =
        [
            ("square", 1024, 1024, 1024, false, false),
            ("forward", 8000, 512, 512, false, false),
            ("weight-gradient", 512, 512, 8000, true, false),
            ("forward", 25600, 256, 140, false, false),
            ("input-gradient", 25600, 140, 256, false, true),
            ("weight-gradient", 140, 256, 25600, true, false),
            ("forward", 25600, 256, 256, false, false),
            ("input-gradient", 25600, 256, 256, false, true),
            ("forward", 25600, 20, 256, false, false),
        ];
        foreach ((string role, int m, int n, int k, bool transposeA, bool transposeB) in products)
        {
            var random = new Rng(1);
            Tensor a = Tensor.Zeros(new Shape(m, k)), b = Tensor.Zeros(new Shape(k, n)), c = Tensor.Zeros(new Shape(m, n));
            random.FillUniform(cpu, a.Data, -1, 1);
            random.FillUniform(cpu, b.Data, -1, 1);
            var work = new Work(2.0 * m * n * k, 4.0 * (a.Shape.Count + b.Shape.Count + c.Shape.Count), 4.0 * (a.Shape.Count + b.Shape.Count + c.Shape.Count));
            string shape = $"m={m},n={n},k={k}";
            yield return new BenchCase($"gemm/{role}", shape, () => Gemm.Multiply(cpu, a.Data, b.Data, c.Data, m, n, k, transposeA, transposeB), work);
            if (OpenBlas.Available)
                yield return new BenchCase($"gemm/{role}", shape, () => OpenBlas.Multiply(cpu.Threads, a.Data, b.Data, c.Data, m, n, k, transposeA, transposeB), work) { Peer = "OpenBLAS" };
        }
    }
}
