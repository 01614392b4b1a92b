using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;
using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests.Neurons;

/// <summary>Parallel spiking neurons against the equations in double, and the numbers of Fang et al. 2023 as seeds.md 1.9 has them.</summary>
public class PsnTests
{
    private static readonly ATan s_surrogate = new(2);

    // The example of the checks: T = 4, N = 2.
    private static readonly float[] s_w = [.5f, -.25f, 0, .25f, .25f, .5f, 0, -.5f, .1f, .2f, .6f, 0, -.3f, .4f, .2f, .7f];
    private static readonly float[] s_x = [1, 2, 3, -1, .5f, 4, 2, 1];

    public static TheoryData<int, int, int, int, bool> Shapes()
    {
        var shapes = new TheoryData<int, int, int, int, bool>();
        foreach ((int b, int t, int n) in new[] { (1, 1, 1), (2, 4, 2), (3, 7, 65), (2, 17, 64), (5, 33, 130), (1, 70, 1100), (40, 5, 3), (0, 3, 4) })
        {
            foreach (int order in new[] { 0, 1, 2, 5, 8, 16 })
            {
                if (order <= t)
                    shapes.Add(b, t, n, order, false);
                if (order > 0)
                    shapes.Add(b, t, n, order, true);
            }
        }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Agrees_with_the_equations(int batch, int steps, int neurons, int order, bool sliding)
    {
        var call = new PsnCall(batch, steps, neurons, order, sliding);
        var rng = new Random(7 * steps + order);
        float[] x = Draw(rng, batch * steps * neurons, 1), w = Draw(rng, call.WeightCount, 1), bias = Draw(rng, call.BiasCount, 0.3f), dS = Draw(rng, x.Length, 1);
        if (!sliding && order > 0)
            Band(w, steps, order);
        int[] lengths = [.. Enumerable.Range(0, batch).Select(b => b % 3 == 2 ? 0 : b % 3 == 1 ? (steps + 1) / 2 : steps)];

        float[] all = TestCpus.SameBits(cpu => Run(cpu, call, x, w, bias, dS, lengths));
        ReadOnlySpan<float> spikes = all.AsSpan(0, x.Length), dX = all.AsSpan(x.Length, x.Length), dW = all.AsSpan(2 * x.Length, w.Length), dBias = all.AsSpan(2 * x.Length + w.Length);

        double[] expectedW = new double[w.Length], expectedBias = new double[bias.Length];
        double[,] matrix = sliding ? PsnReference.Toeplitz([.. w.Select(v => (double)v)], steps) : Matrix(w, 0, steps, steps);
        double[] biases = [.. Enumerable.Range(0, steps).Select(t => (double)bias[sliding ? 0 : t])];
        for (int b = 0; b < batch; b++)
        {
            double[,] input = Matrix(x, b * steps * neurons, steps, neurons), d = new double[steps, neurons];
            for (int t = lengths[b]; t < steps; t++)
            {
                for (int n = 0; n < neurons; n++)
                    input[t, n] = 0;
            }
            double[,] distance = PsnReference.Distance(matrix, biases, input);
            for (int t = 0; t < steps; t++)
            {
                for (int n = 0; n < neurons; n++)
                {
                    int i = (b * steps + t) * neurons + n;
                    bool counts = t < lengths[b];
                    if (Math.Abs(distance[t, n]) > 1e-4 || !counts)
                        Assert.Equal(counts && distance[t, n] >= 0 ? 1f : 0f, spikes[i]);
                    d[t, n] = counts ? dS[i] * s_surrogate.Slope(new F64(distance[t, n])).Value : 0;
                }
            }
            (double[,] inputs, double[,] weights, double[] sums) = PsnReference.Backward(matrix, input, d);
            for (int t = 0; t < steps; t++)
            {
                expectedBias[sliding ? 0 : t] += sums[t];
                for (int s = 0; s < steps; s++)
                {
                    if (!sliding && (order == 0 || (s <= t && t - s < order)))
                        expectedW[t * steps + s] += weights[t, s];
                    else if (sliding && s <= t && t - s < order)
                        expectedW[order - 1 - (t - s)] += weights[t, s];
                }
                for (int n = 0; n < neurons; n++)
                    Near(t < lengths[b] ? inputs[t, n] : 0, dX[(b * steps + t) * neurons + n], 1e-4);
            }
        }
        double tolerance = 1e-5 * Math.Sqrt(batch * neurons * (sliding ? steps : 1) + 1) + 1e-4;
        for (int i = 0; i < w.Length; i++)
            Near(expectedW[i], dW[i], tolerance);
        for (int i = 0; i < bias.Length; i++)
            Near(expectedBias[i], dBias[i], tolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Padding_changes_no_bit(int order)
    {
        var rng = new Random(5);
        using var cpu = new Cpu(1);
        const int Batch = 3, Steps = 9, Longer = 23, Neurons = 70;
        int[] lengths = [9, 4, 7];
        PsnCall brief = new(Batch, Steps, Neurons, order, true), padded = brief with { Steps = Longer };
        float[] x = Draw(rng, Batch * Steps * Neurons, 1), dS = Draw(rng, x.Length, 1), w = Draw(rng, order, 1);
        float[] a = Run(cpu, brief, x, w, [-0.2f], dS, lengths), b = Run(cpu, padded, Pad(x), w, [-0.2f], Pad(dS), lengths);
        Assert.Equal(a.AsSpan(2 * x.Length).ToArray(), b.AsSpan(2 * Batch * Longer * Neurons).ToArray());
        for (int i = 0; i < Batch; i++)
        {
            int size = Steps * Neurons, longer = Longer * Neurons;
            Assert.Equal(a.AsSpan(i * size, size).ToArray(), b.AsSpan(i * longer, size).ToArray());
            Assert.Equal(a.AsSpan(x.Length + i * size, size).ToArray(), b.AsSpan(Batch * longer + i * longer, size).ToArray());
        }

        float[] Pad(float[] values)
        {
            var all = new float[Batch * Longer * Neurons];
            Array.Fill(all, float.NaN);
            for (int i = 0; i < Batch; i++)
                values.AsSpan(i * Steps * Neurons, Steps * Neurons).CopyTo(all.AsSpan(i * Longer * Neurons));
            return all;
        }
    }

    [Fact]
    public void The_published_example_comes_out()
    {
        // seeds.md 1.9: checks 2 and 3; H[2][0] is exactly the threshold.
        float[] dS = [1, 2, 2, 4, 3, 6, 4, 8], bias = [-1, -1, -1, -1];
        float[] all = TestCpus.SameBits(cpu => Run(cpu, new PsnCall(1, 4, 2), s_x, s_w, bias, dS, []));
        Assert.Equal([0, 1, 0, 0, 1, 1, 1, 0], all.AsSpan(0, 8).ToArray());
        double[] dX = [.626576, -.331177, 1.258974, .923848, 1.839323, .638393, -.442698, 1.67306];
        double[] dW = [1.306235, -.118901, 2.38352, .882067, 1.581702, 3.538554, 1.307945, 2.646311,
            3.589842, 8.705079, 2.679684, 6.294921, 4.811021, -1.717361, 9.327121, 2.700432];
        double[] dBias = [.729434, 1.409338, 3.294921, 2.503818];   // of b = −B, so with the other sign
        foreach ((double expected, float actual) in dX.Concat(dW).Concat(dBias).Zip(all.AsSpan(8).ToArray()))
            Assert.Equal(expected, actual, 5e-6);
    }

    [Fact]
    public void A_neuron_without_reset_is_the_matrix_of_its_decays()
    {
        // seeds.md 1.9, check 1: tau = 2.
        const int Steps = 30, Neurons = 50;
        var rng = new Random(3);
        float[] x = Draw(rng, Steps * Neurons, 4), w = new float[Steps * Steps], bias = [.. Enumerable.Repeat(-1f, Steps)];
        for (int t = 0; t < Steps; t++)
        {
            for (int s = 0; s <= t; s++)
                w[t * Steps + s] = (float)(0.5 * Math.Pow(0.5, t - s));
        }
        using var cpu = new Cpu(1);
        float[] spikes = Run(cpu, new PsnCall(1, Steps, Neurons), x, w, bias, new float[x.Length], []);
        for (int n = 0; n < Neurons; n++)
        {
            double h = 0;
            for (int t = 0; t < Steps; t++)
            {
                h = 0.5 * h + 0.5 * x[t * Neurons + n];
                if (Math.Abs(h - 1) > 1e-6)
                    Assert.Equal(h >= 1 ? 1f : 0f, spikes[t * Neurons + n]);
            }
        }
    }

    [Fact]
    public void A_sliding_neuron_is_a_masked_one_with_a_band_of_equal_rows()
    {
        // seeds.md 1.9, check 8.
        const int Steps = 24, Neurons = 33, Order = 3;
        var rng = new Random(4);
        float[] x = Draw(rng, 2 * Steps * Neurons, 1), dS = Draw(rng, x.Length, 1), w = [.25f, .5f, 1], band = new float[Steps * Steps];
        for (int t = 0; t < Steps; t++)
        {
            for (int s = Math.Max(0, t - Order + 1); s <= t; s++)
                band[t * Steps + s] = w[Order - 1 - (t - s)];
        }
        using var cpu = new Cpu(1);
        float[] sliding = Run(cpu, new PsnCall(2, Steps, Neurons, Order, true), x, w, [-1], dS, []);
        float[] masked = Run(cpu, new PsnCall(2, Steps, Neurons, Order), x, band, [.. Enumerable.Repeat(-1f, Steps)], dS, []);
        Assert.Equal(masked.AsSpan(0, 2 * x.Length).ToArray(), sliding.AsSpan(0, 2 * x.Length).ToArray());
        for (int i = 0; i < Order; i++)
        {
            double diagonal = Enumerable.Range(0, Steps).Where(t => t >= Order - 1 - i).Sum(t => (double)masked[2 * x.Length + t * Steps + t - (Order - 1 - i)]);
            Assert.Equal(diagonal, sliding[2 * x.Length + i], 1e-3);
        }
    }

    [Fact]
    public void An_order_that_does_not_fit_is_refused()
    {
        using var cpu = new Cpu(1);
        Assert.Contains("order is 5", Assert.Throws<ArgumentException>(() => Psn.Forward(cpu, new float[8], new float[16], new float[4], new ulong[4], new PsnCall(1, 4, 2, 5))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Psn.Forward(cpu, new float[8], [], new float[1], new ulong[4], new PsnCall(1, 4, 2, 0, true)));
        Assert.Throws<ArgumentException>(() => Psn.Forward(cpu, new float[7], new float[16], new float[4], new ulong[4], new PsnCall(1, 4, 2)));
    }

    /// <summary>Spikes, dX, dW and db one behind the other, everything in guarded memory.</summary>
    private static float[] Run(Cpu cpu, PsnCall call, float[] x, float[] w, float[] bias, float[] dS, int[] lengths)
    {
        using var gx = GuardedBuffer<float>.Of(x);
        using var gw = GuardedBuffer<float>.Of(w);
        using var gd = GuardedBuffer<float>.Of(dS);
        using var bits = new GuardedBuffer<ulong>(call.Batch * call.Steps * call.WordsPerRow);
        Psn.Forward(cpu, gx.Span, gw.Span, bias, bits.Span, call, lengths);
        float[] dW = new float[w.Length], dBias = new float[bias.Length], partials = new float[call.PartialCount];
        Psn.Backward(cpu, gx.Span, gw.Span, bias, gd.Span, s_surrogate, gd.Span, dW, dBias, partials, call, lengths);
        var spikes = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
            spikes[i] = (bits.Span[i / call.Neurons * call.WordsPerRow + i % call.Neurons / 64] >> (i % call.Neurons % 64)) & 1;
        return [.. spikes, .. gd.Span, .. dW, .. dBias];
    }

    private static void Band(float[] w, int steps, int order)
    {
        for (int t = 0; t < steps; t++)
        {
            for (int s = 0; s < steps; s++)
                w[t * steps + s] = s <= t && t - s < order ? w[t * steps + s] : 0;
        }
    }

    private static double[,] Matrix(float[] values, int start, int rows, int columns)
    {
        var matrix = new double[rows, columns];
        for (int i = 0; i < rows * columns; i++)
            matrix[i / columns, i % columns] = values[start + i];
        return matrix;
    }

    private static float[] Draw(Random rng, int count, float scale) => [.. Enumerable.Range(0, count).Select(_ => scale * (2 * rng.NextSingle() - 1))];

    private static void Near(double expected, float actual, double tolerance)
    {
        if (Math.Abs(expected - actual) > tolerance * Math.Max(1, Math.Abs(expected)))
            Assert.Fail($"{actual:R} is not {expected:R}");
    }
}
