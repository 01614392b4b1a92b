using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests;

public class NormalizeTests
{
    private const float Epsilon = 1e-5f;

    // (batch, time, channels, whether lengths vary); more than 512 rows means several groups.
    private static readonly (int Batch, int Time, int Channels, bool Ragged)[] Shapes =
        [(1, 1, 1, false), (3, 5, 7, true), (2, 9, 16, true), (4, 8, 17, false), (7, 3, 33, true), (2, 6, 63, true), (3, 2, 64, false), (2, 3, 65, true), (1, 7, 130, false),
         (5, 311, 19, true), (1300, 1, 5, true), (600, 1, 5, false), (3, 4, 0, false)];

    private static int[] Lengths(int batch, int time, bool ragged) => [.. Enumerable.Range(0, batch).Select(b => ragged ? (b * 5 + 3) % (time + 1) : time)];

    private static double[] Wide(float[] x) => [.. x.Select(v => (double)v)];

    private sealed record Case(int Batch, int Time, int Channels, int[] Lengths, float[] X, float[] Gamma, float[] Beta, float[] DY)
    {
        public static Case Of(int batch, int time, int channels, bool ragged)
        {
            float[] x = Values.Normal(batch * time * channels, "x", 2);
            for (int i = 0; i < x.Length; i++)
                x[i] += i % channels * 0.5f;
            return new(batch, time, channels, NormalizeTests.Lengths(batch, time, ragged), x, Values.Normal(channels, "gamma"), Values.Normal(channels, "beta"), Values.Normal(x.Length, "dY"));
        }

        public bool Counts(int element) => element / Channels % Time < Lengths[element / Channels / Time];
    }

    private static (float[] Y, float[] Mean, float[] Variance, float[] DX, float[] DGamma, float[] DBeta) Run(Cpu cpu, Case k, bool useLengths = true)
    {
        using var x = GuardedBuffer<float>.Of(k.X);
        using var y = new GuardedBuffer<float>(k.X.Length);
        using var mean = new GuardedBuffer<float>(k.Channels);
        using var variance = new GuardedBuffer<float>(k.Channels);
        using var scale = new GuardedBuffer<float>(k.Channels);
        using var shift = new GuardedBuffer<float>(k.Channels);
        using var dY = GuardedBuffer<float>.Of(k.DY);
        using var dX = new GuardedBuffer<float>(k.X.Length);
        using var dGamma = GuardedBuffer<float>.Of(k.Beta);
        using var dBeta = GuardedBuffer<float>.Of(k.Gamma);
        int[] lengths = useLengths ? k.Lengths : [];
        int count = Normalize.BatchStatistics(cpu, x.Span, lengths, mean.Span, variance.Span, k.Batch, k.Time, k.Channels);
        Assert.Equal(k.Lengths.Sum(), count);
        Normalize.FoldBatchNorm(mean.Span, variance.Span, k.Gamma, k.Beta, Epsilon, scale.Span, shift.Span);
        Normalize.ScaleShift(cpu, x.Span, scale.Span, shift.Span, y.Span, k.Batch * k.Time, k.Channels);
        Normalize.BatchBackward(cpu, dY.Span, x.Span, lengths, mean.Span, variance.Span, k.Gamma, Epsilon, dX.Span, dGamma.Span, dBeta.Span, k.Batch, k.Time, k.Channels);
        return ([.. y.Span], [.. mean.Span], [.. variance.Span], [.. dX.Span], [.. dGamma.Span], [.. dBeta.Span]);
    }

