using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests;

public class GemmTests
{
    private static readonly int[] s_awkward = [0, 1, 2, 3, 5, 7, 11, 12, 13, 15, 16, 17, 20, 23, 31, 32, 33, 47, 63, 64, 65, 97];

    private static float[] Random(Random rng, int length)
    {
        var values = new float[length];
        foreach (ref float value in values.AsSpan())
            value = rng.NextSingle() - 0.5f;
        return values;
    }

    /// <summary>One product in guarded memory against the chain, bit by bit, on every cpu.</summary>
    private static void Check(IEnumerable<Cpu> cpus, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate, bool withBias, bool guardBefore, Random rng)
    {
        float[] a = Random(rng, m * k), b = Random(rng, k * n), c = Random(rng, m * n), bias = withBias ? Random(rng, n) : [];
        float[] expected = ReferenceGemm.Chain(a, b, c, m, n, k, transposeA, transposeB, accumulate, bias);
        using var ga = GuardedBuffer<float>.Of(a, guardBefore);
        using var gb = GuardedBuffer<float>.Of(b, guardBefore);
        using var gc = new GuardedBuffer<float>(c.Length, guardBefore);
        using var gBias = GuardedBuffer<float>.Of(bias, guardBefore);
        foreach (Cpu cpu in cpus)
        {
            c.CopyTo(gc.Span);
            Gemm.Multiply(cpu, ga.Span, gb.Span, gc.Span, m, n, k, transposeA, transposeB, accumulate, gBias.Span);
            AssertSameBits(expected, gc.Span, $"{cpu.Width} x {cpu.Threads}: {m} x {n} x {k}, transposed {transposeA} {transposeB}, accumulate {accumulate}, bias {withBias}");
        }
    }

