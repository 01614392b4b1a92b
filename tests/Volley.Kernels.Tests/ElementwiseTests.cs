using Volley.Testing;

namespace Volley.Kernels.Tests;

public class ElementwiseTests
{
    private static readonly int[] Sizes = [0, 1, 7, 15, 16, 17, 31, 33, 63, 64, 65, 1000, 16383, 16384, 16385, 50001];

    [Fact]
    public void EveryElementIsRoundedOnce()
    {
        foreach (int size in Sizes)
        {
            float[] a = Numbers.Uniform(1, size), b = Numbers.Uniform(2, size);
            TestCpus.ForEach(cpu =>
            {
                using var x = GuardedBuffer<float>.Of(a);
                using var y = GuardedBuffer<float>.Of(b, guardBefore: true);
                using var z = new GuardedBuffer<float>(size);
                Elementwise.Add(cpu, x.Span, y.Span, z.Span);
                for (int i = 0; i < size; i++)
                    Assert.Equal(a[i] + b[i], z.Span[i]);
                Elementwise.Scale(cpu, x.Span, -1.7f);
                for (int i = 0; i < size; i++)
                    Assert.Equal(a[i] * -1.7f, x.Span[i]);
            });
        }
    }

    [Fact]
    public void TheSumMayBeEitherSource()
    {
        float[] a = Numbers.Uniform(1, 101), b = Numbers.Uniform(2, 101);
        float[] expected = [.. a.Zip(b, (x, y) => x + y)];
        TestCpus.ForEach(cpu =>
        {
            float[] x = [.. a], y = [.. b];
            Elementwise.Add(cpu, x, b, x);
            Elementwise.Add(cpu, a, y, y);
            Assert.Equal(expected, x);
            Assert.Equal(expected, y);
        });
    }

    [Fact]
    public void OneElementThatIsNotFiniteIsFoundWhereverItIs()
    {
        foreach (int size in Sizes)
        {
            float[] x = Numbers.Uniform(3, size, 3e38);
            TestCpus.ForEach(cpu =>
            {
                Assert.True(Elementwise.AllFinite(cpu, x));
                foreach (int i in (int[])[0, size / 2, size - 17, size - 1])
                {
                    if (i < 0 || i >= size)
                        continue;
                    foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
                    {
                        using var copy = GuardedBuffer<float>.Of(x);
                        copy.Span[i] = bad;
                        Assert.False(Elementwise.AllFinite(cpu, copy.Span));
                    }
                }
            });
        }
    }

    [Fact]
    public void WrongLengthsAreNamed()
    {
        using var cpu = new Cpu();
        Assert.Equal("b", Assert.Throws<ArgumentException>(() => Elementwise.Add(cpu, new float[3], new float[2], new float[3])).ParamName);
        Assert.Equal("sum", Assert.Throws<ArgumentException>(() => Elementwise.Add(cpu, new float[3], new float[3], new float[4])).ParamName);
    }
}
