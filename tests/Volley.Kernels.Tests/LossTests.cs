using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests;

public class LossTests
{
    private static readonly int[] Batches = [0, 1, 3, 16, 65, 300], Classes = [1, 2, 10, 17, 20, 35];

    private static int[] Labels(int batch, int classes) => [.. Enumerable.Range(0, batch).Select(b => b * 7 % classes)];

    /// <summary>Rows that add up to 1 (or, for <paramref name="odd"/>, to something else).</summary>
    private static float[] SoftLabels(int batch, int classes, bool odd)
    {
        float[] q = [.. Numbers.Uniform(9, batch * classes).Select(x => x * x)];
        for (int b = 0; b < batch && !odd; b++)
        {
            float sum = q.AsSpan(b * classes, classes).ToArray().Sum();
            for (int c = 0; c < classes; c++)
                q[b * classes + c] /= sum;
        }
        return q;
    }

    /// <summary>Every width and thread count: the loss and the gradient, the same bits.</summary>
    private static (double Loss, float[] Gradient) SameBits(float[] x, Func<Cpu, GuardedBuffer<float>, GuardedBuffer<float>, double> kernel)
    {
        var losses = new HashSet<long>();
        double loss = 0;
        float[] gradient = TestCpus.SameBits(cpu =>
        {
            using var guarded = GuardedBuffer<float>.Of(x);
            using var dX = new GuardedBuffer<float>(x.Length);
            dX.Span.Fill(7);
            losses.Add(BitConverter.DoubleToInt64Bits(loss = kernel(cpu, guarded, dX)));
            return dX.Span.ToArray();
        });
        Assert.Single(losses);
        return (loss, gradient);
    }

    private static void Near((double Loss, double[] Gradient) expected, (double Loss, float[] Gradient) actual, double scale, string what)
    {
        Close.All([expected.Loss], [actual.Loss], 1e-5, 1e-6, "loss, " + what);
        Close.All(expected.Gradient, actual.Gradient, 1e-6, 5e-7 * scale, "gradient, " + what);
    }

    [Theory]
    [InlineData(0f, false, false)]
    [InlineData(0.1f, false, false)]
    [InlineData(1f, false, false)]
    [InlineData(0f, true, false)]
    [InlineData(0.2f, true, true)]
    public void CrossEntropyAgreesWithItsReference(float smoothing, bool soft, bool odd)
    {
        foreach (int batch in Batches)
        {
            foreach (int classes in Classes)
            {
                float[] z = Numbers.Uniform(batch, batch * classes, 10), softLabels = soft ? SoftLabels(batch, classes, odd) : [];
                int[] labels = soft ? [] : Labels(batch, classes);
                var actual = SameBits(z, (cpu, x, dX) => Losses.CrossEntropy(cpu, x.Span, labels, softLabels, smoothing, dX.Span, batch, classes));
                var expected = LossReference.CrossEntropy(Numbers.ToDouble(z), LossReference.Target(labels, softLabels, smoothing, batch, classes), batch, classes);
                Near(expected, actual, 1.0 / Math.Max(batch, 1) * (odd ? classes : 1), $"{batch} x {classes}");
            }
        }
    }

    [Theory]
    [InlineData(0f, false, 0f)]
    [InlineData(0.1f, false, 0.001f)]
    [InlineData(0f, true, 0.05f)]
    [InlineData(0f, false, 1f)]
    public void TetAgreesWithItsReference(float smoothing, bool soft, float lambda)
    {
        foreach (var (batch, steps, classes) in (ReadOnlySpan<(int, int, int)>)[(1, 1, 1), (3, 7, 2), (1, 100, 10), (3, 33, 17), (65, 7, 20), (3, 100, 35), (0, 7, 10), (3, 0, 10)])
        {
            foreach (int[] lengths in (int[][])[[], [.. Enumerable.Range(0, batch).Select(b => b == 1 ? 0 : steps - b * 5 % (steps + 1))]])
            {
                float[] z = Numbers.Uniform(steps, batch * steps * classes, 5), softLabels = soft ? SoftLabels(batch, classes, odd: false) : [];
                int[] labels = soft ? [] : Labels(batch, classes), all = lengths.Length > 0 ? lengths : [.. Enumerable.Repeat(steps, batch)];
                var actual = SameBits(z, (cpu, x, dX) => Losses.Tet(cpu, x.Span, lengths, labels, softLabels, smoothing, lambda, 1, dX.Span, batch, steps, classes));
                double[] target = LossReference.Target(labels, softLabels, smoothing, batch, classes);
                Near(LossReference.Tet(Numbers.ToDouble(z), all, target, lambda, 1, batch, steps, classes), actual, 1.0 / Math.Max(batch, 1), $"{batch} x {steps} x {classes}");
            }
        }
    }

