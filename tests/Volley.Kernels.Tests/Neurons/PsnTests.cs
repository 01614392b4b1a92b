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
        foreach ((int b, int t, int n) in new[] { (1, 1, 1), (2, 4, 2), (3, 7, 65), (2, 17, 64), (5, 33, 130), (1, 70, 1100), (40, 5, 3), (3, 50, 2100), (1, 34, 32768), (0, 3, 4) })
        {
            foreach (int order in new[] { 0, 1, 2, 5, 8, 16, 40 })
            {
                // Rows so wide that they are copied together.
                if (n > 10_000 && order is not (0 or 40))
                    continue;
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
        using (var cpu = new Cpu(1))
            Assert.Equal(all, Run(cpu, call, x, w, bias, dS, lengths, keep: true));
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
    [InlineData(1, 9, 23, 70)]
    [InlineData(3, 9, 23, 70)]
    [InlineData(8, 9, 23, 70)]
    [InlineData(2, 20, 70, 3000)]
    [InlineData(60, 30, 200, 900)]
    public void Padding_changes_no_bit(int order, int steps, int longer, int neurons)
    {
        var rng = new Random(5);
        using var cpu = new Cpu(1);
        const int Batch = 3;
        int[] lengths = [steps, steps / 2, steps - 1];
        PsnCall brief = new(Batch, steps, neurons, order, true), padded = brief with { Steps = longer };
        float[] x = Draw(rng, Batch * steps * neurons, 1), dS = Draw(rng, x.Length, 1), w = Draw(rng, order, 1);
        float[] a = Run(cpu, brief, x, w, [-0.2f], dS, lengths), b = Run(cpu, padded, Pad(x), w, [-0.2f], Pad(dS), lengths);
        Assert.Equal(a.AsSpan(2 * x.Length).ToArray(), b.AsSpan(2 * Batch * longer * neurons).ToArray());
        for (int i = 0; i < Batch; i++)
        {
            int size = steps * neurons, longerSize = longer * neurons;
            Assert.Equal(a.AsSpan(i * size, size).ToArray(), b.AsSpan(i * longerSize, size).ToArray());
            Assert.Equal(a.AsSpan(x.Length + i * size, size).ToArray(), b.AsSpan(Batch * longerSize + i * longerSize, size).ToArray());
        }

        float[] Pad(float[] values)
        {
            var all = new float[Batch * longer * neurons];
            Array.Fill(all, float.NaN);
            for (int i = 0; i < Batch; i++)
                values.AsSpan(i * steps * neurons, steps * neurons).CopyTo(all.AsSpan(i * longer * neurons));
            return all;
        }
    }

    [Theory]
    [InlineData(3, 5, 20, 0)]
    [InlineData(2, 6, 30, 2)]
    [InlineData(70, 3, 9, 0)]
    [InlineData(64, 3, 40, 4)]
    [InlineData(301, 4, 6, 3)]
    [InlineData(16, 100, 34, 8)]
    public void Places_of_an_image_are_rows_of_bits_and_nothing_else_is_different(int channels, int places, int steps, int order)
    {
        var rng = new Random(9);
        PsnCall flat = new(3, steps, channels * places, order, order > 0), rows = flat with { RowLength = channels };
        float[] x = Draw(rng, 3 * steps * flat.Neurons, 1), dS = Draw(rng, x.Length, 1), w = Draw(rng, flat.WeightCount, 1), bias = Draw(rng, flat.BiasCount, 0.3f);
        int[] lengths = [steps, steps / 2, 0];
        float[] all = TestCpus.SameBits(cpu => Run(cpu, rows, x, w, bias, dS, lengths));
        using var cpu = new Cpu(2);
        float[] expected = Run(cpu, flat, x, w, bias, dS, lengths);
        Assert.Equal(expected.AsSpan(0, 2 * x.Length).ToArray(), all.AsSpan(0, 2 * x.Length).ToArray());
        for (int i = 2 * x.Length; i < all.Length; i++)
            Near(expected[i], all[i], 1e-4);
        Assert.Contains(all[x.Length..], value => value != 0);
    }

    [Theory]
    [InlineData(70, 1, 7, 0)]
    [InlineData(130, 1, 40, 5)]
    [InlineData(5, 30, 4, 0)]
    [InlineData(64, 20, 12, 2)]
    public void A_normalisation_in_front_is_done_while_reading(int channels, int places, int steps, int order)
    {
        var rng = new Random(10);
        var call = new PsnCall(2, steps, channels * places, order, order > 0, places > 1 ? channels : 0);
        float[] x = Draw(rng, 2 * steps * call.Neurons, 1), dS = Draw(rng, x.Length, 1), w = Draw(rng, call.WeightCount, 1), bias = Draw(rng, call.BiasCount, 0.3f);
        float[] factors = Draw(rng, channels, 2), offsets = Draw(rng, channels, 1);
        float[] scaled = [.. x.Select((value, i) => MathF.FusedMultiplyAdd(value, factors[i % channels], offsets[i % channels]))];
        float[] all = TestCpus.SameBits(cpu => Run(cpu, call, x, w, bias, dS, [], factors, offsets));
        using var cpu = new Cpu(1);
        Assert.Equal(Run(cpu, call, scaled, w, bias, dS, []), all);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 65)]
    [InlineData(7, 33)]
    [InlineData(40, 130)]
    public void A_stream_fires_what_the_whole_sequence_fires(int order, int neurons)
    {
        const int Steps = 50;
        var rng = new Random(11);
        float[] x = Draw(rng, Steps * neurons, 1), w = Draw(rng, order, 1), ring = new float[order * neurons], potentials = new float[neurons];
        var bits = new ulong[(neurons + 63) / 64];
        using var cpu = new Cpu(1);
        float[] whole = Run(cpu, new PsnCall(1, Steps, neurons, order, true), x, w, [-0.1f], new float[x.Length], []);
        for (int t = 0; t < Steps; t++)
        {
            x.AsSpan(t * neurons, neurons).CopyTo(ring.AsSpan(t % order * neurons));
            Psn.Step(cpu, ring, (t + 1) % order, w, -0.1f, potentials, bits);
            for (int n = 0; n < neurons; n++)
                Assert.Equal(whole[t * neurons + n], (float)((bits[n / 64] >> (n % 64)) & 1));
        }
    }

    [Fact]
    public void A_bounded_surrogate_says_where_its_slope_is_not_0()
    {
        const int Steps = 6, Neurons = 70;
        var rng = new Random(12);
        var call = new PsnCall(1, Steps, Neurons, 2, true);
        float[] x = Draw(rng, Steps * Neurons, 1), w = [1, 0.5f];
        using var cpu = new Cpu(1);
        ulong[] bits = new ulong[Steps * call.WordsPerStep], support = new ulong[bits.Length];
        Psn.Forward(cpu, x, w, [-0.25f], bits, call, support: support, supportWidth: 0.5f);
        for (int i = 0; i < x.Length; i++)
        {
            float h = MathF.FusedMultiplyAdd(0.5f, x[i], i < Neurons ? 0 : x[i - Neurons]) - 0.25f;
            Assert.Equal(Math.Abs(h) <= 0.5f, ((support[Word(call, i)] >> (i % Neurons % 64)) & 1) != 0);
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

    /// <summary>seeds.md 1.9, check 10: with the smooth g in place of Θ, the equations of backward that everything above is held to are the derivative of a
    /// whole network of PSN, a masked and a sliding layer between products, in double.</summary>
    [Fact]
    public void The_equations_of_backward_are_the_derivative_of_a_whole_network()
    {
        const int Steps = 6, Inputs = 4, Hidden = 5, Classes = 3;
        var random = new Random(10);
        double[][] parameters =
        [
            Doubles(Steps * Steps), Doubles(Steps), Doubles(Inputs * Hidden), Doubles(Steps * Steps), Doubles(Steps), Doubles(Hidden * Classes), Doubles(3), Doubles(1),
        ];
        double[] x = Doubles(Steps * Inputs);
        double[][] gradients = Network(out _);
        for (int p = 0; p < parameters.Length; p++)
        {
            for (int i = 0; i < parameters[p].Length; i++)
            {
                double kept = parameters[p][i];
                parameters[p][i] = kept + 1e-5;
                Network(out double above);
                parameters[p][i] = kept - 1e-5;
                Network(out double below);
                parameters[p][i] = kept;
                double difference = (above - below) / 2e-5;
                Assert.True(Math.Abs(difference - gradients[p][i]) <= 1e-5 * Math.Max(Math.Abs(difference), 1e-3), $"parameter {p}, element {i}: {gradients[p][i]}, not {difference}");
            }
        }

        double[] Doubles(int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];

        // PSN → product → masked PSN of order 2 at λ = ½ → product → sliding PSN of order 3 → mean over time → cross entropy with class 1.
        double[][] Network(out double loss)
        {
            double[,] input = Square(x, Inputs), mask = new double[Steps, Steps], w2 = Square(parameters[3], Steps), w3 = PsnReference.Toeplitz(parameters[6], Steps);
            for (int t = 0; t < Steps; t++)
            {
                for (int s = 0; s < Steps; s++)
                {
                    mask[t, s] = s <= t && t - s < 2 ? 1 : 0.5;
                    w2[t, s] *= mask[t, s];
                }
            }
            double[] b3 = [.. Enumerable.Repeat(parameters[7][0], Steps)];
            double[,] w1 = Square(parameters[0], Steps), h1 = PsnReference.Distance(w1, parameters[1], input), s1 = Fire(h1), a = Square(parameters[2], Hidden), z1 = Times(s1, a);
            double[,] h2 = PsnReference.Distance(w2, parameters[4], z1), s2 = Fire(h2), c = Square(parameters[5], Classes), z2 = Times(s2, c);
            double[,] h3 = PsnReference.Distance(w3, b3, z2), s3 = Fire(h3);
            double[] scores = [.. Enumerable.Range(0, Classes).Select(k => Enumerable.Range(0, Steps).Average(t => s3[t, k]))];
            double sum = scores.Sum(Math.Exp);
            loss = Math.Log(sum) - scores[1];

            var d3 = new double[Steps, Classes];
            for (int t = 0; t < Steps; t++)
            {
                for (int k = 0; k < Classes; k++)
                    d3[t, k] = (Math.Exp(scores[k]) / sum - (k == 1 ? 1 : 0)) / Steps;
            }
            (double[,] dZ2, double[,] dW3, double[] dB3) = PsnReference.Backward(w3, z2, Sloped(d3, h3));
            (double[,] dZ1, double[,] dW2, double[] dB2) = PsnReference.Backward(w2, z1, Sloped(Times(dZ2, Transposed(c)), h2));
            (_, double[,] dW1, double[] dB1) = PsnReference.Backward(w1, input, Sloped(Times(dZ1, Transposed(a)), h1));
            for (int t = 0; t < Steps; t++)
            {
                for (int s = 0; s < Steps; s++)
                    dW2[t, s] *= mask[t, s];
            }
            double[] diagonals = [.. Enumerable.Range(0, 3).Select(i => Enumerable.Range(2 - i, Steps - (2 - i)).Sum(t => dW3[t, t - (2 - i)]))];
            return [Flat(dW1), dB1, Flat(Times(Transposed(s1), dZ1)), Flat(dW2), dB2, Flat(Times(Transposed(s2), dZ2)), diagonals, [dB3.Sum()]];
        }

        static double[,] Fire(double[,] h) => Map(h, v => Math.Atan(Math.PI * v) / Math.PI + 0.5);

        static double[,] Sloped(double[,] d, double[,] h)
        {
            double[,] slopes = Map(h, v => s_surrogate.Slope(new F64(v)).Value);
            return Map2(d, slopes, (a, b) => a * b);
        }

        static double[,] Map(double[,] a, Func<double, double> f) => Map2(a, a, (v, _) => f(v));

        static double[,] Map2(double[,] a, double[,] b, Func<double, double, double> f)
        {
            var result = new double[a.GetLength(0), a.GetLength(1)];
            for (int i = 0; i < result.GetLength(0); i++)
            {
                for (int j = 0; j < result.GetLength(1); j++)
                    result[i, j] = f(a[i, j], b[i, j]);
            }
            return result;
        }

        static double[,] Times(double[,] a, double[,] b)
        {
            var result = new double[a.GetLength(0), b.GetLength(1)];
            for (int i = 0; i < result.GetLength(0); i++)
            {
                for (int j = 0; j < result.GetLength(1); j++)
                {
                    for (int k = 0; k < b.GetLength(0); k++)
                        result[i, j] += a[i, k] * b[k, j];
                }
            }
            return result;
        }

        static double[,] Transposed(double[,] a)
        {
            var result = new double[a.GetLength(1), a.GetLength(0)];
            for (int i = 0; i < result.GetLength(0); i++)
            {
                for (int j = 0; j < result.GetLength(1); j++)
                    result[i, j] = a[j, i];
            }
            return result;
        }

        static double[,] Square(double[] values, int columns)
        {
            var result = new double[values.Length / columns, columns];
            for (int i = 0; i < values.Length; i++)
                result[i / columns, i % columns] = values[i];
            return result;
        }

        static double[] Flat(double[,] values) => [.. values.Cast<double>()];
    }

    /// <summary>Spikes, dX, dW and db one behind the other, everything in guarded memory.</summary>
    private static float[] Run(Cpu cpu, PsnCall call, float[] x, float[] w, float[] bias, float[] dS, int[] lengths, float[]? factors = null, float[]? offsets = null, bool keep = false)
    {
        using var gx = GuardedBuffer<float>.Of(x);
        using var gw = GuardedBuffer<float>.Of(w);
        using var gd = GuardedBuffer<float>.Of(dS);
        using var bits = new GuardedBuffer<ulong>(call.Batch * call.Steps * call.WordsPerStep);
        using var potentials = new GuardedBuffer<float>(keep || call.KeepsPotentials ? x.Length : 0);
        Psn.Forward(cpu, gx.Span, gw.Span, bias, bits.Span, call, lengths, factors, offsets, potentials: potentials.Span);
        float[] dW = new float[w.Length], dBias = new float[bias.Length], partials = new float[call.PartialCount];
        Psn.Backward(cpu, gx.Span, gw.Span, bias, gd.Span, s_surrogate, gd.Span, dW, dBias, partials, call, lengths, factors, offsets, potentials.Span);
        var spikes = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
            spikes[i] = (bits.Span[Word(call, i)] >> (i % call.Channels % 64)) & 1;
        return [.. spikes, .. gd.Span, .. dW, .. dBias];
    }

    private static int Word(PsnCall call, int i) => call.Channels % 64 == 0 || call.Channels == call.Neurons
        ? i / call.Neurons * call.WordsPerStep + i % call.Neurons / 64
        : i / call.Channels * ((call.Channels + 63) / 64) + i % call.Channels / 64;

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
