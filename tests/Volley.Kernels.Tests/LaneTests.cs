using Volley.Kernels.Lanes;

namespace Volley.Kernels.Tests;

public unsafe class LaneTests
{
    private static float[] Map<L>(float[] x, Func<L, L> f) where L : struct, IVectorLane<L>
    {
        var y = new float[x.Length];
        fixed (float* px = x, py = y)
        {
            for (int i = 0; i < x.Length; i += L.Count)
                L.Store(py + i, f(L.Load(px + i)));
        }
        return y;
    }

    [Fact]
    public void ExpAgreesWithDoubleAndIsTheSameInEveryLane()
    {
        float[] x = [.. Enumerable.Range(0, 4096).Select(i => -90f + i * 0.0444f), .. new float[] { 0, -0f, 88.7f, 89, 1000, -1000, 1e-30f, -87.3f, float.NegativeInfinity, float.PositiveInfinity, 1, -1, 0.5f, -0.5f, 2, -2 }];
        float[] one = Map<F32>(x, F32.Exp);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = Math.Exp(x[i]);
            if (x[i] < -87.33654f)
                Assert.Equal(0, one[i]);
            else if (expected <= float.MaxValue)
                Assert.InRange(one[i] / expected, 1 - 2e-7, 1 + 2e-7);
            else
                Assert.Equal(float.PositiveInfinity, one[i]);
        }
        Assert.Equal(one, Map<F32x4>(x, F32x4.Exp));
        Assert.Equal(one, Map<F32x8>(x, F32x8.Exp));
        Assert.Equal(one, Map<F32x16>(x, F32x16.Exp));
    }

    private static void AgreesInEveryLane(float[] x, float[] one, Func<F32x4, F32x4> f4, Func<F32x8, F32x8> f8, Func<F32x16, F32x16> f16)
    {
        Assert.Equal(one, Map(x, f4));
        Assert.Equal(one, Map(x, f8));
        Assert.Equal(one, Map(x, f16));
    }

    private static double WorstRelativeError(float[] x, float[] y, Func<double, double> f)
    {
        double worst = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double expected = f(x[i]);
            if (expected == 0 || !double.IsFinite(expected))
                Assert.Equal((float)expected, y[i]);
            else
                worst = Math.Max(worst, Math.Abs(y[i] / expected - 1));
        }
        return worst;
    }

    [Fact]
    public void LogAgreesWithDoubleAndIsTheSameInEveryLane()
    {
        float[] x = [.. Enumerable.Range(0, 4096).Select(i => (float)Math.Exp(-103 + i * 0.0468)), .. Enumerable.Range(0, 4096).Select(i => 0.5f + i * 0.00037f),
            0, -0f, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, 1.17549435e-38f, float.MaxValue, 1, 1.0000001f, 0.99999994f, 1.4142135f, 1.4142137f, 2, 0.5f];
        float[] one = Map<F32>(x, LaneMath.Log);
        Assert.InRange(WorstRelativeError(x, one, Math.Log), 0, 2e-7);
        AgreesInEveryLane(x, one, LaneMath.Log, LaneMath.Log, LaneMath.Log);
    }

    [Fact]
    public void TanhAgreesWithDoubleAndIsTheSameInEveryLane()
    {
        float[] x = [.. Enumerable.Range(0, 8192).Select(i => -12f + i * 0.00293f), .. Enumerable.Range(0, 64).Select(i => (float)Math.Pow(2, -i)),
            0, 0.625f, -0.625f, 0.6250001f, 100, -100, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1e-38f, 1e-20f, 9, -9, 44, 45, -45];
        float[] one = Map<F32>(x, LaneMath.Tanh);
        Assert.InRange(WorstRelativeError(x, one, Math.Tanh), 0, 3e-7);
        AgreesInEveryLane(x, one, LaneMath.Tanh, LaneMath.Tanh, LaneMath.Tanh);
    }

    [Fact]
    public void SigmoidAgreesWithDoubleAndIsTheSameInEveryLane()
    {
        float[] x = [.. Enumerable.Range(0, 8192).Select(i => -87.3f + i * 0.0214f), 0, -0f, 1e-30f, -87.33f, 1000, float.PositiveInfinity, 16, 17, -1, 1, 0.5f, -0.5f, 87, 88, 89, float.NaN];
        float[] one = Map<F32>(x, LaneMath.Sigmoid);
        Assert.InRange(WorstRelativeError(x, one, v => 1 / (1 + Math.Exp(-v))), 0, 3e-7);
        Assert.Equal(0, LaneMath.Sigmoid(new F32(-1000)).Value);
        AgreesInEveryLane(x, one, LaneMath.Sigmoid, LaneMath.Sigmoid, LaneMath.Sigmoid);
    }

    [Fact]
    public void BitsRoundTrip()
    {
        for (uint bits = 0; bits < 65536; bits += 257)
        {
            Assert.Equal(bits & 0xF, F32x4.PositiveBits(F32x4.FromBits(bits)));
            Assert.Equal(bits & 0xFF, F32x8.PositiveBits(F32x8.FromBits(bits)));
            Assert.Equal(bits & 0xFFFF, F32x16.PositiveBits(F32x16.FromBits(bits)));
        }
    }
}
