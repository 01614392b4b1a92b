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
