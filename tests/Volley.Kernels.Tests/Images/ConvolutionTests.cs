using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests.Images;

public class ConvolutionTests
{
    /// <summary>Signals (height 1) and images; kernels of one place and of more, strides, padding, groups, sizes beside those of lanes and panels.</summary>
    private static readonly ConvolutionCall[] s_calls =
    [
        new(3, 1, 32, 3, 32, 1, 3, PadWidth: 1),
        new(2, 1, 17, 33, 20, 1, 3, PadWidth: 1),
        new(2, 1, 9, 64, 65, 1, 5, PadWidth: 2),
        new(3, 1, 8, 16, 7, 1, 3, StrideWidth: 2, PadWidth: 1),
        new(2, 1, 5, 1, 1, 1, 1),
        new(2, 6, 6, 5, 33, 3, 3, PadHeight: 1, PadWidth: 1),
        new(1, 7, 5, 17, 16, 3, 3),
        new(2, 9, 11, 3, 12, 7, 7, 2, 2, 3, 3),
        new(2, 7, 7, 66, 40, 3, 3, 2, 2, 1, 1),
        new(3, 6, 5, 24, 31, 1, 1, 2, 2),
        new(3, 4, 4, 70, 31, 1, 1),
        new(2, 5, 8, 12, 18, 3, 3, PadHeight: 1, PadWidth: 1, Groups: 3),
        new(1, 6, 6, 8, 8, 3, 3, 2, 2, 1, 1, Groups: 8),
        new(2, 5, 7, 10, 9, 2, 4, 3, 2, 1, 3),
        new(1, 40, 41, 40, 6, 3, 3, PadHeight: 2, PadWidth: 0),
        new(5, 2, 3, 200, 300, 3, 3, PadHeight: 1, PadWidth: 1),
        new(0, 4, 4, 3, 5, 3, 3, PadHeight: 1, PadWidth: 1),
    ];

    public static TheoryData<ConvolutionCall> Calls => [.. s_calls];

    public static TheoryData<ConvolutionCall, string, double> SpikeCalls
    {
        get
        {
            var cases = new TheoryData<ConvolutionCall, string, double>();
            foreach (ConvolutionCall call in s_calls)
            {
                cases.Add(call, "bits", 0.1);
                cases.Add(call, "values", 0.3);
                cases.Add(call, "ternary", 0.9);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void OutputAndGradientsAreThoseOfTheDefinition(ConvolutionCall call)
    {
        float[] x = Numbers(call.InputCount, 1), w = Numbers(call.WeightCount, 2), bias = Numbers(call.Outputs, 3), dY = Numbers(call.OutputCount, 4), before = Numbers(call.WeightCount, 5);
        float[] all = TestCpus.SameBits(cpu =>
        {
            using var gx = GuardedBuffer<float>.Of(x);
            using var gw = GuardedBuffer<float>.Of(w);
            using var gb = GuardedBuffer<float>.Of(bias);
            using var gd = GuardedBuffer<float>.Of(dY);
            using var dW = GuardedBuffer<float>.Of(before);
            using var y = new GuardedBuffer<float>((int)call.OutputCount);
            using var plain = new GuardedBuffer<float>((int)call.OutputCount);
            using var dX = new GuardedBuffer<float>((int)call.InputCount);
            y.Span.Fill(float.NaN);
            plain.Span.Fill(float.NaN);
            dX.Span.Fill(float.NaN);
            Convolution.Forward(cpu, gx.Span, gw.Span, y.Span, call, gb.Span);
            Convolution.Forward(cpu, gx.Span, gw.Span, plain.Span, call);
            Convolution.InputGradient(cpu, gd.Span, gw.Span, dX.Span, call);
            Convolution.WeightGradient(cpu, gx.Span, gd.Span, dW.Span, call);
            return [.. y.Span, .. plain.Span, .. dX.Span, .. dW.Span];
        });
        double[] expected =
        [
            .. ConvolutionReference.Forward(x, w, bias, call), .. ConvolutionReference.Forward(x, w, [], call),
            .. ConvolutionReference.InputGradient(dY, w, call), .. ConvolutionReference.WeightGradient(x, dY, before, call),
        ];
        Close(expected, all);
    }

    [Theory]
    [MemberData(nameof(SpikeCalls))]
    public void SpikesGiveTheBitsOfTheirNumbersWithAndWithoutEvents(ConvolutionCall call, string kind, double density)
    {
        SpikeReference.Spikes x = SpikeReference.Random(call.Images * call.Height * call.Width, call.Inputs, density, kind, 7);
        float[] w = Numbers(call.WeightCount, 2), bias = Numbers(call.Outputs, 3), dY = Numbers(call.OutputCount, 4), before = Numbers(call.WeightCount, 5);
        float[] numbers = x.Expand(), y = new float[call.OutputCount], dW = [.. before];
        using var one = new Cpu(1);
        Convolution.Forward(one, numbers, w, y, call, bias);
        Convolution.WeightGradient(one, numbers, dY, dW, call);
        float[] expected = [.. y, .. dW];
        foreach (bool events in (bool[])[true, false])
        {
            float[] actual = TestCpus.SameBits(cpu =>
            {
                using var gw = GuardedBuffer<float>.Of(w);
                using var gd = GuardedBuffer<float>.Of(dY);
                using var gy = new GuardedBuffer<float>(y.Length);
                using var gdW = GuardedBuffer<float>.Of(before);
                gy.Span.Fill(float.NaN);
                Convolution.Forward(cpu, x.Matrix, gw.Span, gy.Span, call, events, bias);
                Convolution.WeightGradient(cpu, x.Matrix, gd.Span, gdW.Span, call, events);
                return [.. gy.Span, .. gdW.Span];
            });
            for (int i = 0; i < expected.Length; i++)
                Assert.True(expected[i] == actual[i], $"{call}, events {events}: element {i} is {actual[i]:R}, not {expected[i]:R}.");
        }
    }

    [Fact]
    public void SizesThatDoNotFitAreRefused()
    {
        using var cpu = new Cpu(1);
        Assert.Contains("smaller than the kernel", Refused(new(1, 4, 4, 2, 2, 3, 3, PadHeight: 3, PadWidth: 1)), StringComparison.Ordinal);
        Assert.Contains("does not fit", Refused(new(1, 2, 8, 2, 2, 3, 3)), StringComparison.Ordinal);
        Assert.Contains("3 groups", Refused(new(1, 4, 4, 4, 6, 3, 3, Groups: 3)), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Convolution.Forward(cpu, new float[31], new float[36], new float[8], new ConvolutionCall(1, 4, 4, 2, 2, 3, 3)));

        string Refused(ConvolutionCall call) => Assert.Throws<ArgumentException>(() => Convolution.Forward(cpu, new float[32], new float[36], new float[8], call)).Message;
    }

    internal static float[] Numbers(long count, int seed)
    {
        var random = new Random(seed);
        var numbers = new float[count];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = (float)(2 * random.NextDouble() - 1);
        return numbers;
    }

    internal static void Close(double[] expected, float[] actual, double tolerance = 1e-4)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"Element {i} is {actual[i]:R}, not {expected[i]:R}.");
    }
}
