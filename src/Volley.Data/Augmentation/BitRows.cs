using Volley.Kernels;

namespace Volley.Data;

/// <summary>What augmentations do to spikes: rows of 64-bit words, the bits beyond the units 0.</summary>
internal static class BitRows
{
    private const int Chunk = 128;

    // Rng.FillBits knows multiples of 2⁻¹⁶; rarer bits are those of two masks, one of them this rare.
    private const double Rare = 1.0 / 256;

    /// <summary>The bits of the last word of a row that are units.</summary>
    public static ulong LastMask(int units) => ulong.MaxValue >> (-units & 63);

    /// <summary>Moves the bits of every row up by <paramref name="by"/> units, or down where it is negative; what leaves is lost.</summary>
    public static void Shift(ReadOnlySpan<ulong> source, Span<ulong> destination, int units, int by)
    {
        int words = SpikeWords.Per(units), whole = by >> 6, part = by & 63;
        ulong last = LastMask(units);
        for (int row = 0; row < source.Length; row += words)
        {
            ReadOnlySpan<ulong> from = source.Slice(row, words);
            Span<ulong> to = destination.Slice(row, words);
            for (int w = 0; w < words; w++)
            {
                int high = w - whole, low = high - 1;
                ulong bits = (uint)high < (uint)words ? from[high] << part : 0;
                if (part > 0 && (uint)low < (uint)words)
                    bits |= from[low] >> (64 - part);
                to[w] = bits;
            }
            to[words - 1] &= last;
        }
    }

    /// <summary>Empties units <paramref name="first"/> … <paramref name="first"/> + <paramref name="count"/> − 1 of every row.</summary>
    public static void ClearUnits(Span<ulong> bits, int words, int first, int count)
    {
        if (count == 0)
            return;
        int end = first + count;
        for (int w = first >> 6; w <= (end - 1) >> 6; w++)
        {
            int from = Math.Max(first - 64 * w, 0), to = Math.Min(end - 64 * w, 64);
            ulong keep = ~(ulong.MaxValue << from & ulong.MaxValue >> (64 - to));
            for (int i = w; i < bits.Length; i += words)
                bits[i] &= keep;
        }
    }

    /// <summary>Empties every bit with that probability.</summary>
    public static void Drop(Cpu cpu, Rng random, Span<ulong> bits, double probability)
    {
        Span<ulong> mask = stackalloc ulong[Chunk];
        for (int start = 0; start < bits.Length; start += Chunk)
        {
            Span<ulong> part = bits.Slice(start, Math.Min(Chunk, bits.Length - start));
            Mask(cpu, random, mask[..part.Length], probability, start);
            for (int i = 0; i < part.Length; i++)
                part[i] &= ~mask[i];
        }
    }

    /// <summary>Sets every bit of a unit with that probability.</summary>
    public static void Add(Cpu cpu, Rng random, Span<ulong> bits, int units, double probability)
    {
        Span<ulong> mask = stackalloc ulong[Chunk];
        for (int start = 0; start < bits.Length; start += Chunk)
        {
            Span<ulong> part = bits.Slice(start, Math.Min(Chunk, bits.Length - start));
            Mask(cpu, random, mask[..part.Length], probability, start);
            for (int i = 0; i < part.Length; i++)
                part[i] |= mask[i];
        }
        int words = SpikeWords.Per(units);
        ulong last = LastMask(units);
        for (int i = words - 1; i < bits.Length; i += words)
            bits[i] &= last;
    }

    private static void Mask(Cpu cpu, Rng random, Span<ulong> mask, double probability, int firstWord)
    {
        if (probability >= Rare)
        {
            random.FillBits(cpu, mask, probability, firstWord);
            return;
        }
        Span<ulong> rare = stackalloc ulong[Chunk];
        rare = rare[..mask.Length];
        random.FillBits(cpu, mask, probability / Rare, firstWord);
        random.Fork(0).FillBits(cpu, rare, Rare, firstWord);
        for (int i = 0; i < mask.Length; i++)
            mask[i] &= rare[i];
    }
}
