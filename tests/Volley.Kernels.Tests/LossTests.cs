using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests;

public class LossTests
{
    private static readonly (int Batch, int Classes)[] Shapes = [(0, 3), (1, 1), (3, 2), (5, 10), (4, 15), (3, 16), (7, 17), (3, 31), (2, 35), (2, 63), (2, 64), (700, 20)];

    private static double[] Wide(float[] x) => [.. x.Select(v => (double)v)];

    private static int[] Labels(int batch, int classes) => [.. Enumerable.Range(0, batch).Select(b => b * 7 % classes)];

    [Fact]
    public void SoftmaxAgreesWithDouble()
    {
        foreach (var (batch, classes) in Shapes)
        {
            float[] x = Values.Normal(batch * classes, "x", 5);
            float[] y = TestCpus.SameBits(cpu =>
            {
                using var gx = GuardedBuffer<float>.Of(x);
                using var gy = new GuardedBuffer<float>(x.Length);
                Softmax.Forward(cpu, gx.Span, gy.Span, batch, classes);
                return [.. gy.Span];
            });
            Values.AssertClose([.. Enumerable.Range(0, batch).SelectMany(b => LossReference.Softmax(Wide(x[(b * classes)..((b + 1) * classes)])))], y, 1e-6);
        }
    }

    [Fact]
    public void CrossEntropyAgreesWithDoubleAndDifferences()
    {
        foreach (var (batch, classes) in Shapes)
        {
            foreach (float smoothing in (float[])[0, 0.1f])
            {
                float[] x = Values.Normal(batch * classes, "x", 3);
                int[] labels = Labels(batch, classes);
                double Reference(double[] v) => batch == 0 ? 0 : Enumerable.Range(0, batch).Average(b =>
                    LossReference.CrossEntropy(v[(b * classes)..((b + 1) * classes)], LossReference.OneHot(labels[b], classes, smoothing)));
                float[] all = TestCpus.SameBits(cpu =>
                {
                    using var gx = GuardedBuffer<float>.Of(x);
                    using var dx = new GuardedBuffer<float>(x.Length);
                    double loss = Loss.CrossEntropy(cpu, gx.Span, labels, smoothing, dx.Span, batch, classes);
                    Assert.Equal(loss, Loss.CrossEntropy(cpu, gx.Span, labels, smoothing, [], batch, classes));
                    return [(float)loss, .. dx.Span];
                });
                Assert.Equal(Reference(Wide(x)), all[0], 1e-5);
                if (batch < 100)
                    Values.AssertClose(FiniteDifference.Gradient(Reference, Wide(x)), all.AsSpan(1), 1e-6, $"dLogits {batch}x{classes}");
            }
        }
    }

    [Fact]
    public void SoftCrossEntropyAgreesWithDoubleAndDifferences()
    {
        foreach (var (batch, classes) in Shapes.Where(s => s.Batch is > 0 and < 100))
        {
            float[] x = Values.Normal(batch * classes, "x", 3), targets = [.. Values.Normal(x.Length, "t").Select(MathF.Abs)];
            double Reference(double[] v) => Enumerable.Range(0, batch).Average(b =>
                LossReference.CrossEntropy(v[(b * classes)..((b + 1) * classes)], [.. targets[(b * classes)..((b + 1) * classes)].Select(t => 0.8 * t + 0.2 / classes)]));
            float[] all = TestCpus.SameBits(cpu =>
            {
                using var gx = GuardedBuffer<float>.Of(x);
                using var dx = new GuardedBuffer<float>(x.Length);
                return [(float)Loss.SoftCrossEntropy(cpu, gx.Span, targets, 0.2f, dx.Span, batch, classes), .. dx.Span];
            });
            Assert.Equal(Reference(Wide(x)), all[0], 1e-5 * (1 + Reference(Wide(x))));
            Values.AssertClose(FiniteDifference.Gradient(Reference, Wide(x)), all.AsSpan(1), 1e-5);
        }
    }

    [Fact]
    public void ExtremeLogitsGiveFiniteLosses()
    {
        using var cpu = new Cpu();
        var d = new float[3];
        Assert.Equal(2000, Loss.CrossEntropy(cpu, [1000, -1000, 0], [1], 0, d, 1, 3));
        Assert.Equal([1f, -1f, 0f], d);
        Assert.Equal(0, Loss.CrossEntropy(cpu, [1000, -1000, 0], [0], 0, d, 1, 3));
        Assert.True(double.IsNaN(Loss.CrossEntropy(cpu, [1, float.NaN, 0], [0], 0, d, 1, 3)));
    }

