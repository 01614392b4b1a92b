namespace Volley.Kernels.Lanes;

/// <summary>The number a neuron's maths is written in: one float, a SIMD register of them, a double, or a dual number.</summary>
/// <remarks>
/// Every lane rounds every operation alike, and only <see cref="MulAdd"/> fuses, so that one lane and sixteen give the same bits.
/// Neuron and surrogate maths uses nothing but these operations, so it can later be traced into other targets.
/// </remarks>
public interface ILane<TSelf> where TSelf : struct, ILane<TSelf>
{
    /// <summary>The same number in every element; this one for fields and arguments, so that no conversion is left in a loop.</summary>
    static abstract TSelf Of(float value);

    /// <summary>The same constant in every element.</summary>
    static abstract TSelf Of(double value);

    static abstract TSelf operator +(TSelf a, TSelf b);
    static abstract TSelf operator -(TSelf a, TSelf b);
    static abstract TSelf operator *(TSelf a, TSelf b);
    static abstract TSelf operator /(TSelf a, TSelf b);
    static abstract TSelf operator -(TSelf a);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TSelf MulAdd(TSelf a, TSelf b, TSelf c);
    /// <summary>The smaller; NaN if either is. Five instructions on AVX-512: <see cref="IfGreater"/> is two.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger; NaN if either is. Five instructions on AVX-512: <see cref="IfGreater"/> is two.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract TSelf Abs(TSelf a);
    static abstract TSelf Sqrt(TSelf a);

    /// <summary>1/a to within 3e-7 for 1e-30 &lt; |a| &lt; 1e30, the same bits in every float lane: an eighth of the time of a division.
    /// For slopes and gates, where the last bit does not matter.</summary>
    static abstract TSelf Reciprocal(TSelf a);

    /// <summary>eˣ; below −87.3 it is 0 in the float lanes.</summary>
    static abstract TSelf Exp(TSelf a);

    /// <summary><paramref name="then"/> where a &gt; b, else <paramref name="otherwise"/>, element by element.</summary>
    static abstract TSelf IfGreater(TSelf a, TSelf b, TSelf then, TSelf otherwise);

    /// <summary><paramref name="then"/> where a ≥ b, else <paramref name="otherwise"/>, element by element.</summary>
    static abstract TSelf IfGreaterOrEqual(TSelf a, TSelf b, TSelf then, TSelf otherwise);

    /// <summary>The value without its derivative (identity in every lane but <see cref="Dual"/>).</summary>
    static abstract TSelf Detach(TSelf a);

    /// <summary>A spike whose value is <paramref name="hard"/> (0 or 1) and whose derivative is <paramref name="slope"/> times that of
    /// <paramref name="distance"/>; plain lanes return <paramref name="hard"/>.</summary>
    static abstract TSelf Spike(TSelf hard, TSelf slope, TSelf distance);
}

/// <summary>A lane of <see cref="Count"/> floats in memory: <see cref="F32"/>, <see cref="F32x4"/>, <see cref="F32x8"/>, <see cref="F32x16"/>.</summary>
public unsafe interface IVectorLane<TSelf> : ILane<TSelf> where TSelf : struct, IVectorLane<TSelf>
{
    /// <summary>Elements in the lane: 1, 4, 8 or 16.</summary>
    static abstract int Count { get; }

    /// <summary>sum = a·b + sum, rounded once: <c>MulAdd</c> written so that the compiler adds in place instead of moving the sum.</summary>
    static abstract void Accumulate(ref TSelf sum, TSelf a, TSelf b);

    static abstract TSelf Load(float* source);

    /// <summary>The one float at <paramref name="source"/> in every element: a broadcast from memory, which keeps the ports of the arithmetic free.</summary>
    static abstract TSelf Spread(float* source);
    static abstract void Store(float* destination, TSelf value);

    /// <summary>The first <paramref name="count"/> &lt; Count elements, the rest 0; reads nothing behind them.</summary>
    static abstract TSelf LoadPart(float* source, int count);

    /// <summary>Stores the first <paramref name="count"/> &lt; Count elements; writes nothing behind them.</summary>
    static abstract void StorePart(float* destination, TSelf value, int count);

    /// <summary>Bit i is set where element i is greater than 0.</summary>
    static abstract uint PositiveBits(TSelf value);

    /// <summary>1 where bit i is set, else 0.</summary>
    static abstract TSelf FromBits(uint bits);

    /// <summary>The nearest integer, halves to even.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>A first guess of 1/a, 12 % off at worst: the exponent negated by integer arithmetic on the bits.</summary>
    static abstract TSelf ReciprocalGuess(TSelf a);

    /// <summary>2ⁿ for an integer-valued lane with −126 ≤ n ≤ 127.</summary>
    static abstract TSelf PowerOfTwo(TSelf n);

    /// <summary>⌊log₂ |value|⌋ of a normal number, as a float.</summary>
    static abstract TSelf Exponent(TSelf value);

    /// <summary>|value| · 2^−Exponent of a normal number: in [1, 2).</summary>
    static abstract TSelf Mantissa(TSelf value);
}
