namespace Volley.Data;

/// <summary>Symbols as spikes: step t has one bit, that of its symbol.</summary>
internal static class TokenBits
{
    /// <summary>Sets the bits of some steps; the rest of <paramref name="bits"/> is left as it is.</summary>
    /// <param name="tokens">[steps], one symbol a step.</param>
    /// <param name="bits">[at least steps, <paramref name="words"/>].</param>
    /// <param name="words">Words of a step.</param>
    /// <param name="first">The word that has symbol 0.</param>
    public static void Set(ReadOnlySpan<byte> tokens, Span<ulong> bits, int words, int first = 0)
    {
        for (int t = 0; t < tokens.Length; t++)
            bits[t * words + first + (tokens[t] >> 6)] |= 1UL << (tokens[t] & 63);
    }
}