    [Fact]
    public void BatchForwardAgreesWithDouble()
    {
        foreach (var (batch, time, channels, ragged) in Shapes)
        {
            Case k = Case.Of(batch, time, channels, ragged);
            var reference = NormalizeReference.Batch(Wide(k.X), k.Lengths, Wide(k.Gamma), Wide(k.Beta), Epsilon, batch, time, channels);
            float[] all = TestCpus.SameBits(cpu =>
            {
                var r = Run(cpu, k);
                return [.. r.Mean, .. r.Variance, .. r.Y, .. r.DX, .. r.DGamma, .. r.DBeta];
            });
            Values.AssertClose(reference.Mean, all.AsSpan(0, channels), 2e-6, "mean");
            Values.AssertClose(reference.Variance, all.AsSpan(channels, channels), 1e-5, "variance");
            for (int i = 0; i < k.X.Length; i++)
            {
                if (k.Counts(i))
                    Assert.Equal(reference.Y[i], all[2 * channels + i], 1e-4 * (1 + Math.Abs(reference.Y[i])));
            }
        }
    }

    [Fact]
    public void BatchBackwardAgreesWithDifferences()
    {
        using var cpu = new Cpu();
        foreach (var (batch, time, channels, ragged) in ((int, int, int, bool)[])[(1, 2, 3, false), (3, 5, 3, true), (2, 9, 17, true), (260, 3, 1, true), (4, 2, 5, false)])
        {
            Case k = Case.Of(batch, time, channels, ragged);
            double Loss(double[] x, double[] gamma, double[] beta)
            {
                double[] y = NormalizeReference.Batch(x, k.Lengths, gamma, beta, Epsilon, batch, time, channels).Y;
                return Enumerable.Range(0, y.Length).Sum(i => k.Counts(i) ? y[i] * k.DY[i] : 0);
            }
            double[] x = Wide(k.X), gamma = Wide(k.Gamma), beta = Wide(k.Beta);
            var r = Run(cpu, k);
            Values.AssertClose(FiniteDifference.Gradient(v => Loss(v, gamma, beta), x), r.DX, 2e-4, "dX");
            Values.AssertClose([.. FiniteDifference.Gradient(v => Loss(x, v, beta), gamma).Zip(beta, (g, start) => g + start)], r.DGamma, 2e-4, "dGamma");
            Values.AssertClose([.. FiniteDifference.Gradient(v => Loss(x, gamma, v), beta).Zip(gamma, (g, start) => g + start)], r.DBeta, 2e-4, "dBeta");
        }
    }

    [Fact]
    public void PaddingChangesNoBit()
    {
        using var cpu = new Cpu(2);
        foreach (var (batch, time, channels, _) in Shapes.Where(s => s.Channels > 0))
        {
            Case k = Case.Of(batch, time, channels, ragged: true);
            const int extra = 3;
            int longer = time + extra;
            float[] Pad(float[] x)
            {
                float[] padded = [.. Enumerable.Repeat(float.NaN, batch * longer * channels)];
                for (int b = 0; b < batch; b++)
                    Array.Copy(x, b * time * channels, padded, b * longer * channels, k.Lengths[b] * channels);
                return padded;
            }
            Case padded = k with { Time = longer, X = Pad(k.X), DY = Pad(k.DY) };
            var (one, two) = (Run(cpu, k), Run(cpu, padded));
            Assert.Equal(one.Mean, two.Mean);
            Assert.Equal(one.Variance, two.Variance);
            Assert.Equal(one.DGamma, two.DGamma);
            Assert.Equal(one.DBeta, two.DBeta);
            for (int b = 0; b < batch; b++)
            {
                for (int t = 0; t < longer; t++)
                {
                    for (int c = 0; c < channels; c++)
                    {
                        int i = (b * longer + t) * channels + c, j = (b * time + t) * channels + c;
                        Assert.Equal(t < k.Lengths[b] ? one.DX[j] : 0, two.DX[i]);
                        if (t < k.Lengths[b])
                            Assert.Equal(one.Y[j], two.Y[i]);
                    }
                }
            }
        }
    }

    [Fact]
    public void FullLengthsAreNoLengths()
    {
        using var cpu = new Cpu();
        Case k = Case.Of(5, 311, 19, ragged: false);
        var (one, two) = (Run(cpu, k), Run(cpu, k, useLengths: false));
        Assert.Equal(one.Mean, two.Mean);
        Assert.Equal(one.Variance, two.Variance);
        Assert.Equal(one.DX, two.DX);
        Assert.Equal(one.DGamma, two.DGamma);
    }