    private static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, not {expected[i]:R}");
        }
    }

    [Fact]
    public void EveryElementIsTheChainAtAwkwardSizes()
    {
        Cpu[] cpus = [.. LaneWidths.All.Select(width => new Cpu(1, width)), new Cpu(3)];
        var rng = new Random(1);
        int round = 0;
        foreach (int m in s_awkward)
        {
            foreach (int n in s_awkward)
            {
                // Every pair of m and n, with k and the options in a rotation that meets all their combinations.
                int k = s_awkward[round % s_awkward.Length], options = round * 7;
                Check(cpus, m, n, k, (options & 1) != 0, (options & 2) != 0, (options & 4) != 0, (options & 8) != 0, (options & 16) != 0, rng);
                round++;
            }
        }
        foreach (Cpu cpu in cpus)
            cpu.Dispose();
    }

    [Theory]
    [InlineData(50, 40, 700)] // several blocks of k
    [InlineData(1000, 33, 30)] // several blocks of m
    [InlineData(30, 1100, 40)] // several blocks of n
    [InlineData(140, 256, 1000)] // a weight gradient, a grid of cells on several threads
    [InlineData(500, 290, 270)] // A packed
    public void EveryElementIsTheChainAcrossBlocks(int m, int n, int k)
    {
        var rng = new Random(2);
        Cpu[] cpus = [new Cpu(), new Cpu(3), new Cpu(1, LaneWidth.Vector256), new Cpu(3, LaneWidth.Vector128)];
        for (int options = 0; options < 4; options++)
            Check(cpus, m, n, k, (options & 1) != 0, (options & 2) != 0, options % 3 == 0, true, false, rng);
        foreach (Cpu cpu in cpus)
            cpu.Dispose();
    }

    [Fact]
    public void ThePackedMatrixGivesTheSameBitsInAnyRowStride() => TestCpus.ForEach(cpu =>
    {
        var rng = new Random(3);
        foreach ((int m, int n, int k) in ((int, int, int)[])[(1, 1, 1), (5, 20, 17), (64, 10, 300), (33, 65, 64), (20, 140, 31), (3, 47, 0), (0, 7, 3), (2, 0, 3), (7, 300, 513)])
        {
            foreach (bool transposeB in (bool[])[false, true])
            {
                int lda = k + 3, ldc = n + 5;
                bool accumulate = transposeB ^ (n % 2 == 0);
                float[] a = Random(rng, m * k), b = Random(rng, k * n), c = Random(rng, m * n), bias = m % 2 == 0 ? [] : Random(rng, n);
                float[] expected = ReferenceGemm.Chain(a, b, c, m, n, k, false, transposeB, accumulate, bias);
                using var ga = new GuardedBuffer<float>(m == 0 ? 0 : (m - 1) * lda + k);
                using var gc = new GuardedBuffer<float>(m == 0 ? 0 : (m - 1) * ldc + n);
                gc.Span.Fill(-7);
                for (int i = 0; i < m; i++)
                {
                    a.AsSpan(i * k, k).CopyTo(ga.Span[(i * lda)..]);
                    c.AsSpan(i * n, n).CopyTo(gc.Span[(i * ldc)..]);
                }
                using var packed = new PackedMatrix(k, n);
                packed.Pack(cpu, b, transposeB);
                Gemm.Multiply(cpu, ga.Span, lda, packed, gc.Span, ldc, m, accumulate, bias);
                for (int i = 0; i < m; i++)
                {
                    AssertSameBits(expected.AsSpan(i * n, n), gc.Span.Slice(i * ldc, n), $"{cpu.Width} x {cpu.Threads}: row {i} of {m} x {n} x {k}");
                    if (i < m - 1)
                        Assert.Equal(-1, gc.Span.Slice(i * ldc + n, ldc - n).IndexOfAnyExcept(-7f));
                }
            }
        }
    });

    [Fact]
    public void TheChainStaysCloseToDoublePrecision()
    {
        var rng = new Random(4);
        foreach ((int m, int n, int k) in ((int, int, int)[])[(17, 33, 64), (31, 15, 1000), (4, 4, 25600)])
        {
            float[] a = Random(rng, m * k), b = Random(rng, k * n), bias = Random(rng, n), c = new float[m * n];
            double[] expected = ReferenceGemm.Multiply(a, b, c, m, n, k, false, false, false, bias);
            using var cpu = new Cpu();
            Gemm.Multiply(cpu, a, b, c, m, n, k, bias: bias);
            for (int i = 0; i < c.Length; i++)
                Assert.InRange(c[i] - expected[i], -2e-6 * k, 2e-6 * k);
        }
    }

    private struct TimeLoop(Cpu cpu, PackedMatrix weights, float[] x, float[] y, int lda, int ldc, int batch) : IRows
    {
        public readonly void Run(int start, int end)
        {
            for (int row = start; row < end; row += batch)
                Gemm.Multiply(cpu, x.AsSpan(row * lda), lda, weights, y.AsSpan(row * ldc), ldc, Math.Min(batch, end - row));
        }
    }

    [Fact]
    public void InsideARowsBodyItRunsAloneAndIsRight()
    {
        const int rows = 200, n = 40, k = 30;
        var rng = new Random(5);
        float[] x = Random(rng, rows * k), w = Random(rng, k * n), y = new float[rows * n];
        float[] expected = ReferenceGemm.Chain(x, w, y, rows, n, k, false, false, false, []);
        using var cpu = new Cpu(3);
        using var packed = new PackedMatrix(k, n);
        packed.Pack(cpu, w);
        Rows.For(cpu, rows, 32, new TimeLoop(cpu, packed, x, y, k, n, 8));
        AssertSameBits(expected, y, "time loop");
    }

    [Fact]
    public void NothingIsAllocatedInTheSteadyState()
    {
        const int m = 70, n = 150, k = 90;
        var rng = new Random(6);
        float[] a = Random(rng, m * k), b = Random(rng, k * n), c = new float[m * n], bias = Random(rng, n);
        foreach (int threads in (int[])[1, 3])
        {
            using var cpu = new Cpu(threads);
            using var packed = new PackedMatrix(k, n);
            long before = 0;
            for (int run = 0; run < 40; run++)
            {
                if (run == 20)
                    before = GC.GetAllocatedBytesForCurrentThread();
                Gemm.Multiply(cpu, a, b, c, m, n, k, bias: bias);
                Gemm.Multiply(cpu, a, b, c, m, n, k, transposeA: true, transposeB: true, accumulate: true);
                Gemm.Multiply(cpu, a, b, c, m, n, k);
                packed.Pack(cpu, b);
                Gemm.Multiply(cpu, a, k, packed, c, n, m, bias: bias);
            }
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void WrongSizesAreNamed()
    {
        using var cpu = new Cpu();
        using var packed = new PackedMatrix(3, 4);
        float[] six = new float[6], nine = new float[9];
        Assert.Equal("a", Assert.Throws<ArgumentException>(() => Gemm.Multiply(cpu, six, nine, nine, 3, 3, 3)).ParamName);
        Assert.Equal("b", Assert.Throws<ArgumentException>(() => Gemm.Multiply(cpu, nine, six, nine, 3, 3, 3)).ParamName);
        Assert.Equal("c", Assert.Throws<ArgumentException>(() => Gemm.Multiply(cpu, nine, nine, six, 3, 3, 3)).ParamName);
        Assert.Equal("bias", Assert.Throws<ArgumentException>(() => Gemm.Multiply(cpu, nine, nine, nine, 3, 3, 3, bias: six)).ParamName);
        Assert.Equal("m", Assert.Throws<ArgumentOutOfRangeException>(() => Gemm.Multiply(cpu, six, nine, nine, -1, 3, 3)).ParamName);
        Assert.Equal("b", Assert.Throws<ArgumentException>(() => packed.Pack(cpu, six)).ParamName);
        Assert.Equal("a", Assert.Throws<ArgumentException>(() => Gemm.Multiply(cpu, six, 3, packed, new float[12], 4, 3)).ParamName);
        Assert.Equal("c", Assert.Throws<ArgumentException>(() => Gemm.Multiply(cpu, nine, 3, packed, new float[11], 4, 3)).ParamName);
        Assert.Equal("lda", Assert.Throws<ArgumentOutOfRangeException>(() => Gemm.Multiply(cpu, nine, 2, packed, new float[12], 4, 3)).ParamName);
        Assert.Equal("ldc", Assert.Throws<ArgumentOutOfRangeException>(() => Gemm.Multiply(cpu, nine, 3, packed, new float[12], 3, 3)).ParamName);
    }
}
