using System.Numerics;
using System.Runtime.CompilerServices;

namespace Volley.Kernels.Spikes;

/// <summary>Set bits as lists of their positions.</summary>
internal static unsafe class BitLists
{
    /// <summary>Elements that <see cref="Append"/> may write behind the last one of a list.</summary>
    public const int Slack = 4;

    /// <summary>Writes <paramref name="offset"/> + the position of each set bit, ascending; returns the end of the list.</summary>
    /// <remarks>Writes fours without asking how many are left: at a few percent density, asking costs a mispredicted branch in nearly every word.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int* Append(ulong word, int offset, int* list)
    {
        int* end = list + BitOperations.PopCount(word);
        do
        {
            list[0] = offset + BitOperations.TrailingZeroCount(word);
            word &= word - 1;
            list[1] = offset + BitOperations.TrailingZeroCount(word);
            word &= word - 1;
            list[2] = offset + BitOperations.TrailingZeroCount(word);
            word &= word - 1;
            list[3] = offset + BitOperations.TrailingZeroCount(word);
            word &= word - 1;
            list += 4;
        }
        while (word != 0);
        return end;
    }

    /// <summary>The set bits of a row; returns the end of the list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int* AppendRow(ulong* row, nint stride, int words, int* list)
    {
        int k = 0;
        for (; k + 4 <= words; k += 4, row += 4 * stride)
        {
            if ((row[0] | row[stride] | row[2 * stride] | row[3 * stride]) == 0)
                continue;
            list = Append(row[0], k * 64, list);
            list = Append(row[stride], k * 64 + 64, list);
            list = Append(row[2 * stride], k * 64 + 128, list);
            list = Append(row[3 * stride], k * 64 + 192, list);
        }
        for (; k < words; k++, row += stride)
        {
            if (*row != 0)
                list = Append(*row, k * 64, list);
        }
        return list;
    }
}
