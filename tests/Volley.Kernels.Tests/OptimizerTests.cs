using Volley.Testing;
using Volley.Testing.Reference;

namespace Volley.Kernels.Tests;

public class OptimizerTests
{
    private static readonly int[] Sizes = [0, 1, 7, 15, 16, 17, 31, 33, 63, 64, 65, 16400];

    private static int Steps(int size) => size > 1000 ? 3 : 100;

    [Theory]
    [InlineData(0f, 0f, false)]
    [InlineData(0f, 0.1f, false)]
    [InlineData(0.9f, 0f, false)]
    [InlineData(0.9f, 0.01f, false)]
    [InlineData(0.9f, 0.01f, true)]
    public void SgdFollowsItsReference(float momentum, float decay, bool nesterov)
    {
        foreach (int size in Sizes)
        {
            float[] start = Numbers.Uniform(1, size);
            float[] trace = TestCpus.SameBits(cpu =>
            {
                using var value = GuardedBuffer<float>.Of(start);
                using var buffer = new GuardedBuffer<float>(momentum == 0 ? 0 : size);
                buffer.Span.Fill(float.NaN); // the first step may not read it
                for (int step = 0; step < Steps(size); step++)
                {
                    using var gradient = GuardedBuffer<float>.Of(Numbers.Uniform(step + 10, size), guardBefore: true);
                    Optimizers.Sgd(cpu, value.Span, gradient.Span, buffer.Span, 0.05f, momentum, decay, nesterov, step == 0);
                }
                return value.Span.ToArray();
            });
            double[] expected = Numbers.ToDouble(start), b = new double[size];
            for (int step = 0; step < Steps(size); step++)
            {
                float[] gradient = Numbers.Uniform(step + 10, size);
                for (int i = 0; i < size; i++)
                    OptimizerReference.Sgd(ref expected[i], gradient[i], ref b[i], 0.05f, momentum, decay, nesterov, step == 0);
            }
            Close.All(expected, trace, 1e-6, 3e-6, $"{size} parameters");
        }
    }

    [Theory]
    [InlineData(false, 0f)]
    [InlineData(false, 0.01f)]
    [InlineData(true, 0f)]
    [InlineData(true, 0.1f)]
    public void AdamFollowsItsReference(bool decoupled, float decay)
    {
        foreach (int size in Sizes)
        {
            float[] start = Numbers.Uniform(2, size);
            float[] trace = TestCpus.SameBits(cpu =>
            {
                using var value = GuardedBuffer<float>.Of(start);
                using var m = new GuardedBuffer<float>(size);
                using var v = new GuardedBuffer<float>(size);
                for (int step = 1; step <= Steps(size); step++)
                {
                    using var gradient = GuardedBuffer<float>.Of(Numbers.Uniform(step, size), guardBefore: true);
                    if (decoupled)
                        Optimizers.AdamW(cpu, value.Span, gradient.Span, m.Span, v.Span, step, 0.01f, 0.9f, 0.999f, 1e-8f, decay);
                    else
                        Optimizers.Adam(cpu, value.Span, gradient.Span, m.Span, v.Span, step, 0.01f, 0.9f, 0.999f, 1e-8f, decay);
                }
                return value.Span.ToArray();
            });
            double[] expected = Numbers.ToDouble(start), first = new double[size], second = new double[size];
            for (int step = 1; step <= Steps(size); step++)
            {
                float[] gradient = Numbers.Uniform(step, size);
                for (int i = 0; i < size; i++)
                    OptimizerReference.Adam(ref expected[i], gradient[i], ref first[i], ref second[i], step, 0.01f, 0.9f, 0.999f, 1e-8f, decay, decoupled);
            }
            Close.All(expected, trace, 1e-6, 3e-6, $"{size} parameters");
        }
    }

