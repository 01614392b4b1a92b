using Volley.Testing;

namespace Volley.Kernels.Tests;

public class ElementwiseTests
{
    private static readonly int[] Sizes = [0, 1, 7, 15, 16, 17, 31, 33, 63, 64, 65, 16384, 33000];

    private delegate void Kernel(Cpu cpu, Span<float> x, Span<float> y, Span<float> z);

    private static void Compare(Kernel kernel, Func<float, float, (float X, float Y, float Z)> reference)
    {
        foreach (int size in Sizes)
        {
            float[] x = Values.Normal(size, "x"), y = Values.Normal(size, "y");
            TestCpus.ForEach(cpu =>
            {
                using var gx = GuardedBuffer<float>.Of(x);
                using var gy = GuardedBuffer<float>.Of(y, guardBefore: true);
                using var gz = new GuardedBuffer<float>(size);
                kernel(cpu, gx.Span, gy.Span, gz.Span);
                for (int i = 0; i < size; i++)
                    Assert.Equal(reference(x[i], y[i]), (gx.Span[i], gy.Span[i], gz.Span[i]));
            });
        }
    }

    [Fact] public void Add() => Compare((cpu, x, y, z) => Elementwise.Add(cpu, x, y, z), (x, y) => (x, y, x + y));
    [Fact] public void Accumulate() => Compare((cpu, x, y, z) => Elementwise.Accumulate(cpu, x, y), (x, y) => (x, y + x, 0));
    [Fact] public void Axpy() => Compare((cpu, x, y, z) => Elementwise.Axpy(cpu, 0.3f, x, y), (x, y) => (x, MathF.FusedMultiplyAdd(0.3f, x, y), 0));
    [Fact] public void Scale() => Compare((cpu, x, y, z) => Elementwise.Scale(cpu, x, -1.7f), (x, y) => (x * -1.7f, y, 0));
    [Fact] public void Clamp() => Compare((cpu, x, y, z) => Elementwise.Clamp(cpu, x, -0.5f, 0.25f), (x, y) => (Math.Clamp(x, -0.5f, 0.25f), y, 0));
    [Fact] public void Fill() => Compare((cpu, x, y, z) => Elementwise.Fill(cpu, z, 3), (x, y) => (x, y, 3));

    [Fact]
    public void DropoutKeepsAndScalesWhereTheMaskSays()
    {
        foreach (var (rows, columns) in ((int, int)[])[(0, 5), (1, 1), (3, 17), (2, 64), (5, 65), (4, 130), (300, 70)])
        {
            float[] x = Values.Normal(rows * columns, "x");
            if (x.Length > 0)
                x[0] = float.PositiveInfinity;
            int words = Dropout.WordsPerRow(columns);
            TestCpus.ForEach(cpu =>
            {
                using var mask = new GuardedBuffer<ulong>(rows * words);
                using var gx = GuardedBuffer<float>.Of(x);
                using var gy = new GuardedBuffer<float>(x.Length);
                new Rng(3).FillBits(cpu, mask.Span, 0.7);
                Dropout.Apply(cpu, gx.Span, mask.Span, 1 / 0.7f, gy.Span, rows, columns);
                for (int i = 0; i < x.Length; i++)
                {
                    bool kept = (mask.Span[i / columns * words + i % columns / 64] >> (i % columns % 64) & 1) == 1;
                    Assert.Equal(kept ? x[i] * (1 / 0.7f) : 0, gy.Span[i]);
                }
            });
        }
    }

    [Fact]
    public void LengthsAreChecked()
    {
        using var cpu = new Cpu();
        Assert.Throws<ArgumentException>(() => Elementwise.Add(cpu, new float[3], new float[4], new float[3]));
        Assert.Throws<ArgumentException>(() => Elementwise.Axpy(cpu, 1, new float[3], new float[4]));
        Assert.Throws<ArgumentException>(() => Elementwise.Clamp(cpu, new float[3], 1, 0));
        Assert.Throws<ArgumentException>(() => Dropout.Apply(cpu, new float[3], new ulong[2], 1, new float[3], 1, 3));
    }
}