    [Fact]
    public void VarianceSurvivesALargeMeanAndAnOutlierInFront()
    {
        using var cpu = new Cpu();
        const int rows = 5000;
        float[] x = Values.Normal(rows, "x"), mean = new float[1], variance = new float[1];
        for (int i = 0; i < rows; i++)
            x[i] += 10000;
        double expected = Variance(x);
        Normalize.BatchStatistics(cpu, x, [], mean, variance, rows, 1, 1);
        Assert.Equal(expected, variance[0], 1e-5 * expected);
        x = Values.Normal(rows, "x");
        x[0] = 1e4f;
        expected = Variance(x);
        Normalize.BatchStatistics(cpu, x, [], mean, variance, rows, 1, 1);
        Assert.Equal(expected, variance[0], 1e-5 * expected);
        Array.Fill(x, 0.1f);
        Normalize.BatchStatistics(cpu, x, [], mean, variance, rows, 1, 1);
        Assert.Equal(0.1f, mean[0]);
        Assert.InRange(variance[0], 0, 1e-14f);

        static double Variance(float[] x)
        {
            double m = x.Average(v => (double)v);
            return x.Average(v => (v - m) * (v - m));
        }
    }

    [Fact]
    public void RunningEstimatesUseTheUnbiasedVariance()
    {
        float[] mean = [1, 2], variance = [3, 4];
        Normalize.UpdateRunning([5, 6], [7, 8], 10, 0.1f, mean, variance);
        Values.AssertClose([1.4, 2.4], mean, 1e-6);
        Values.AssertClose([0.9 * 3 + 0.1 * 7 * 10 / 9, 0.9 * 4 + 0.1 * 8 * 10 / 9], variance, 1e-6);
        Normalize.UpdateRunning([5, 6], [7, 8], 0, 0.1f, mean, variance);
        Values.AssertClose([1.4, 2.4], mean, 1e-6);
    }

    private static (float[] Y, float[] DX, float[] DGamma, float[] DBeta) Layer(Cpu cpu, float[] x, float[] gamma, float[] beta, float[] dY, int rows, int columns)
    {
        using var gx = GuardedBuffer<float>.Of(x);
        using var y = new GuardedBuffer<float>(x.Length);
        using var mean = new GuardedBuffer<float>(rows);
        using var inverse = new GuardedBuffer<float>(rows);
        using var dX = GuardedBuffer<float>.Of(dY);
        using var dGamma = GuardedBuffer<float>.Of(beta);
        using var dBeta = GuardedBuffer<float>.Of(gamma);
        Normalize.LayerForward(cpu, gx.Span, gamma, beta, Epsilon, y.Span, mean.Span, inverse.Span, rows, columns);
        Normalize.LayerBackward(cpu, dX.Span, gx.Span, gamma, mean.Span, inverse.Span, dX.Span, dGamma.Span, dBeta.Span, rows, columns);
        return ([.. y.Span], [.. dX.Span], [.. dGamma.Span], [.. dBeta.Span]);
    }

    [Fact]
    public void LayerForwardAgreesWithDouble()
    {
        foreach (var (rows, columns) in ((int, int)[])[(0, 4), (1, 1), (3, 7), (2, 15), (2, 16), (5, 17), (3, 31), (3, 33), (2, 63), (2, 64), (2, 65), (700, 70)])
        {
            float[] x = Values.Normal(rows * columns, "x", 3), gamma = Values.Normal(columns, "gamma"), beta = Values.Normal(columns, "beta"), dY = Values.Normal(x.Length, "dY");
            float[] all = TestCpus.SameBits(cpu =>
            {
                var r = Layer(cpu, x, gamma, beta, dY, rows, columns);
                return [.. r.Y, .. r.DX, .. r.DGamma, .. r.DBeta];
            });
            Values.AssertClose(NormalizeReference.Layer(Wide(x), Wide(gamma), Wide(beta), Epsilon, rows, columns), all.AsSpan(0, x.Length), 1e-5);
        }
    }

