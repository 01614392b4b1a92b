using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;
using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests;

/// <summary>Elementwise activations and what makes spikes or ternary values of numbers.</summary>
public sealed class ActivationTests
{
    private static readonly int[] s_sizes = [0, 1, 7, 16, 17, 63, 64, 65, 200];

    [Fact]
    public void TheNormalDistributionIsAccurateInItsTailsToo()
    {
        for (double x = -12; x <= 12; x += 1.0 / 64)
        {
            LaneMath.Normal(new F32((float)x), out F32 distribution, out F32 density);
            double expected = ReferenceNormal.Distribution(x);
            Assert.Equal(1, distribution.Value / expected, Math.Abs(x) < 3 ? 4e-7 : 1e-5);
            Assert.Equal(1, density.Value / (Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)), Math.Abs(x) < 3 ? 4e-7 : 1e-5);
        }
        foreach (float x in (float[])[1e3f, 1e30f, float.MaxValue, float.PositiveInfinity])
        {
            LaneMath.Normal(new F32(x), out F32 high, out _);
            LaneMath.Normal(new F32(-x), out F32 low, out _);
            Assert.Equal((1, 0), (high.Value, low.Value));
        }
    }

    [Fact]
    public void GeluIsXTimesTheDistribution()
    {
        foreach (int size in s_sizes)
        {
            float[] x = Values.Normal(size, "x", 3), dY = Values.Normal(size, "dY");
            TestCpus.ForEach(cpu =>
            {
                using GuardedBuffer<float> from = GuardedBuffer<float>.Of(x), y = new(size), gradient = GuardedBuffer<float>.Of(dY), dX = new(size);
                Gelu.Forward(cpu, from.Span, y.Span);
                Gelu.Backward(cpu, from.Span, gradient.Span, dX.Span);
                for (int i = 0; i < size; i++)
                {
                    double distribution = ReferenceNormal.Distribution(x[i]), density = Math.Exp(-(double)x[i] * x[i] / 2) / Math.Sqrt(2 * Math.PI);
                    Assert.Equal(x[i] * distribution, y.Span[i], 1e-6);
                    Assert.Equal(dY[i] * (distribution + x[i] * density), dX.Span[i], 2e-6);
                }
            });
        }
    }

    [Fact]
    public void AGateMultipliesAndItsGradientIsThatOfFiniteDifferences()
    {
        foreach (int columns in (int[])[1, 7, 16, 33])
        {
            const int Rows = 5;
            float[] x = Values.Normal(Rows * 2 * columns, "x"), dZ = Values.Normal(Rows * columns, "dZ");
            double[] expected = Gates(Numbers.ToDouble(x), columns);
            double[] slopes = FiniteDifference.Gradient(at => Gates(at, columns).Zip(dZ, (z, d) => z * d).Sum(), Numbers.ToDouble(x));
            TestCpus.ForEach(cpu =>
            {
                using GuardedBuffer<float> from = GuardedBuffer<float>.Of(x), z = new(Rows * columns), gradient = GuardedBuffer<float>.Of(dZ);
                Glu.Forward(cpu, from.Span, z.Span, Rows, columns);
                Close.All(expected, z.Span, 0, 1e-6, "output");
                Glu.Backward(cpu, from.Span, gradient.Span, from.Span, Rows, columns);
                Close.All(slopes, from.Span, 0, 2e-6, "gradient, in place");
            });
        }
    }

    private static double[] Gates(double[] x, int columns) =>
        [.. Enumerable.Range(0, x.Length / 2).Select(i => x[i / columns * 2 * columns + i % columns] / (1 + Math.Exp(-x[(i / columns * 2 + 1) * columns + i % columns])))];

    [Fact]
    public void AValueAboveItsThresholdFires()
    {
        foreach (int columns in (int[])[1, 63, 64, 65, 130])
        {
            const int Rows = 3;
            float[] x = Values.Normal(Rows * columns, "x"), thresholds = Values.Normal(columns, "thresholds", 0.5f), dS = Values.Normal(Rows * columns, "dS");
            x[0] = 0;
            x[^1] = thresholds[^1];
            foreach (float[] at in (float[][])[[], thresholds])
            {
                TestCpus.ForEach(cpu =>
                {
                    using GuardedBuffer<float> from = GuardedBuffer<float>.Of(x), where = GuardedBuffer<float>.Of(at), gradient = GuardedBuffer<float>.Of(dS), dX = new(x.Length);
                    using var bits = new GuardedBuffer<ulong>(Rows * SpikeBits.WordsPerRow(columns));
                    SpikeThreshold.Forward(cpu, from.Span, where.Span, bits.Span, Rows, columns);
                    SpikeThreshold.Backward(cpu, from.Span, where.Span, gradient.Span, new FastSigmoid(25), dX.Span, Rows, columns);
                    for (int i = 0; i < x.Length; i++)
                    {
                        double distance = x[i] - (double)(at.Length > 0 ? at[i % columns] : 0);
                        Assert.Equal(distance > 0, (bits.Span[i / columns * SpikeBits.WordsPerRow(columns) + i % columns / 64] >> (i % columns % 64) & 1) != 0);
                        Assert.Equal(dS[i] / ((25 * Math.Abs(distance) + 1) * (25 * Math.Abs(distance) + 1)), dX.Span[i], 2e-6 * (1 + Math.Abs(dS[i])));
                    }
                    Assert.Equal(Spikes(), SpikeBits.CountSpikes(bits.Span));
                });

                int Spikes() => x.Where((value, i) => value > (at.Length > 0 ? at[i % columns] : 0)).Count();
            }
        }
    }

    [Fact]
    public void TheFastSigmoidHasItsPublishedSlopes()
    {
        using var cpu = new Cpu();
        float[] x = [0, 0.02f, 0.1f, 1], dX = new float[4];
        SpikeThreshold.Backward(cpu, x, default, [1, 1, 1, 1], new FastSigmoid(25), dX, 1, 4);
        Close.All([1, .444444, .081633, .001479], dX, 0, 1e-6, "slopes");
    }

    [Fact]
    public void TernaryValuesAreThoseOfTheExampleWhateverTheScale()
    {
        using var cpu = new Cpu();
        foreach (float scale in (float[])[1, 1e-3f, 77])
        {
            var bits = new ulong[1];
            var negative = new ulong[1];
            Ternary.Forward(cpu, [scale, -0.1f * scale, 0.3f * scale], 0.15f, bits, negative, 1, 3);
            Assert.Equal((0b101ul, 0ul), (bits[0], negative[0]));
            Ternary.Forward(cpu, [.5f * scale, -.02f * scale, .1f * scale, -.4f * scale, .3f * scale, .05f * scale, .06f * scale, -.5f * scale, .2f * scale], 0.15f, bits, negative, 1, 9);
            // [[1, 0, 1], [−1, 1, 0], [0, −1, 1]], row by row from the lowest bit.
            Assert.Equal((0b110_011_101ul, 0b010_001_000ul), (bits[0], negative[0]));
        }
        var silent = new ulong[1];
        Ternary.Forward(cpu, [0, 0], 0.15f, silent, new ulong[1], 1, 2);
        Assert.Equal(0ul, silent[0]);
    }

    [Fact]
    public void TheGradientOfATernaryValueGoesThroughTheLargestToo()
    {
        foreach (int columns in (int[])[1, 5, 16, 37])
        {
            const int Rows = 3;
            float[] x = Values.Normal(Rows * columns, "x"), dQ = Values.Normal(Rows * columns, "dQ"), before = Values.Normal(Rows * columns, "before");
            // With the smooth function whose slope the surrogate is, finite differences judge.
            double[] slopes = FiniteDifference.Gradient(at => Smooth(at, columns).Zip(dQ, (q, d) => q * d).Sum(), Numbers.ToDouble(x), 1e-7);
            TestCpus.ForEach(cpu =>
            {
                using GuardedBuffer<float> from = GuardedBuffer<float>.Of(x), gradient = GuardedBuffer<float>.Of(dQ), dX = GuardedBuffer<float>.Of(before);
                Ternary.Backward(cpu, from.Span, 0.15f, gradient.Span, new FastSigmoid(25), dX.Span, Rows, columns);
                for (int i = 0; i < x.Length; i++)
                    Assert.Equal(slopes[i], dX.Span[i] - before[i], 2e-5);
            });
            TestCpus.SameBits(cpu =>
            {
                float[] dX = [.. before];
                Ternary.Backward(cpu, x, 0.15f, dQ, new FastSigmoid(25), dX, Rows, columns);
                return dX;
            });
        }
    }

    private static double[] Smooth(double[] x, int columns)
    {
        var q = new double[x.Length];
        for (int row = 0; row < x.Length / columns; row++)
        {
            double[] part = x[(row * columns)..((row + 1) * columns)];
            double d = (double)0.15f * part.Max(Math.Abs);
            for (int c = 0; c < columns; c++)
                q[row * columns + c] = Primitive(part[c] - d) - Primitive(-part[c] - d);
        }
        return q;

        static double Primitive(double v) => v / (1 + 25 * Math.Abs(v));
    }
}
