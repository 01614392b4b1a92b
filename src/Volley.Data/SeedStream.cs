namespace Volley.Data;

/// <summary>Random numbers as a pure function of (seed, name, indices): the same on every machine and in every process.</summary>
/// <remarks>SplitMix64 (Steele, Lea &amp; Flood 2014); a fork starts where a hash of the parent's start and the name says.</remarks>
internal struct SeedStream(ulong seed)
{
    private readonly ulong _start = seed;
    private ulong _state = seed;

    /// <summary>An independent stream for a purpose.</summary>
    public readonly SeedStream Fork(string name)
    {
        ulong hash = Mix(_start + Golden);
        foreach (char c in name)
            hash = Mix(hash ^ c) + Golden;
        return new SeedStream(hash);
    }

    /// <summary>An independent stream for the item of a number.</summary>
    public readonly SeedStream Fork(ulong index) => new(Mix(Mix(_start + Golden) ^ Mix(index + Golden)));

    public ulong NextBits() => Mix(_state += Golden);

    /// <summary>Uniform on [0, 1): a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform on 0 … <paramref name="bound"/> − 1 (the high half of a 64 x 64 bit product: its bias is below bound · 2⁻⁶⁴).</summary>
    public int NextInt(int bound) => (int)Math.BigMul(NextBits(), (ulong)bound, out _);

    /// <summary>Puts the items in a random order (Fisher and Yates).</summary>
    public void Shuffle(Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58_476D_1CE4_E5B9;
        x = (x ^ (x >> 27)) * 0x94D0_49BB_1331_11EB;
        return x ^ (x >> 31);
    }
}
