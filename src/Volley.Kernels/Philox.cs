using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Philox4x32-10: 128 random bits as a pure function of a 128-bit counter and a 64-bit key.</summary>
/// <remarks>Salmon, Moraes, Dror &amp; Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3". Checked against the known answers of Random123.</remarks>
public static class Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    internal const int Rounds = 10;

    /// <summary>The fewest rounds that pass BigCrush (Salmon et al. 2011, table 2): enough for masks, where speed counts.</summary>
    internal const int FewestRounds = 7;

    /// <summary>The four words of the block at counter (c0, c1, c2, c3), the lowest word first.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Block(uint c0, uint c1, uint c2, uint c3, ulong key) => Block(c0, c1, c2, c3, key, Rounds);

    internal static (uint X0, uint X1, uint X2, uint X3) Block(uint c0, uint c1, uint c2, uint c3, ulong key, int rounds)
    {
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int round = 0; round < rounds; round++)
        {
            ulong p0 = (ulong)Multiplier0 * c0, p1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ key0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ key1, (uint)p0);
            key0 += Weyl0;
            key1 += Weyl1;
        }
        return (c0, c1, c2, c3);
    }

    /// <summary>The blocks at counters (index, stream) for W.Count indices from <paramref name="first"/> and as many from
    /// <paramref name="second"/>: words 0 and 1 of each block in low, words 2 and 3 in high.</summary>
    /// <remarks>Each 32-bit word sits in the low half of a 64-bit one. Whatever the products leave in the high halves is never read,
    /// so a round costs two products, two shifts and two exclusive ors. One block waits for its own products; two at once fill the gaps.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Blocks<W>(ulong first, ulong second, uint stream, ulong key, int rounds, out W low0, out W high0, out W low1, out W high1)
        where W : struct, IWordLane<W>
    {
        W multiplier0 = W.Of(Multiplier0), multiplier1 = W.Of(Multiplier1);
        W a0 = W.From(first), a1 = W.High(a0), a2 = W.Of(stream), a3 = W.Of(0);
        W b0 = W.From(second), b1 = W.High(b0), b2 = a2, b3 = a3;
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int round = 0; round < rounds; round++)
        {
            W k0 = W.Of(key0), k1 = W.Of(key1);
            W p0 = W.MultiplyLow(multiplier0, a0), p1 = W.MultiplyLow(multiplier1, a2);
            W q0 = W.MultiplyLow(multiplier0, b0), q1 = W.MultiplyLow(multiplier1, b2);
            a0 = W.Xor(W.High(p1), a1, k0);
            a2 = W.Xor(W.High(p0), a3, k1);
            b0 = W.Xor(W.High(q1), b1, k0);
            b2 = W.Xor(W.High(q0), b3, k1);
            (a1, a3, b1, b3) = (p1, p0, q1, q0);
            key0 += Weyl0;
            key1 += Weyl1;
        }
        (low0, high0) = (W.Join(a0, a1), W.Join(a2, a3));
        (low1, high1) = (W.Join(b0, b1), W.Join(b2, b3));
    }
}
