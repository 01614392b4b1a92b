using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Volley.Kernels.Spikes;

/// <summary>Transposes 64 x 256 bits: four 64 x 64 blocks at once, one in each element of a vector of words.</summary>
internal static unsafe class BitTranspose
{
    /// <summary>Words that <see cref="Run"/> writes.</summary>
    public const int Words = 256;

    /// <summary>The word of input 64·k + j (k &lt; 4) lies at 4·j + k; its bit r is the input's spike in row r.</summary>
    /// <param name="rows">Up to 64 rows of <paramref name="words"/> (1 to 4) words, <paramref name="stride"/> words apart; what is missing counts as 0.</param>
    /// <remarks>Six rounds swap blocks of 32, 16, … 1 bits across the diagonal (Hacker's Delight 7-3).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ulong* source, nint stride, int rows, int words, ulong* result)
    {
        for (int r = 0; r < 64; r++)
        {
            for (int k = 0; k < 4; k++)
                result[4 * r + k] = r < rows && k < words ? source[r * stride + k] : 0;
        }
        ulong mask = 0x00000000FFFFFFFF;
        for (int size = 32; size != 0; size >>= 1, mask ^= mask << size)
        {
            Vector256<ulong> low = Vector256.Create(mask);
            for (int block = 0; block < 64; block += 2 * size)
            {
                for (int r = block; r < block + size; r++)
                {
                    Vector256<ulong> a = Vector256.Load(result + 4 * r);
                    Vector256<ulong> b = Vector256.Load(result + 4 * (r + size));
                    Vector256<ulong> swap = ((a >> size) ^ b) & low;
                    (b ^ swap).Store(result + 4 * (r + size));
                    (a ^ (swap << size)).Store(result + 4 * r);
                }
            }
        }
    }
}
