using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Elementwise kernels. Every destination may be one of the sources.</summary>
public static class Elementwise
{
    /// <summary>z = x + y, all of one length: residual connections.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Add(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z)
    {
        Check.Length(y, x.Length, nameof(y));
        Check.Length(z, x.Length, nameof(z));
        ElementMap.Run(cpu, default(Sum), x, y, z);
    }

    /// <summary>y += x: gradients of a tensor with several consumers.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Accumulate(Cpu cpu, ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y, x.Length, nameof(y));
        ElementMap.Run(cpu, default(Sum), y, x, y);
    }

    /// <summary>y += a·x, one fused multiply-add an element.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Axpy(Cpu cpu, float a, ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y, x.Length, nameof(y));
        ElementMap.Run(cpu, new MultiplyAdd(a), x, y, y);
    }

    /// <summary>x *= factor.</summary>
    public static void Scale(Cpu cpu, Span<float> x, float factor) => ElementMap.Run(cpu, new Multiply(factor), x, x, x);

    /// <summary>x = min(max(x, low), high): the box of a constrained parameter. NaN stays NaN.</summary>
    /// <exception cref="ArgumentException"><paramref name="low"/> is above <paramref name="high"/>, or one is NaN.</exception>
    public static void Clamp(Cpu cpu, Span<float> x, float low, float high)
    {
        if (!(low <= high))
            throw new ArgumentException($"The box [{low:R}, {high:R}] is empty.", nameof(low));
        ElementMap.Run(cpu, new Limit(low, high), x, x, x);
    }

    /// <summary>x[i] = value.</summary>
    public static void Fill(Cpu cpu, Span<float> x, float value) => ElementMap.Run(cpu, new Constant(value), x, x, x);

    private readonly struct Sum : IElement
    {
        public L Apply<L>(L x, L y) where L : struct, IVectorLane<L> => x + y;
    }

    private readonly struct MultiplyAdd(float a) : IElement
    {
        public L Apply<L>(L x, L y) where L : struct, IVectorLane<L> => L.MulAdd(L.Of(a), x, y);
    }

    private readonly struct Multiply(float factor) : IElement
    {
        public L Apply<L>(L x, L y) where L : struct, IVectorLane<L> => x * L.Of(factor);
    }

    private readonly struct Limit(float low, float high) : IElement
    {
        public L Apply<L>(L x, L y) where L : struct, IVectorLane<L> => L.Min(L.Max(x, L.Of(low)), L.Of(high));
    }

    private readonly struct Constant(float value) : IElement
    {
        public L Apply<L>(L x, L y) where L : struct, IVectorLane<L> => L.Of(value);
    }
}
