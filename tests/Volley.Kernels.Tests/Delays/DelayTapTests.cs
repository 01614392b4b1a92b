using Volley.Kernels.Delays;
using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests.Delays;

/// <summary>Taps from positions, and gradients back: the numbers of seeds.md 2.7, and the definition in double.</summary>
public class DelayTapTests
{
    // The paper counts taps from the longest delay to none; a delay of d steps is its tap K − 1 − d.
    public static TheoryData<double, double, bool, double[]> PublishedKernels() => new()
    {
        { 0.5, 0.23, false, [.000003, .008993, .491005, .491005, .008993] },
        { 1, 1, false, [.021798, .102702, .260300, .354900, .260300] },
        { 0, 0.23, false, [.000264, .106451, .786571, .106451, .000264] },
        { 0.3, 0, true, [0, 0, .7, .3, 0] },
    };

    [Theory]
    [MemberData(nameof(PublishedKernels))]
    public void TheKernelsAreThePublishedOnes(double position, double sigma, bool triangle, double[] published)
    {
        var call = new DelayCall(1, 1, 1, 1, 5);
        float[] taps = Build(new Cpu(), call, [1], [(float)position], (float)sigma, triangle);
        for (int k = 0; k < 5; k++)
            Assert.Equal(published[k], taps[(4 - k) * 16], 1e-6);
        Assert.Equal(1, Enumerable.Range(0, 5).Sum(d => (double)taps[d * 16]), 2e-7);
    }

    [Fact]
    public void TheDerivativeWithRespectToThePositionIsThePublishedOne()
    {
        double[] published = [-.000030, -.053958, -.981996, .982026, .053959];
        var call = new DelayCall(1, 1, 1, 1, 5);
        for (int k = 0; k < 5; k++)
        {
            var dTaps = new float[call.TapFloats];
            dTaps[(4 - k) * 16] = 1;
            float[] dW = [0], dP = [0];
            DelayTaps.Backward(new Cpu(), [1], [0.5f], 0.23f, TapInterpolation.Gaussian, dTaps, dW, dP, call);
            Assert.Equal(published[k], dP[0], 1e-5);
        }
    }

    [Fact]
    public void AWholeDelayIsOneTap()
    {
        var call = new DelayCall(1, 1, 1, 25, 25);
        float[] positions = [.. Enumerable.Range(0, 25).Select(o => (float)(12 - o))];
        float[] taps = Build(new Cpu(), call, [.. Enumerable.Repeat(2f, 25)], positions, 0, triangle: true);
        for (int o = 0; o < 25; o++)
        {
            for (int d = 0; d < 25; d++)
                Assert.Equal(d == o ? 2 : 0, taps[(o / 16 * 25 + d) * 16 + o % 16], 1e-6);
        }
    }

    public static TheoryData<int, int, int, int, double, bool> Shapes()
    {
        var shapes = new TheoryData<int, int, int, int, double, bool>();
        foreach ((int i, int o, int k, int c) in new[] { (1, 1, 1, 1), (3, 5, 5, 1), (2, 16, 25, 2), (5, 17, 31, 1), (1, 33, 7, 3) })
        {
            foreach (double sigma in new[] { 0, 0.23, 2.5, 12 })
            {
                shapes.Add(i, o, k, c, sigma, false);
                shapes.Add(i, o, k, c, sigma, true);
            }
        }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AgreesWithTheDefinition(int inputs, int outputs, int taps, int kernels, double sigma, bool triangle)
    {
        var call = new DelayCall(1, 1, inputs, outputs, taps, kernels);
        var random = new Random(3);
        float[] weights = Draw(random, call.Synapses, 1), positions = Draw(random, call.Synapses, taps / 2f);
        // A position one half beyond the last tap still has a kernel; the box keeps it within.
        positions[0] = taps / 2;
        float[] built = TestCpus.SameBits(cpu => Build(cpu, call, weights, positions, (float)sigma, triangle));
        float[] dTaps = Draw(random, call.TapFloats, 1);
        float[] gradients = TestCpus.SameBits(cpu =>
        {
            float[] dW = new float[call.Synapses], dP = new float[call.Synapses];
            using var w = GuardedBuffer<float>.Of(weights);
            using var p = GuardedBuffer<float>.Of(positions);
            DelayTaps.Backward(cpu, w.Span, p.Span, (float)sigma, triangle ? TapInterpolation.Triangle : TapInterpolation.Gaussian, dTaps, dW, dP, call);
            return [.. dW, .. dP];
        });
        for (int i = 0; i < inputs; i++)
        {
            for (int o = 0; o < outputs; o++)
            {
                var sum = new double[taps];
                for (int c = 0; c < kernels; c++)
                {
                    int at = (c * inputs + i) * outputs + o;
                    double[] k = DelayReference.Taps(positions[at], sigma, triangle, taps);
                    double Loss(double position) => DelayReference.Taps(position, sigma, triangle, taps).Select((v, d) => v * dTaps[Tap(i, o, d)]).Sum();
                    for (int d = 0; d < taps; d++)
                        sum[d] += weights[at] * k[d];
                    Near(Loss(positions[at]), gradients[at], 1e-5);
                    const double Step = 1e-6;
                    // At a corner of a triangle there is no derivative to compare with.
                    double above = (Loss(positions[at] + Step) - Loss(positions[at])) / Step, below = (Loss(positions[at]) - Loss(positions[at] - Step)) / Step;
                    if (Math.Abs(above - below) < 1e-3 * (1 + Math.Abs(above)))
                        Near(weights[at] * (above + below) / 2, gradients[call.Synapses + at], 2e-4);
                }
                for (int d = 0; d < taps; d++)
                    Near(sum[d], built[Tap(i, o, d)], 3e-6);
            }
        }
        for (int o = outputs; o < (outputs + 15) / 16 * 16; o++)
            Assert.Equal(0, built[Tap(0, o, 0)]);

        int Tap(int i, int o, int d) => ((o / 16 * inputs + i) * taps + d) * 16 + o % 16;
    }

    [Fact]
    public void WrongSizesAreRefused()
    {
        var call = new DelayCall(1, 1, 2, 3, 5);
        Assert.Throws<ArgumentException>(() => Build(new Cpu(), call with { Taps = 4 }, new float[6], new float[6], 1, false));
        Assert.Throws<ArgumentException>(() => Build(new Cpu(), call, new float[5], new float[6], 1, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(new Cpu(), call, new float[6], new float[6], -1, false));
    }

    private static float[] Build(Cpu cpu, DelayCall call, float[] weights, float[] positions, float sigma, bool triangle)
    {
        using var w = GuardedBuffer<float>.Of(weights);
        using var p = GuardedBuffer<float>.Of(positions);
        using var k = new GuardedBuffer<float>(call.TapFloats);
        DelayTaps.Build(cpu, w.Span, p.Span, sigma, triangle ? TapInterpolation.Triangle : TapInterpolation.Gaussian, k.Span, call);
        return k.Span.ToArray();
    }

    private static float[] Draw(Random random, int count, float most) => [.. Enumerable.Range(0, count).Select(_ => most * (float)(2 * random.NextDouble() - 1))];

    private static void Near(double expected, double actual, double tolerance) => Assert.InRange(actual, expected - tolerance * (1 + Math.Abs(expected)), expected + tolerance * (1 + Math.Abs(expected)));
}
