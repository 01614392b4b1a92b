using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests;

public class OptimizerTests
{
    private const int Steps = 25;

    private static readonly int[] Sizes = [0, 1, 7, 15, 16, 17, 33, 64, 65, 20000];

    /// <summary>Runs some steps with changing gradients and compares the weights with the reference.</summary>
    private static void Compare(Action<Cpu, float[], float[], float[], GuardedBuffer<float>, long> kernel, Action<OptimizerReference, double> reference)
    {
        foreach (int size in Sizes)
        {
            float[] weights = Values.Normal(size, "w");
            float[][] gradients = [.. Enumerable.Range(0, Steps).Select(s => Values.Normal(size, $"g{s}"))];
            float[] result = TestCpus.SameBits(cpu =>
            {
                using var w = GuardedBuffer<float>.Of(weights);
                float[] first = new float[size], second = new float[size];
                for (int s = 0; s < Steps; s++)
                    kernel(cpu, gradients[s], first, second, w, s + 1);
                return [.. w.Span];
            });
            var expected = new double[size];
            for (int i = 0; i < size; i++)
            {
                var one = new OptimizerReference(weights[i]);
                for (int s = 0; s < Steps; s++)
                    reference(one, gradients[s][i]);
                expected[i] = one.Weight;
            }
            Values.AssertClose(expected, result, 1e-5);
        }
    }

    [Fact]
    public void PlainSgd() => Compare((cpu, g, v, _, w, _) => Optimizers.Sgd(cpu, g, [], w.Span, 0.1f, 0, 0.01f, false), (r, g) => r.Sgd(g, 0.1f, 0, 0.01f, false));

    [Fact]
    public void SgdWithMomentum() => Compare((cpu, g, v, _, w, _) => Optimizers.Sgd(cpu, g, v, w.Span, 0.1f, 0.9f, 0.01f, false), (r, g) => r.Sgd(g, 0.1f, 0.9f, 0.01f, false));

    [Fact]
    public void SgdWithNesterov() => Compare((cpu, g, v, _, w, _) => Optimizers.Sgd(cpu, g, v, w.Span, 0.1f, 0.9f, 0.01f, true), (r, g) => r.Sgd(g, 0.1f, 0.9f, 0.01f, true));

    [Fact]
    public void Adam() => Compare(
        (cpu, g, m, v, w, k) => Optimizers.Adam(cpu, g, m, v, w.Span, new AdamStep(0.01f, 0.1f, 0.85f, 0.99f), k),
        (r, g) => r.Adam(g, 0.01f, 0.1f, 0.85f, 0.99f, 1e-8f, decoupled: false));

    [Fact]
    public void AdamW() => Compare(
        (cpu, g, m, v, w, k) => Optimizers.AdamW(cpu, g, m, v, w.Span, new AdamStep(0.01f, 0.1f), k),
        (r, g) => r.Adam(g, 0.01f, 0.1f, 0.9f, 0.999f, 1e-8f, decoupled: true));

    [Fact]
    public void SilenceEndsAsZeroNotAsDenormals()
    {
        using var cpu = new Cpu();
        float[] velocity = [1, -1e-3f], m = [1, -1e-3f], v = [1, 1e-6f], w = [0, 0], zero = [0, 0];
        for (int step = 1; step <= 10000; step++)
        {
            Optimizers.Sgd(cpu, zero, velocity, w, 0.1f, 0.9f, 0, false);
            Optimizers.Adam(cpu, zero, m, v, w, new AdamStep(0.1f, Beta2: 0.99f), step);
            foreach (float x in (float[])[.. velocity, .. m, .. v])
                Assert.True(x == 0 || float.IsNormal(x));
        }
        Assert.Equal([0f, 0f, 0f, 0f], (float[])[.. velocity, .. m]);
        Assert.Equal([0f, 0f], v);
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        using var cpu = new Cpu();
        Assert.Throws<ArgumentException>(() => Optimizers.Sgd(cpu, new float[2], [], new float[2], 1, 0.9f, 0, false));
        Assert.Throws<ArgumentException>(() => Optimizers.Sgd(cpu, new float[2], new float[2], new float[2], 1, 0, 0, true));
        Assert.Throws<ArgumentException>(() => Optimizers.Adam(cpu, new float[2], new float[2], new float[1], new float[2], new AdamStep(1), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Optimizers.AdamW(cpu, new float[2], new float[2], new float[2], new float[2], new AdamStep(1), 0));
    }
}
