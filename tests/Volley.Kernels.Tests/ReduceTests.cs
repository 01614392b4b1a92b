using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests;

public class ReduceTests
{
    private static readonly int[] Sizes = [0, 1, 7, 15, 16, 17, 31, 33, 63, 64, 65, 1000, 16383, 16384, 16385, 100001];

    [Fact]
    public void TotalsAgreeWithDoubleAndAreTheSameBitsEverywhere()
    {
        foreach (int size in Sizes)
        {
            float[] x = Numbers.Uniform(size, size);
            double sum = double.NaN, norm = double.NaN;
            TestCpus.ForEach(cpu =>
            {
                using var guarded = GuardedBuffer<float>.Of(x);
                double s = Reduce.Sum(cpu, guarded.Span), n = Reduce.SquaredNorm(cpu, guarded.Span);
                if (double.IsNaN(sum))
                    (sum, norm) = (s, n);
                Assert.Equal((sum, norm), (s, n));
            });
            Assert.Equal(ReduceReference.Sum(x), sum, 1e-6 * (size + 1));
            Assert.Equal(ReduceReference.SquaredNorm(x), norm, 1e-6 * ReduceReference.SquaredNorm(x));
        }
    }

    [Fact]
    public void ColumnSumsAgreeWithDoubleAndAreTheSameBitsEverywhere()
    {
        foreach (int columns in (int[])[0, 1, 7, 15, 16, 17, 31, 33, 63, 64, 65, 200])
        {
            foreach (int rows in (int[])[0, 1, 7, 8, 9, 65, 700])
            {
                float[] x = Numbers.Uniform(rows, rows * columns), start = Numbers.Uniform(columns, columns);
                float[] sums = TestCpus.SameBits(cpu => ColumnSums(cpu, x, start, rows, columns));
                Close.All(ReduceReference.ColumnSums(x, start, rows, columns), sums, 0, 1e-7 * (rows + 1), $"{rows} x {columns}");
                float[] longer = [.. x, .. new float[5 * columns]];
                Assert.Equal(sums, TestCpus.SameBits(cpu => ColumnSums(cpu, longer, start, rows + 5, columns)));
            }
        }
    }

    private static float[] ColumnSums(Cpu cpu, float[] x, float[] start, int rows, int columns)
    {
        using var guarded = GuardedBuffer<float>.Of(x);
        using var sums = GuardedBuffer<float>.Of(start);
        Reduce.AddColumnSums(cpu, guarded.Span, sums.Span, rows, columns);
        return sums.Span.ToArray();
    }

    [Fact]
    public void AColumnIsOneChainFromZero()
    {
        // 1e8 + 1 + … would swallow the ones if the chain began with what is there.
        using var cpu = new Cpu();
        float[] sums = [1e8f];
        Reduce.AddColumnSums(cpu, Enumerable.Repeat(1f, 64).ToArray(), sums, 64, 1);
        Assert.Equal(1e8f + 64, sums[0]);
    }

    [Fact]
    public void WrongLengthsAreNamed()
    {
        using var cpu = new Cpu();
        Assert.Equal("x", Assert.Throws<ArgumentException>(() => Reduce.AddColumnSums(cpu, new float[5], new float[3], 2, 3)).ParamName);
        Assert.Equal("sums", Assert.Throws<ArgumentException>(() => Reduce.AddColumnSums(cpu, new float[6], new float[2], 2, 3)).ParamName);
    }
}
