using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests;

public class ReadoutTests
{
    private delegate void ForwardKernel(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, Span<float> scores, int batch, int steps, int classes);
    private delegate void BackwardKernel(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, ReadOnlySpan<float> dScores, Span<float> dSequence, int batch, int steps, int classes);

    private static readonly Dictionary<string, (ForwardKernel Forward, BackwardKernel Backward)> Kernels = new()
    {
        ["SumSoftmax"] = (Readouts.SumSoftmaxForward, Readouts.SumSoftmaxBackward),
        ["Mean"] = (Readouts.MeanForward, Readouts.MeanBackward),
        ["Max"] = (Readouts.MaxForward, Readouts.MaxBackward),
        ["Last"] = (Readouts.LastForward, Readouts.LastBackward),
        ["Sum"] = (Readouts.SumForward, Readouts.SumBackward),
    };

    private static readonly (int Batch, int Steps, int Classes)[] Shapes =
        [(1, 1, 1), (3, 7, 2), (1, 100, 10), (3, 33, 17), (65, 7, 20), (3, 100, 35), (65, 1, 10), (2, 16, 16), (2, 17, 33), (0, 7, 10), (3, 0, 10), (3, 7, 0), (300, 9, 20)];

    public static TheoryData<string> Names => [.. Kernels.Keys];

    private static int[] SomeLengths(int batch, int steps) => [.. Enumerable.Range(0, batch).Select(b => b == 1 ? 0 : steps - b * 5 % (steps + 1))];

    private static float[] Forward(Cpu cpu, string name, float[] y, int[] lengths, int batch, int steps, int classes)
    {
        using var sequence = GuardedBuffer<float>.Of(y);
        using var scores = new GuardedBuffer<float>(batch * classes);
        scores.Span.Fill(7);
        Kernels[name].Forward(cpu, sequence.Span, lengths, scores.Span, batch, steps, classes);
        return scores.Span.ToArray();
    }