    [Fact]
    public void FirstStepsByHand()
    {
        using var cpu = new Cpu();
        // Adam's first step is rate·sign(g) whatever the size of g; decoupled decay takes rate·decay·value besides, L2 decay only turns the sign.
        float[] value = [1, -2, 3], gradient = [5, -0.01f, -0.2f], m = new float[3], v = new float[3];
        Optimizers.Adam(cpu, value, gradient, m, v, 1, 0.1f, 0.9f, 0.999f, 1e-8f, 0.1f);
        Close.All([0.9, -1.9, 2.9], value, 1e-6, 0, "Adam");
        Close.All([0.51, -0.021, 0.01], m, 1e-5, 0, "m");
        (value, m, v) = ([1, -2, 3], new float[3], new float[3]);
        Optimizers.AdamW(cpu, value, gradient, m, v, 1, 0.1f, 0.9f, 0.999f, 1e-8f, 0.1f);
        Close.All([0.89, -1.88, 3.07], value, 1e-6, 0, "AdamW");
        (value, m) = ([1, -2, 3], new float[3]);
        Optimizers.Sgd(cpu, value, gradient, m, 0.1f, 0.9f, 0, nesterov: true, firstStep: true);
        Close.All([1 - 0.95, -2 + 0.0019, 3 + 0.038], value, 1e-5, 0, "Nesterov");
    }

    [Fact]
    public void AGradientThatStaysZeroLeavesNoDenormals()
    {
        using var cpu = new Cpu();
        float[] value = [1], m = [1], v = [1e-35f], buffer = [1];
        for (int step = 1; step < 3000; step++)
        {
            Optimizers.Adam(cpu, value, [0], m, v, step, 0, 0.9f, 0.99f, 1e-8f, 0);
            Optimizers.Sgd(cpu, value, [0], buffer, 0, 0.9f, 0, false, false);
            Assert.False(float.IsSubnormal(m[0]) || float.IsSubnormal(v[0]) || float.IsSubnormal(buffer[0]));
        }
        Assert.Equal((0, 0, 0), (m[0], v[0], buffer[0]));
    }

    [Fact]
    public void ClampKeepsTheBoxAndNaN()
    {
        foreach (int size in Sizes)
        {
            float[] x = Numbers.Uniform(3, size, 2);
            if (size > 6)
                (x[3], x[4], x[size - 1]) = (float.PositiveInfinity, float.NegativeInfinity, float.NaN);
            TestCpus.ForEach(cpu =>
            {
                using var y = GuardedBuffer<float>.Of(x);
                Optimizers.Clamp(cpu, y.Span, -1, 0.5f);
                for (int i = 0; i < size; i++)
                    Assert.Equal(float.IsNaN(x[i]) ? float.NaN : Math.Clamp(x[i], -1, 0.5f), y.Span[i]);
            });
        }
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        using var cpu = new Cpu();
        float[] three = new float[3], two = new float[2];
        Assert.Equal("gradient", Assert.Throws<ArgumentException>(() => Optimizers.Sgd(cpu, three, two, default, 1, 0, 0, false, true)).ParamName);
        Assert.Equal("momentumBuffer", Assert.Throws<ArgumentException>(() => Optimizers.Sgd(cpu, three, three, two, 1, 0.9f, 0, false, true)).ParamName);
        Assert.Equal("nesterov", Assert.Throws<ArgumentException>(() => Optimizers.Sgd(cpu, three, three, default, 1, 0, 0, true, true)).ParamName);
        Assert.Equal("v", Assert.Throws<ArgumentException>(() => Optimizers.Adam(cpu, three, three, three, two, 1, 1, 0, 0, 0, 0)).ParamName);
        Assert.Equal("step", Assert.Throws<ArgumentOutOfRangeException>(() => Optimizers.AdamW(cpu, three, three, three, three, 0, 1, 0, 0, 0, 0)).ParamName);
        Assert.Equal("min", Assert.Throws<ArgumentException>(() => Optimizers.Clamp(cpu, three, 1, 0)).ParamName);
    }
}