    [Fact]
    public void TetAgreesWithDoubleAndDifferencesAndIgnoresPadding()
    {
        foreach (var (batch, time, classes) in ((int, int, int)[])[(1, 1, 1), (3, 5, 10), (2, 4, 17), (4, 3, 33)])
        {
            int[] lengths = [.. Enumerable.Range(0, batch).Select(b => Math.Max(time - b, 0))], labels = Labels(batch, classes);
            float[] x = Values.Normal(batch * time * classes, "x", 2);
            double Reference(double[] v) => LossReference.Tet(v, labels, lengths, 0.3, 1.5, 0.1, time, classes);
            float[] all = TestCpus.SameBits(cpu =>
            {
                using var gx = GuardedBuffer<float>.Of(x);
                using var dx = new GuardedBuffer<float>(x.Length);
                double loss = Loss.Tet(cpu, gx.Span, labels, lengths, 0.3f, 1.5f, 0.1f, dx.Span, batch, time, classes);
                return [(float)loss, .. dx.Span];
            });
            Assert.Equal(Reference(Wide(x)), all[0], 1e-5);
            Values.AssertClose(FiniteDifference.Gradient(Reference, Wide(x)), all.AsSpan(1), 1e-6);

            int longer = time + 2;
            var padded = new float[batch * longer * classes];
            Array.Fill(padded, float.NaN);
            for (int b = 0; b < batch; b++)
                Array.Copy(x, b * time * classes, padded, b * longer * classes, lengths[b] * classes);
            using var one = new Cpu();
            var d = new float[padded.Length];
            Assert.Equal(all[0], (float)Loss.Tet(one, padded, labels, lengths, 0.3f, 1.5f, 0.1f, d, batch, longer, classes));
            for (int i = 0; i < d.Length; i++)
            {
                int b = i / classes / longer, t = i / classes % longer;
                Assert.Equal(t < lengths[b] ? all[1 + (b * time + t) * classes + i % classes] : 0, d[i]);
            }
        }
    }

    [Fact]
    public void SpikeCountLoss()
    {
        using var cpu = new Cpu();
        float[] counts = Values.Normal(35, "x", 3);
        int[] labels = Labels(5, 7);
        double Reference(double[] v) => v.Select((x, i) => Math.Pow(x - (i % 7 == labels[i / 7] ? 8 : 0.5), 2)).Average();
        var d = new float[35];
        Assert.Equal(Reference(Wide(counts)), Loss.SpikeCount(cpu, counts, labels, 8, 0.5f, d, 5, 7), 1e-5);
        Values.AssertClose(FiniteDifference.Gradient(Reference, Wide(counts)), d, 1e-6);
    }

    [Fact]
    public void FiringRateRegulariser()
    {
        float[] rates = [0, 0.005f, 0.02f, 0.4f, 0.6f, 1];
        var d = new float[6];
        Assert.Equal(0.5 * (0.01 + 0.005 + 0.1 + 0.5), Loss.FiringRate(rates, 0.01f, 0.5f, d), 1e-7);
        Assert.Equal([-0.5f, -0.5f, 0, 0, 0.5f, 0.5f], d);
        Assert.True(double.IsNaN(Loss.FiringRate([float.NaN], 0.01f, 0.5f, [])));
    }

    [Fact]
    public void BadLabelsAndSizesAreNamed()
    {
        using var cpu = new Cpu();
        Assert.Contains("labels[1] is 3", Assert.Throws<ArgumentException>(() => Loss.CrossEntropy(cpu, new float[6], [0, 3], 0, [], 2, 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Loss.CrossEntropy(cpu, new float[6], [0, -1], 0, [], 2, 3));
        Assert.Throws<ArgumentException>(() => Loss.CrossEntropy(cpu, new float[6], [0, 1], 1.5f, [], 2, 3));
        Assert.Throws<ArgumentException>(() => Loss.CrossEntropy(cpu, new float[5], [0, 1], 0, [], 2, 3));
        Assert.Throws<ArgumentException>(() => Loss.Tet(cpu, new float[6], [0, 1], [2, 1], 0, 0, 0, [], 2, 1, 3));
    }
}