    [Fact]
    public void LayerBackwardAgreesWithDifferences()
    {
        using var cpu = new Cpu();
        foreach (var (rows, columns) in ((int, int)[])[(1, 2), (3, 7), (2, 16), (5, 17), (2, 65)])
        {
            float[] x = Values.Normal(rows * columns, "x", 3), gamma = Values.Normal(columns, "gamma"), beta = Values.Normal(columns, "beta"), dY = Values.Normal(x.Length, "dY");
            double Loss(double[] x, double[] gamma, double[] beta) => NormalizeReference.Layer(x, gamma, beta, Epsilon, rows, columns).Zip(dY, (a, b) => a * b).Sum();
            double[] wx = Wide(x), wg = Wide(gamma), wb = Wide(beta);
            var r = Layer(cpu, x, gamma, beta, dY, rows, columns);
            Values.AssertClose(FiniteDifference.Gradient(v => Loss(v, wg, wb), wx), r.DX, 2e-4, "dX");
            Values.AssertClose([.. FiniteDifference.Gradient(v => Loss(wx, v, wb), wg).Zip(wb, (g, start) => g + start)], r.DGamma, 2e-4, "dGamma");
            Values.AssertClose([.. FiniteDifference.Gradient(v => Loss(wx, wg, v), wb).Zip(wg, (g, start) => g + start)], r.DBeta, 2e-4, "dBeta");
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(5, 16)]
    [InlineData(70, 33)]
    [InlineData(9, 64)]
    public void AGatedNormalisationHasTheBitsOfItsParts(int rows, int columns)
    {
        float[] p = Values.Normal(rows * columns, "p"), g = Values.Normal(rows * columns, "g"), gamma = Values.Normal(columns, "gamma"), beta = Values.Normal(columns, "beta"), dY = Values.Normal(rows * columns, "dY");
        TestCpus.ForEach(cpu =>
        {
            float[] v = new float[p.Length], norm = new float[p.Length], expected = new float[p.Length], mean = new float[rows], inverse = new float[rows];
            Elementwise.Multiply(cpu, p, g, v);
            Normalize.LayerForward(cpu, v, gamma, beta, 1e-5f, norm, mean, inverse, rows, columns);
            Gelu.Forward(cpu, norm, expected);
            using GuardedBuffer<float> a = GuardedBuffer<float>.Of(p), b = GuardedBuffer<float>.Of(g), y = new(p.Length), m = new(rows), r = new(rows);
            Normalize.GatedForward(cpu, a.Span, b.Span, gamma, beta, 1e-5f, y.Span, m.Span, r.Span, rows, columns);
            Assert.Equal(expected, y.Span.ToArray());
            Assert.Equal((float[])[.. mean, .. inverse], (float[])[.. m.Span, .. r.Span]);

            float[] dNorm = new float[p.Length], dV = new float[p.Length], dP = new float[p.Length], dG = new float[p.Length], dGamma = [.. gamma], dBeta = [.. beta];
            Gelu.Backward(cpu, norm, dY, dNorm);
            Normalize.LayerBackward(cpu, dNorm, v, gamma, mean, inverse, dV, dGamma, dBeta, rows, columns);
            Elementwise.Multiply(cpu, dV, g, dP);
            Elementwise.Multiply(cpu, dV, p, dG);
            float[] actualGamma = [.. gamma], actualBeta = [.. beta];
            using GuardedBuffer<float> product = new(p.Length), slopes = new(p.Length);
            Normalize.GatedBackward(cpu, dY, a.Span, b.Span, gamma, beta, m.Span, r.Span, product.Span, slopes.Span, actualGamma, actualBeta, rows, columns);
            Assert.Equal(dG, a.Span.ToArray());
            Assert.Equal(dP, b.Span.ToArray());
            Assert.Equal((float[])[.. dGamma, .. dBeta], (float[])[.. actualGamma, .. actualBeta]);
        });
    }
}
