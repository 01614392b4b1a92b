using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace Volley.Kernels.Tests.Neurons;

public unsafe class SurrogateTests
{
    private sealed record Case(string Name, ISurrogate Surrogate, Func<double, double> Formula, float Support);

    private static double Normal(double x, double sigma) => Math.Exp(-x * x / (2 * sigma * sigma)) / (sigma * Math.Sqrt(2 * Math.PI));

    private static readonly Case[] s_cases =
    [
        new("atan", new ATan(), x => 1 / (1 + Math.Pow(Math.PI * x, 2)), float.PositiveInfinity),
        new("atan 5", new ATan(5), x => 2.5 / (1 + Math.Pow(Math.PI / 2 * 5 * x, 2)), float.PositiveInfinity),
        new("fast sigmoid", new FastSigmoid(), x => 1 / Math.Pow(25 * Math.Abs(x) + 1, 2), float.PositiveInfinity),
        new("fast sigmoid 10", new FastSigmoid(10), x => 1 / Math.Pow(10 * Math.Abs(x) + 1, 2), float.PositiveInfinity),
        new("sigmoid", new Sigmoid(), x => 1 / Math.Pow(Math.Cosh(2 * x), 2), float.PositiveInfinity),
        new("sigmoid 1", new Sigmoid(1), x => Math.Exp(-x) / Math.Pow(1 + Math.Exp(-x), 2), float.PositiveInfinity),
        new("boxcar", new Boxcar(), x => x is > -0.5 and <= 0.5 ? 1 : 0, 0.5f),
        new("boxcar 2", new Boxcar(2), x => x is > -2 and <= 2 ? 1 : 0, 2),
        new("triangle", new Triangle(), x => Math.Max(0, 1 - Math.Abs(x)), 1),
        new("triangle .3 2", new Triangle(0.3f, 2), x => 0.3 * Math.Max(0, 1 - Math.Abs(x) / 2), 2),
        new("slayer", new SlayerExponential(), x => 0.4 * 5 / (2 * Math.Exp(5 * Math.Abs(x))), float.PositiveInfinity),
        new("multi-gaussian", new MultiGaussian(), x => 1.15 * Normal(x, 0.5) - 0.15 * Normal(x - 0.5, 3) - 0.15 * Normal(x + 0.5, 3), float.PositiveInfinity),
        new("identity", new Identity(), _ => 1, float.PositiveInfinity),
    ];

    public static TheoryData<string> Names => [.. s_cases.Select(c => c.Name)];

    private static Case Find(string name) => s_cases.Single(c => c.Name == name);

    // Distances around every kink and far away; a multiple of 16 of them.
    private static float[] Distances()
    {
        float[] special = [0, -0f, 0.02f, 0.1f, 0.5f, -0.5f, MathF.BitIncrement(0.5f), MathF.BitIncrement(-0.5f), 1, -1, 2, -2, 1e-30f, 10, -100, 1e4f];
        return [.. special, .. Enumerable.Range(0, 2048).Select(i => (i - 1024) * 0.003f)];
    }

    private static float[] Slopes<L>(ISurrogate surrogate, float[] x) where L : unmanaged, IVectorLane<L>
    {
        var y = new float[x.Length];
        fixed (float* px = x, py = y)
            surrogate.Rows((L*)px, (L*)py, x.Length / L.Count);
        return y;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSlopeIsItsFormulaInEveryLane(string name)
    {
        Case c = Find(name);
        float[] x = Distances(), one = Slopes<F32>(c.Surrogate, x);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = c.Formula(x[i]);
            Assert.InRange(c.Surrogate.Slope(new F64(x[i])).Value - expected, -1e-7, 1e-7); // 0.4f is not 0.4
            Assert.InRange(one[i] - expected, -2e-6, 2e-6);
        }
        Assert.Equal(one, Slopes<F32x4>(c.Surrogate, x));
        Assert.Equal(one, Slopes<F32x8>(c.Surrogate, x));
        Assert.Equal(one, Slopes<F32x16>(c.Surrogate, x));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSlopeIsZeroOutsideItsSupportAndOnlyThere(string name)
    {
        Case c = Find(name);
        Assert.Equal(c.Support, c.Surrogate.Support);
        if (float.IsInfinity(c.Support))
            return;
        Assert.Equal(0, c.Surrogate.Slope(new F32(MathF.BitIncrement(c.Support))).Value);
        Assert.Equal(0, c.Surrogate.Slope(new F32(-MathF.BitIncrement(c.Support))).Value);
        Assert.NotEqual(0, c.Surrogate.Slope(new F32(c.Support * 0.99f)).Value);
        Assert.NotEqual(0, c.Surrogate.Slope(new F32(c.Support * -0.99f)).Value);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSlopeIsFiniteAtExtremeDistances(string name)
    {
        foreach (float x in (float[])[1e30f, -1e30f, 1e20f, float.MaxValue, -float.MaxValue])
        {
            float slope = Find(name).Surrogate.Slope(new F32(x)).Value;
            Assert.InRange(slope, 0, name == "identity" ? 1 : 1e-30f);
        }
    }

    // seeds.md 1.9 check 9.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.1, 0.91017)]
    [InlineData(0.5, 0.28840)]
    [InlineData(1, 0.09200)]
    public void ATanHasTheSlopesOfThePsnPaper(double x, double slope) => Assert.Equal(slope, new ATan(2).Slope(new F64(x)).Value, 5e-6);

    // seeds.md 3.8 check 7.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.02, 0.444444)]
    [InlineData(0.1, 0.081633)]
    [InlineData(1, 0.001479)]
    public void FastSigmoidHasTheSlopesOfBinaryS4D(double x, double slope) => Assert.Equal(slope, new FastSigmoid(25).Slope(new F64(x)).Value, 5e-7);

    [Fact]
    public void TheBoxIsOpenOnTheLeftAndClosedOnTheRight()
    {
        Assert.Equal(0, new Boxcar().Slope(new F64(-0.5)).Value);
        Assert.Equal(1, new Boxcar().Slope(new F64(0.5)).Value);
    }

    [Fact]
    public void MultiGaussianHasNegativeShoulders() => Assert.True(new MultiGaussian().Slope(new F64(2)).Value < 0);
}