    private static float[] Backward(Cpu cpu, string name, float[] y, int[] lengths, float[] g, int batch, int steps, int classes)
    {
        using var sequence = GuardedBuffer<float>.Of(y, guardBefore: true);
        using var dScores = GuardedBuffer<float>.Of(g);
        using var dSequence = new GuardedBuffer<float>(y.Length);
        dSequence.Span.Fill(7);
        Kernels[name].Backward(cpu, sequence.Span, lengths, dScores.Span, dSequence.Span, batch, steps, classes);
        return dSequence.Span.ToArray();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithItsReference(string name)
    {
        ReadoutReference reference = ReadoutReference.All.Single(r => r.Name == name);
        foreach (var (batch, steps, classes) in Shapes)
        {
            foreach (int[] lengths in (int[][])[[], SomeLengths(batch, steps)])
            {
                float[] y = Numbers.Coarse(steps, batch * steps * classes, 8), g = Numbers.Uniform(5, batch * classes);
                float[] scores = TestCpus.SameBits(cpu => Forward(cpu, name, y, lengths, batch, steps, classes));
                float[] dY = TestCpus.SameBits(cpu => Backward(cpu, name, y, lengths, g, batch, steps, classes));
                for (int b = 0; b < batch; b++)
                {
                    int length = lengths.Length == 0 ? steps : lengths[b];
                    double[] sample = Numbers.ToDouble(y.AsSpan(b * steps * classes, length * classes)), gradient = Numbers.ToDouble(g.AsSpan(b * classes, classes));
                    string what = $"{name}, sample {b} of {batch}, {length} of {steps} steps, {classes} classes";
                    Close.All(reference.Forward(sample, length, classes), scores.AsSpan(b * classes, classes), 1e-6, 1e-6, what);
                    double[] expected = [.. reference.Backward(sample, gradient, length, classes), .. new double[(steps - length) * classes]];
                    Close.All(expected, dY.AsSpan(b * steps * classes, steps * classes), 1e-6, 3e-7, what);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheReferenceAgreesWithFiniteDifferences(string name)
    {
        ReadoutReference reference = ReadoutReference.All.Single(r => r.Name == name);
        foreach (var (steps, classes) in (ReadOnlySpan<(int, int)>)[(1, 1), (5, 2), (7, 10)])
        {
            double[] y = Numbers.ToDouble(Numbers.Uniform(4, steps * classes, 3)), g = Numbers.ToDouble(Numbers.Uniform(5, classes));
            double[] expected = FiniteDifference.Gradient(x => reference.Forward(x, steps, classes).Zip(g, (s, w) => s * w).Sum(), y);
            Close.All(expected, reference.Backward(y, g, steps, classes), 1e-6, 1e-8, name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MorePaddingChangesNoBit(string name)
    {
        const int batch = 5, steps = 19, more = 31, classes = 20;
        int[] lengths = [19, 0, 1, 17, 12];
        float[] y = Numbers.Uniform(1, batch * steps * classes, 4), g = Numbers.Uniform(2, batch * classes);
        var longer = new float[batch * more * classes];
        longer.AsSpan().Fill(float.NaN);
        for (int b = 0; b < batch; b++)
            y.AsSpan(b * steps * classes, lengths[b] * classes).CopyTo(longer.AsSpan(b * more * classes));
        TestCpus.ForEach(cpu =>
        {
            Assert.Equal(Forward(cpu, name, y, lengths, batch, steps, classes), Forward(cpu, name, longer, lengths, batch, more, classes));
            float[] dY = Backward(cpu, name, y, lengths, g, batch, steps, classes), dLonger = Backward(cpu, name, longer, lengths, g, batch, more, classes);
            for (int b = 0; b < batch; b++)
            {
                Assert.Equal(dY[(b * steps * classes)..((b + 1) * steps * classes)], dLonger[(b * more * classes)..((b * more + steps) * classes)]);
                Assert.All(dLonger[((b * more + steps) * classes)..((b + 1) * more * classes)], d => Assert.Equal(0, d));
            }
        });
    }

    [Fact]
    public void AStreamGetsTheSameBits()
    {
        const int steps = 100, classes = 35;
        float[] y = Numbers.Uniform(1, steps * classes, 4);
        float[] softmax = new float[classes], sum = new float[classes], max = new float[classes], last = [], p = new float[classes];
        for (int t = 0; t < steps; t++)
        {
            last = y[(t * classes)..((t + 1) * classes)];
            Readouts.SoftmaxRow(last, p);
            for (int c = 0; c < classes; c++)
            {
                softmax[c] += p[c];
                sum[c] += last[c];
                max[c] = t == 0 ? last[c] : MathF.Max(max[c], last[c]);
            }
            float[] soFar = y[..((t + 1) * classes)];
            using var cpu = new Cpu(1, LaneWidth.Vector512);
            Assert.Equal(softmax, Forward(cpu, "SumSoftmax", soFar, [], 1, t + 1, classes));
            Assert.Equal(sum, Forward(cpu, "Sum", soFar, [], 1, t + 1, classes));
            Assert.Equal(sum.Select(s => s / (t + 1)), Forward(cpu, "Mean", soFar, [], 1, t + 1, classes));
            Assert.Equal(max, Forward(cpu, "Max", soFar, [], 1, t + 1, classes));
            Assert.Equal(last, Forward(cpu, "Last", soFar, [], 1, t + 1, classes));
        }
    }

    [Fact]
    public void ClassesThatNeverWinChangeNoBit()
    {
        const int steps = 9, classes = 10, padded = 16;
        float[] y = Numbers.Uniform(1, steps * classes, 4), wide = new float[steps * padded];
        wide.AsSpan().Fill(float.NegativeInfinity);
        for (int t = 0; t < steps; t++)
            y.AsSpan(t * classes, classes).CopyTo(wide.AsSpan(t * padded));
        TestCpus.ForEach(cpu => Assert.Equal(Forward(cpu, "SumSoftmax", y, [], 1, steps, classes), Forward(cpu, "SumSoftmax", wide, [], 1, steps, padded)[..classes]));
    }

    [Fact]
    public void TheFirstOfEqualMaximaGetsTheGradient()
    {
        TestCpus.ForEach(cpu => Assert.Equal([0, 0, 5, 0, 0, 6, 0, 0],
            Backward(cpu, "Max", [1, 2, 3, 2, 3, 4, 3, 4], [], [5, 6], 1, 4, 2)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NotFiniteScoresComeThrough(string name)
    {
        float[] y = Numbers.Uniform(1, 20 * 3);
        y[19 * 3 + 1] = float.NaN;
        TestCpus.ForEach(cpu => Assert.True(float.IsNaN(Forward(cpu, name, y, [], 1, 20, 3)[1])));
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        using var cpu = new Cpu();
        foreach (var (forward, backward) in Kernels.Values)
        {
            Assert.Equal("sequence", Assert.Throws<ArgumentException>(() => forward(cpu, new float[5], default, new float[2], 1, 3, 2)).ParamName);
            Assert.Equal("scores", Assert.Throws<ArgumentException>(() => forward(cpu, new float[6], default, new float[3], 1, 3, 2)).ParamName);
            Assert.Equal("dScores", Assert.Throws<ArgumentException>(() => backward(cpu, new float[6], default, new float[3], new float[6], 1, 3, 2)).ParamName);
            Assert.Equal("dSequence", Assert.Throws<ArgumentException>(() => backward(cpu, new float[6], default, new float[2], new float[5], 1, 3, 2)).ParamName);
            Assert.Contains("lengths[1] is 4", Assert.Throws<ArgumentException>(() => forward(cpu, new float[12], [3, 4], new float[4], 2, 3, 2)).Message);
            Assert.Contains("lengths[0] is -1", Assert.Throws<ArgumentException>(() => backward(cpu, new float[12], [-1, 3], new float[4], new float[12], 2, 3, 2)).Message);
        }
    }
}
