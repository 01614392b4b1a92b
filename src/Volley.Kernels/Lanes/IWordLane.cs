namespace Volley.Kernels.Lanes;

/// <summary>A lane of <see cref="Count"/> 64-bit words: what counter-based random numbers are computed in.</summary>
internal unsafe interface IWordLane<TSelf> where TSelf : struct, IWordLane<TSelf>
{
    /// <summary>Words in the lane: 1, 2, 4 or 8.</summary>
    static abstract int Count { get; }

    static abstract TSelf Of(ulong value);

    /// <summary>first, first + 1, first + 2, …</summary>
    static abstract TSelf From(ulong first);

    /// <summary>a ⊕ b ⊕ c.</summary>
    static abstract TSelf Xor(TSelf a, TSelf b, TSelf c);

    /// <summary>The 64-bit products of the low halves; the high halves are not looked at.</summary>
    static abstract TSelf MultiplyLow(TSelf a, TSelf b);

    /// <summary>The high half moved to the low half.</summary>
    static abstract TSelf High(TSelf a);

    /// <summary>The low half of a below the low half of b.</summary>
    static abstract TSelf Join(TSelf low, TSelf high);

    static abstract void Store(ulong* destination, TSelf value);

    /// <summary>Bit i is set where the i-th 16-bit piece, the lowest first, is less than <paramref name="limit"/>; 4 bits a word.</summary>
    static abstract uint LessBits(TSelf value, ushort limit);
}
