using Volley.Testing;

namespace Volley.Kernels.Tests;

public class ReduceTests
{
    private static readonly int[] Sizes = [0, 1, 7, 15, 16, 17, 31, 33, 63, 64, 65, 1000, 16383, 16384, 16385, 40000];
    private static readonly (int Rows, int Columns)[] Shapes = [(0, 3), (1, 1), (3, 0), (5, 7), (17, 16), (9, 17), (33, 63), (8, 64), (70, 65), (600, 130), (3000, 33)];

    [Fact]
    public void SumsOfAllElements()
    {
        foreach (int size in Sizes)
        {
            float[] x = Values.Normal(size, "x");
            TestCpus.ForEach(cpu =>
            {
                using var guarded = GuardedBuffer<float>.Of(x);
                Assert.Equal(x.Sum(v => (double)v), Reduce.Sum(cpu, guarded.Span), 1e-7 * (1 + x.Sum(v => Math.Abs((double)v))));
                Assert.Equal(x.Sum(v => (double)v * v), Reduce.SumOfSquares(cpu, guarded.Span), 1e-6 * (1 + x.Sum(v => (double)v * v)));
                Assert.False(Reduce.HasNaNOrInfinity(cpu, guarded.Span));
            });
            TestCpus.SameBits(cpu => [(float)Reduce.Sum(cpu, x), (float)Reduce.SumOfSquares(cpu, x)]);
        }
    }

    [Fact]
    public void OneBadElementIsFoundAnywhere()
    {
        foreach (int size in (int[])[1, 17, 65, 20000])
        {
            foreach (int place in (int[])[0, size / 2, size - 1])
            {
                foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
                {
                    float[] x = Values.Normal(size, "x");
                    x[place] = bad;
                    TestCpus.ForEach(cpu => Assert.True(Reduce.HasNaNOrInfinity(cpu, x)));
                }
            }
        }
        using var one = new Cpu();
        Assert.False(Reduce.HasNaNOrInfinity(one, [float.MaxValue, -float.MaxValue, float.Epsilon, 0]));
    }

    [Fact]
    public void RowsAndColumns()
    {
        foreach (var (rows, columns) in Shapes)
        {
            float[] x = Values.Normal(rows * columns, "x"), start = Values.Normal(columns, "start");
            int[] lengths = [.. Enumerable.Range(0, rows).Select(r => r * 7 % 2)];
            double[] At(Func<int, double> f, int n) => [.. Enumerable.Range(0, n).Select(f)];
            double[] rowSums = At(r => Enumerable.Range(0, columns).Sum(c => (double)x[r * columns + c]), rows);
            double[] maxima = At(r => columns == 0 ? double.NegativeInfinity : Enumerable.Range(0, columns).Max(c => x[r * columns + c]), rows);
            double[] columnSums = At(c => start[c] + Enumerable.Range(0, rows).Sum(r => (double)x[r * columns + c]), columns);
            double[] means = At(c => rows < 2 ? 0 : Enumerable.Range(0, rows).Sum(r => x[r * columns + c] * (double)lengths[r]) / lengths.Sum(), columns);
            float[] all = TestCpus.SameBits(cpu =>
            {
                using var gx = GuardedBuffer<float>.Of(x);
                using var sums = GuardedBuffer<float>.Of(start);
                using var row = new GuardedBuffer<float>(rows);
                using var most = new GuardedBuffer<float>(rows);
                using var mean = new GuardedBuffer<float>(columns);
                Reduce.RowSums(cpu, gx.Span, row.Span, rows, columns);
                Reduce.RowMaxima(cpu, gx.Span, most.Span, rows, columns);
                Reduce.ColumnSums(cpu, gx.Span, sums.Span, rows, columns);
                Reduce.ColumnMeans(cpu, gx.Span, lengths, mean.Span, rows, 1, columns);
                return [.. row.Span, .. most.Span, .. sums.Span, .. mean.Span];
            });
            Values.AssertClose(rowSums, all.AsSpan(0, rows), 1e-4);
            Assert.Equal(maxima, all.Skip(rows).Take(rows).Select(v => (double)v));
            Values.AssertClose(columnSums, all.AsSpan(2 * rows, columns), 1e-4);
            Values.AssertClose(means, all.AsSpan(2 * rows + columns), 1e-5);
        }
    }

    [Fact]
    public void MoreRowsOfZerosChangeNoBitOfColumnSums()
    {
        using var cpu = new Cpu(2);
        const int batch = 5, time = 300, columns = 37;
        float[] x = Values.Normal(batch * time * columns, "x"), padded = new float[batch * (time + 11) * columns];
        for (int b = 0; b < batch; b++)
            Array.Copy(x, b * time * columns, padded, b * (time + 11) * columns, time * columns);
        float[] one = new float[columns], two = new float[columns];
        Reduce.ColumnSums(cpu, x, one, batch * time, columns);
        Reduce.ColumnSums(cpu, padded, two, batch * (time + 11), columns);
        Assert.Equal(one, two);
        Reduce.ColumnMeans(cpu, x, [], one, batch, time, columns);
        Reduce.ColumnMeans(cpu, padded, [time, time, time, time, time], two, batch, time + 11, columns);
        Assert.Equal(one, two);
    }

    [Fact]
    public void LengthsAreChecked()
    {
        using var cpu = new Cpu();
        Assert.Throws<ArgumentException>(() => Reduce.ColumnSums(cpu, new float[6], new float[2], 2, 3));
        Assert.Throws<ArgumentException>(() => Reduce.RowSums(cpu, new float[6], new float[3], 2, 3));
        Assert.Throws<ArgumentException>(() => Reduce.ColumnMeans(cpu, new float[6], [4, 1], new float[1], 2, 3, 1));
        Assert.Throws<ArgumentException>(() => Reduce.ColumnMeans(cpu, new float[6], [-1, 1], new float[1], 2, 3, 1));
    }
}
