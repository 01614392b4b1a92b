using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests.Images;

public class PoolingTests
{
    public static TheoryData<PoolingCall> Calls =>
    [
        new(3, 1, 32, 32, 1, 2, 1, 2),
        new(2, 1, 9, 5, 1, 3, 1, 2, 0, 1),
        new(2, 6, 8, 33, 2, 2, 2, 2),
        new(2, 7, 7, 17, 3, 3, 2, 2, 1, 1),
        new(1, 5, 4, 70, 2, 3, 3, 1, 1, 0),
        new(2, 4, 6, 16, 4, 6, 4, 6),
        new(1, 5, 5, 3, 1, 1, 2, 2),
        new(0, 4, 4, 3, 2, 2, 2, 2),
    ];

    [Theory]
    [MemberData(nameof(Calls))]
    public void MeansMaximaAndGradientsAreThoseOfTheDefinition(PoolingCall call)
    {
        // Few different numbers, so that a window often holds its maximum twice.
        float[] x = [.. ConvolutionTests.Numbers(call.InputCount, 1).Select(v => MathF.Round(3 * v))], dY = ConvolutionTests.Numbers(call.OutputCount, 2);
        float[] all = TestCpus.SameBits(cpu =>
        {
            using var gx = GuardedBuffer<float>.Of(x);
            using var gd = GuardedBuffer<float>.Of(dY);
            using var mean = new GuardedBuffer<float>(dY.Length);
            using var most = new GuardedBuffer<float>(dY.Length);
            using var dMean = new GuardedBuffer<float>(x.Length);
            using var dMost = new GuardedBuffer<float>(x.Length);
            foreach (GuardedBuffer<float> buffer in (GuardedBuffer<float>[])[mean, most, dMean, dMost])
                buffer.Span.Fill(float.NaN);
            Pooling.AverageForward(cpu, gx.Span, mean.Span, call);
            Pooling.MaxForward(cpu, gx.Span, most.Span, call);
            Pooling.AverageBackward(cpu, gd.Span, dMean.Span, call);
            Pooling.MaxBackward(cpu, gx.Span, gd.Span, dMost.Span, call);
            return [.. mean.Span, .. most.Span, .. dMean.Span, .. dMost.Span];
        });

        double[] means = new double[dY.Length], maxima = new double[dY.Length], dMeans = new double[x.Length], dMaxima = new double[x.Length];
        var winner = new int[dY.Length];
        Array.Fill(winner, -1);
        foreach ((int from, int to) in Pairs(call))
        {
            means[to] += (double)x[from] / (call.KernelHeight * call.KernelWidth);
            dMeans[from] += (double)dY[to] / (call.KernelHeight * call.KernelWidth);
            if (winner[to] < 0 || x[from] > x[winner[to]])
                winner[to] = from;
        }
        for (int i = 0; i < winner.Length; i++)
        {
            maxima[i] = x[winner[i]];
            dMaxima[winner[i]] += dY[i];
        }
        ConvolutionTests.Close([.. means, .. maxima, .. dMeans, .. dMaxima], all, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void SpikesArePooledAsTheirNumbers(PoolingCall call)
    {
        foreach (string kind in (string[])["bits", "values", "ternary"])
        {
            SpikeReference.Spikes x = SpikeReference.Random(call.Images * call.Height * call.Width, call.Channels, 0.3, kind, 3);
            var expected = new float[call.OutputCount];
            using var one = new Cpu(1);
            Pooling.AverageForward(one, x.Expand(), expected, call);
            Assert.Equal(expected, TestCpus.SameBits(cpu =>
            {
                using var mean = new GuardedBuffer<float>(expected.Length);
                mean.Span.Fill(float.NaN);
                Pooling.AverageForward(cpu, x.Matrix, mean.Span, call);
                return mean.Span.ToArray();
            }));
            if (kind != "bits")
                continue;
            Pooling.MaxForward(one, x.Expand(), expected, call);
            using var most = new GuardedBuffer<ulong>(call.Images * call.OutputHeight * call.OutputWidth * SpikeBits.WordsPerRow(call.Channels));
            Pooling.MaxForward(x.Bits, most.Span, call);
            Assert.Equal(expected, (x with { Bits = most.Span.ToArray(), Rows = call.Images * call.OutputHeight * call.OutputWidth }).Expand());
        }
    }

    [Fact]
    public void SizesThatDoNotFitAreRefused()
    {
        using var cpu = new Cpu(1);
        Assert.Throws<ArgumentException>(() => Pooling.AverageForward(cpu, new float[15], new float[4], new PoolingCall(1, 4, 4, 1, 2, 2, 2, 2)));
        Assert.Contains("does not fit", Assert.Throws<ArgumentException>(() =>
            Pooling.MaxForward(cpu, new float[16], new float[4], new PoolingCall(1, 4, 4, 1, 5, 5, 2, 2))).Message, StringComparison.Ordinal);
    }

    /// <summary>Every (input, output) that a window joins.</summary>
    private static IEnumerable<(int From, int To)> Pairs(PoolingCall s)
    {
        foreach ((int image, int oy, int ox, _, _, int iy, int ix) in
            ConvolutionReference.Windows(s.Images, s.Height, s.Width, s.KernelHeight, s.KernelWidth, s.StrideHeight, s.StrideWidth, s.PadHeight, s.PadWidth))
        {
            for (int c = 0; c < s.Channels; c++)
                yield return (((image * s.Height + iy) * s.Width + ix) * s.Channels + c, ((image * s.OutputHeight + oy) * s.OutputWidth + ox) * s.Channels + c);
        }
    }
}
