using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Elementwise sums and products. A destination may be one of the sources; it may not overlap one in part.</summary>
public static class Elementwise
{
    /// <summary>sum = a + b, all of one length: residual connections.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Add(Cpu cpu, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> sum)
    {
        Check.Length(b, a.Length, nameof(b));
        Check.Length(sum, a.Length, nameof(sum));
        ElementMap.Run(cpu, default(Sum), a, b, sum);
    }

    /// <summary>product = a ⊙ b, all of one length.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Multiply(Cpu cpu, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> product)
    {
        Check.Length(b, a.Length, nameof(b));
        Check.Length(product, a.Length, nameof(product));
        ElementMap.Run(cpu, default(Product), a, b, product);
    }

    /// <summary>x ← factor·x.</summary>
    public static void Scale(Cpu cpu, Span<float> x, float factor) => ElementMap.Run(cpu, new Factor(factor), x, x, x);

    /// <summary>y = x + offset.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Shift(Cpu cpu, ReadOnlySpan<float> x, float offset, Span<float> y)
    {
        Check.Length(y, x.Length, nameof(y));
        ElementMap.Run(cpu, new Plus(offset), x, x, y);
    }

    /// <summary>Whether no element is NaN or infinite.</summary>
    /// <remarks>Σ 0·x is 0 while every x is finite and NaN otherwise; one pass at the speed of memory, without a branch.</remarks>
    public static bool AllFinite(Cpu cpu, ReadOnlySpan<float> x) => Reduce.Total<RowFold.Finite>(cpu, x) == 0;

    private readonly struct Sum : IElement
    {
        public L Apply<L>(L x, L y) where L : struct, IVectorLane<L> => x + y;
    }

    private readonly struct Product : IElement
    {
        public L Apply<L>(L x, L y) where L : struct, IVectorLane<L> => x * y;
    }

    private readonly struct Plus(float offset) : IElement
    {
        public L Apply<L>(L x, L y) where L : struct, IVectorLane<L> => x + L.Of(offset);
    }

    private readonly struct Factor(float factor) : IElement
    {
        public L Apply<L>(L x, L y) where L : struct, IVectorLane<L> => x * L.Of(factor);
    }
}
