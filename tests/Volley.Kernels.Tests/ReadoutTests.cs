using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests;

public class ReadoutTests
{
    private static readonly (int Batch, int Time, int Columns)[] Shapes =
        [(0, 3, 2), (1, 1, 1), (3, 5, 10), (4, 7, 16), (2, 20, 17), (3, 4, 33), (2, 3, 65), (70, 30, 20), (2, 0, 3)];

    private delegate void Forward(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, Span<float> y, int batch, int time, int columns);

    private delegate void Backward(Cpu cpu, ReadOnlySpan<float> dY, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, Span<float> dX, int batch, int time, int columns);

    private static void Compare(Forward forward, Backward backward, Func<double[][], int, double> reference)
    {
        foreach (var (batch, time, columns) in Shapes)
        {
            int[] lengths = [.. Enumerable.Range(0, batch).Select(b => Math.Max(time - b % 4, 0))];
            float[] x = Values.Normal(batch * time * columns, "x", 2), dY = Values.Normal(batch * columns, "dY");
            float[] Run(Cpu cpu, float[] x, int[] lengths, int time)
            {
                using var gx = GuardedBuffer<float>.Of(x);
                using var gd = GuardedBuffer<float>.Of(dY);
                using var y = new GuardedBuffer<float>(dY.Length);
                using var dX = GuardedBuffer<float>.Of(x);
                forward(cpu, gx.Span, lengths, y.Span, batch, time, columns);
                backward(cpu, gd.Span, gx.Span, lengths, dX.Span, batch, time, columns);
                return [.. y.Span, .. dX.Span];
            }
            float[] all = TestCpus.SameBits(cpu => Run(cpu, x, lengths, time));
            double[] wide = [.. x.Select(v => (double)v)];
            Values.AssertClose(LossReference.Readout(wide, lengths, time, columns, reference), all.AsSpan(0, dY.Length), 1e-5, "y");
            if (x.Length < 1000)
            {
                double[] gradient = FiniteDifference.Gradient(v => LossReference.Readout(v, lengths, time, columns, reference).Zip(dY, (a, b) => a * b).Sum(), wide);
                Values.AssertClose(gradient, all.AsSpan(dY.Length), 1e-5, "dX");
            }

            // More padding, full of NaN, changes no bit; nor does writing the full lengths out.
            using var one = new Cpu();
            int longer = time + 3;
            var padded = new float[batch * longer * columns];
            Array.Fill(padded, float.NaN);
            for (int b = 0; b < batch; b++)
                Array.Copy(x, b * time * columns, padded, b * longer * columns, lengths[b] * columns);
            float[] more = Run(one, padded, lengths, longer);
            Assert.Equal(all[..dY.Length], more[..dY.Length]);
            for (int i = 0; i < padded.Length; i++)
            {
                int b = i / columns / longer, t = i / columns % longer;
                Assert.Equal(t < lengths[b] ? all[dY.Length + (b * time + t) * columns + i % columns] : 0, more[dY.Length + i]);
            }
            Assert.Equal(Run(one, x, [.. Enumerable.Repeat(time, batch)], time), Run(one, x, [], time));
        }
    }

    [Fact]
    public void SumOfSoftmax() => Compare(Readout.SumOfSoftmax, Readout.SumOfSoftmaxBackward, (rows, c) => rows.Sum(r => LossReference.Softmax(r)[c]));

    [Fact]
    public void Sum() => Compare(Readout.Sum, (cpu, dY, x, lengths, dX, b, t, n) => Readout.SumBackward(cpu, dY, lengths, dX, b, t, n), (rows, c) => rows.Sum(r => r[c]));

    [Fact]
    public void Mean() => Compare(Readout.Mean, (cpu, dY, x, lengths, dX, b, t, n) => Readout.MeanBackward(cpu, dY, lengths, dX, b, t, n), (rows, c) => rows.Average(r => r[c]));

    [Fact]
    public void Last() => Compare(Readout.Last, (cpu, dY, x, lengths, dX, b, t, n) => Readout.LastBackward(cpu, dY, lengths, dX, b, t, n), (rows, c) => rows[^1][c]);

    [Fact]
    public void Max() => Compare(Readout.Max, Readout.MaxBackward, (rows, c) => rows.Max(r => r[c]));

    [Fact]
    public void TheFirstOfEqualMaximaGetsTheGradient()
    {
        using var cpu = new Cpu();
        float[] x = [1, 5, 3, 5, 3, 2], dX = new float[6];
        Readout.MaxBackward(cpu, [10, 20], x, [], dX, 1, 3, 2);
        Assert.Equal([0, 20, 10, 0, 0, 0], dX);
    }

    [Fact]
    public void DoubleSoftmaxOfSeeds()
    {
        // seeds.md 2.7, check 14: the scores sum to the number of steps, and CE(m) has dL/dV[t] = s_t·(d − ⟨s_t, d⟩) with d = softmax(m) − onehot.
        using var cpu = new Cpu();
        float[] v = Values.Normal(6 * 20, "v"), m = new float[20], d = new float[20], dV = new float[v.Length];
        Readout.SumOfSoftmax(cpu, v, [], m, 1, 6, 20);
        Assert.Equal(6, m.Sum(), 1e-5);
        Loss.CrossEntropy(cpu, m, [3], 0, d, 1, 20);
        Readout.SumOfSoftmaxBackward(cpu, d, v, [], dV, 1, 6, 20);
        double Reference(double[] x) => LossReference.CrossEntropy(LossReference.Readout(x, [6], 6, 20, (rows, c) => rows.Sum(r => LossReference.Softmax(r)[c])), LossReference.OneHot(3, 20, 0));
        Values.AssertClose(FiniteDifference.Gradient(Reference, [.. v.Select(x => (double)x)]), dV, 1e-6);
    }
}
