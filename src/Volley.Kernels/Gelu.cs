using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>GELU (Hendrycks and Gimpel 2016), the exact form: y = x·Φ(x), Φ the distribution function of the normal distribution.</summary>
public static class Gelu
{
    /// <summary>y = x·Φ(x); y may be x.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Forward(Cpu cpu, ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y, x.Length, nameof(y));
        ElementMap.Run(cpu, default(Value), x, x, y);
    }

    /// <summary>dX = dY·(Φ(x) + x·φ(x)); dX may be x or dY.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Backward(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
    {
        Check.Length(dY, x.Length, nameof(dY));
        Check.Length(dX, x.Length, nameof(dX));
        ElementMap.Run(cpu, default(Slope), x, dY, dX);
    }

    private readonly struct Value : IElement
    {
        public L Apply<L>(L x, L y) where L : struct, IVectorLane<L>
        {
            LaneMath.Normal(x, out L distribution, out _);
            return x * distribution;
        }
    }

    private readonly struct Slope : IElement
    {
        public L Apply<L>(L x, L y) where L : struct, IVectorLane<L>
        {
            LaneMath.Normal(x, out L distribution, out L density);
            return y * L.MulAdd(x, density, distribution);
        }
    }
}