    /// <summary>About a third of the steps have no label, the second sample has none at all.</summary>
    private static int[] StepLabels(int batch, int steps, int classes) =>
        [.. Enumerable.Range(0, batch * steps).Select(i => i / steps == 1 || i * 5 % 7 < 2 ? -1 : i * 11 % classes)];

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(1f)]
    public void StepCrossEntropyAgreesWithItsReference(float smoothing)
    {
        foreach (var (batch, steps, classes) in (ReadOnlySpan<(int, int, int)>)[(1, 1, 1), (3, 7, 2), (1, 100, 10), (3, 33, 17), (65, 7, 20), (3, 100, 35), (2, 1301, 6), (0, 7, 10), (3, 0, 10)])
        {
            float[] z = Numbers.Uniform(steps, batch * steps * classes, 5);
            int[] labels = StepLabels(batch, steps, classes);
            var actual = SameBits(z, (cpu, x, dX) => Losses.StepCrossEntropy(cpu, x.Span, labels, smoothing, dX.Span, batch, steps, classes));
            Near(LossReference.StepCrossEntropy(Numbers.ToDouble(z), labels, smoothing, batch, steps, classes), actual, 1.0 / Math.Max(batch, 1), $"{batch} x {steps} x {classes}");
        }
    }

    [Fact]
    public void StepsWithoutALabelDoNotCountWhateverTheyHold()
    {
        const int batch = 3, steps = 19, more = 31, classes = 6;
        int[] labels = StepLabels(batch, steps, classes), longer = [.. Enumerable.Repeat(-1, batch * more)];
        float[] z = Numbers.Uniform(1, batch * steps * classes, 4), padded = new float[batch * more * classes];
        padded.AsSpan().Fill(float.NaN);
        for (int b = 0; b < batch; b++)
        {
            labels.AsSpan(b * steps, steps).CopyTo(longer.AsSpan(b * more));
            z.AsSpan(b * steps * classes, steps * classes).CopyTo(padded.AsSpan(b * more * classes));
        }
        var (loss, dZ) = SameBits(z, (cpu, x, dX) => Losses.StepCrossEntropy(cpu, x.Span, labels, 0.1f, dX.Span, batch, steps, classes));
        var (lossLonger, dLonger) = SameBits(padded, (cpu, x, dX) => Losses.StepCrossEntropy(cpu, x.Span, longer, 0.1f, dX.Span, batch, more, classes));
        Assert.Equal(loss, lossLonger);
        for (int b = 0; b < batch; b++)
        {
            Assert.Equal(dZ[(b * steps * classes)..((b + 1) * steps * classes)], dLonger[(b * more * classes)..((b * more + steps) * classes)]);
            Assert.All(dLonger[((b * more + steps) * classes)..((b + 1) * more * classes)], d => Assert.Equal(0, d));
        }
    }

    [Fact]
    public void SpikeCountErrorAgreesWithItsReference()
    {
        foreach (int batch in Batches)
        {
            foreach (int classes in Classes)
            {
                float[] counts = [.. Numbers.Uniform(batch, batch * classes, 50).Select(x => MathF.Round(MathF.Abs(x)))];
                int[] labels = Labels(batch, classes);
                foreach (int[] lengths in (int[][])[[], [.. Enumerable.Range(0, batch).Select(b => b * 3 % 101)]])
                {
                    var actual = SameBits(counts, (cpu, x, dX) => Losses.SpikeCountError(cpu, x.Span, labels, lengths, 0.8f, 0.2f, dX.Span, batch, 100, classes));
                    int[] all = lengths.Length > 0 ? lengths : [.. Enumerable.Repeat(100, batch)];
                    Near(LossReference.SpikeCountError(Numbers.ToDouble(counts), labels, all, 0.8f, 0.2f, batch, classes), actual, 1, $"{batch} x {classes}");
                }
            }
        }
    }

    [Fact]
    public void FiringRateAgreesWithItsReference()
    {
        foreach (int size in (int[])[0, 1, 7, 16, 17, 65, 256, 1000])
        {
            float[] rates = [.. Numbers.Uniform(size, size).Select(MathF.Abs)];
            var actual = SameBits(rates, (cpu, x, dX) => Losses.FiringRate(cpu, x.Span, 0.3f, 0.5f, 0.5f, dX.Span));
            Near(LossReference.FiringRate(Numbers.ToDouble(rates), 0.3f, 0.5f, 0.5f), actual, 1, $"{size}");
        }
    }

    [Fact]
    public void ReferencesAgreeWithFiniteDifferences()
    {
        const int batch = 3, steps = 5, classes = 4;
        int[] labels = [1, 3, 0], lengths = [5, 2, 0];
        double[] z = Numbers.ToDouble(Numbers.Uniform(1, batch * classes, 3)), sequence = Numbers.ToDouble(Numbers.Uniform(2, batch * steps * classes, 3));
        double[] q = LossReference.Target([], SoftLabels(batch, classes, odd: true), 0.1, batch, classes);
        Check(z, x => LossReference.CrossEntropy(x, q, batch, classes));
        Check(sequence, x => LossReference.Tet(x, lengths, q, 0.05, 1, batch, steps, classes));
        Check(sequence, x => LossReference.StepCrossEntropy(x, StepLabels(batch, steps, classes), 0.1, batch, steps, classes));
        Check(z, x => LossReference.SpikeCountError(x, labels, lengths, 0.8, 0.2, batch, classes));
        Check(z, x => LossReference.FiringRate(x, -0.5, 1, 0.7));

        static void Check(double[] x, Func<double[], (double Loss, double[] Gradient)> f) =>
            Close.All(FiniteDifference.Gradient(v => f(v).Loss, x), f(x).Gradient, 1e-6, 1e-8, "reference");
    }

    [Fact]
    public void MorePaddingChangesNoBit()
    {
        const int batch = 5, steps = 19, more = 31, classes = 20;
        int[] lengths = [19, 0, 1, 17, 12], labels = [0, 1, 2, 3, 19];
        float[] z = Numbers.Uniform(1, batch * steps * classes, 4), longer = new float[batch * more * classes];
        longer.AsSpan().Fill(float.NaN);
        for (int b = 0; b < batch; b++)
            z.AsSpan(b * steps * classes, lengths[b] * classes).CopyTo(longer.AsSpan(b * more * classes));
        var (loss, dZ) = SameBits(z, (cpu, x, dX) => Losses.Tet(cpu, x.Span, lengths, labels, [], 0.1f, 0.05f, 1, dX.Span, batch, steps, classes));
        var (lossLonger, dLonger) = SameBits(longer, (cpu, x, dX) => Losses.Tet(cpu, x.Span, lengths, labels, [], 0.1f, 0.05f, 1, dX.Span, batch, more, classes));
        Assert.Equal(loss, lossLonger);
        for (int b = 0; b < batch; b++)
        {
            Assert.Equal(dZ[(b * steps * classes)..((b + 1) * steps * classes)], dLonger[(b * more * classes)..((b * more + steps) * classes)]);
            Assert.All(dLonger[((b * more + steps) * classes)..((b + 1) * more * classes)], d => Assert.Equal(0, d));
        }
    }

    [Fact]
    public void ByHand()
    {
        using var cpu = new Cpu();
        var dZ = new float[2];
        Assert.Equal(Math.Log(2), Losses.CrossEntropy(cpu, [3, 3], [1], [], 0, dZ, 1, 2), 1e-6);
        Assert.Equal([0.5f, -0.5f], dZ);
        // TET over two steps: CE = ln 2 at both, out − 1 = 2 everywhere.
        dZ = new float[4];
        Assert.Equal(0.75 * Math.Log(2) + 0.25 * 4, Losses.Tet(cpu, [3, 3, 3, 3], [], [1], [], 0, 0.25f, 1, dZ, 1, 2, 2), 1e-6);
        Close.All([0.75 * 0.25 + 0.25, -0.75 * 0.25 + 0.25, 0.75 * 0.25 + 0.25, -0.75 * 0.25 + 0.25], dZ, 1e-6, 0, "TET");
        // 10 steps: the right class should fire 9 times, the other once.
        dZ = new float[2];
        Assert.Equal((4 + 9) / 2.0, Losses.SpikeCountError(cpu, [7, 4], [0], [], 0.9f, 0.1f, dZ, 1, 10, 2), 1e-5);
        Close.All([-2, 3], dZ, 1e-6, 0, "counts");
        Assert.Equal(0.5 * (0.01 + 0.25), Losses.FiringRate(cpu, [0, 0.75f], 0.01f, 0.5f, 0.5f, dZ), 1e-7);
        Assert.Equal([-0.5f, 0.5f], dZ);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void ALogitThatIsNotFiniteMakesTheLossNaN(float bad)
    {
        TestCpus.ForEach(cpu =>
        {
            foreach (int at in (int[])[0, 17, 18, 39])
            {
                float[] z = Numbers.Uniform(1, 40, 3), dZ = new float[40];
                z[at] = bad;
                Assert.True(double.IsNaN(Losses.CrossEntropy(cpu, z, [0, 1], [], 0, dZ, 2, 20)));
                Assert.True(double.IsNaN(Losses.CrossEntropy(cpu, z, [0, 1], [], 0.1f, dZ, 2, 20)));
                Assert.True(double.IsNaN(Losses.Tet(cpu, z, [], [1], [], 0, 0.01f, 1, dZ, 1, 2, 20)));
                Assert.True(double.IsNaN(Losses.StepCrossEntropy(cpu, z, [3, 1], 0, dZ, 1, 2, 20)));
            }
            Assert.True(double.IsNaN(Losses.FiringRate(cpu, [float.NaN], 0, 1, 1, new float[1])));
        });
    }

    [Fact]
    public void LargeLogitsAreNoTrouble()
    {
        using var cpu = new Cpu();
        var dZ = new float[3];
        Assert.Equal(2e30, Losses.CrossEntropy(cpu, [1e30f, -1e30f, 0], [1], [], 0, dZ, 1, 3), 1e24);
        Assert.Equal([1, -1, 0], dZ);
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        using var cpu = new Cpu();
        float[] six = new float[6], d = new float[6];
        Assert.Contains("labels[1] is 3", Assert.Throws<ArgumentException>(() => Losses.CrossEntropy(cpu, six, [0, 3], [], 0, d, 2, 3)).Message);
        Assert.Contains("labels[0] is -1", Assert.Throws<ArgumentException>(() => Losses.SpikeCountError(cpu, six, [-1, 0], [], 1, 0, d, 2, 5, 3)).Message);
        Assert.Contains("labels[1] is 3", Assert.Throws<ArgumentException>(() => Losses.StepCrossEntropy(cpu, six, [-1, 3], 0, d, 1, 2, 3)).Message);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(() => Losses.CrossEntropy(cpu, six, [], [], 0, d, 2, 3)).ParamName);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(() => Losses.CrossEntropy(cpu, six, [0, 0], six, 0, d, 2, 3)).ParamName);
        Assert.Equal("softLabels", Assert.Throws<ArgumentException>(() => Losses.CrossEntropy(cpu, six, [], new float[5], 0, d, 2, 3)).ParamName);
        Assert.Equal("smoothing", Assert.Throws<ArgumentOutOfRangeException>(() => Losses.CrossEntropy(cpu, six, [0, 0], [], 1.5f, d, 2, 3)).ParamName);
        Assert.Equal("dLogits", Assert.Throws<ArgumentException>(() => Losses.CrossEntropy(cpu, six, [0, 0], [], 0, new float[5], 2, 3)).ParamName);
        Assert.Contains("lengths[0] is 2", Assert.Throws<ArgumentException>(() => Losses.Tet(cpu, six, [2, 1], [0, 0], [], 0, 0, 1, d, 2, 1, 3)).Message);
        Assert.Equal("low", Assert.Throws<ArgumentException>(() => Losses.FiringRate(cpu, six, 1, 0, 1, d)).ParamName);
    }

    [Fact]
    public void NothingIsAllocatedOnceWarm()
    {
        using var cpu = new Cpu();
        float[] z = Numbers.Uniform(1, 64 * 30 * 20), dZ = new float[z.Length], scores = new float[64 * 20];
        int[] labels = Labels(64, 20);
        long before = 0;
        for (int run = 0; run < 4; run++)
        {
            if (run == 3)
                before = GC.GetAllocatedBytesForCurrentThread();
            Losses.Tet(cpu, z, [], labels, [], 0.1f, 0.01f, 1, dZ, 64, 30, 20);
            Readouts.SumSoftmaxForward(cpu, z, [], scores, 64, 30, 20);
            Readouts.SumSoftmaxBackward(cpu, z, [], scores, dZ, 64, 30, 20);
            Readouts.MaxBackward(cpu, z, [], scores, dZ, 64, 30, 20);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
