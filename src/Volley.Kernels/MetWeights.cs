using System.Numerics;

namespace Volley.Kernels;

/// <summary>How many weights the nonzero elements of a time step meet: Σ over elements that are not 0 of met[element].</summary>
/// <remarks>A step has as many elements as there are entries, or a whole multiple of them, which then repeat for each place.</remarks>
public static class MetWeights
{
    /// <summary>Of values.</summary>
    /// <param name="x">The elements of a step.</param>
    /// <param name="met">Weights that each element meets.</param>
    /// <param name="units">Becomes false where an element is neither 0 nor 1 nor −1.</param>
    /// <exception cref="ArgumentException">The elements are no multiple of the entries.</exception>
    public static long Count(ReadOnlySpan<float> x, ReadOnlySpan<int> met, ref bool units)
    {
        CheckSizes(x.Length, met.Length);
        long count = 0;
        var all = Vector<int>.AllBitsSet;
        for (int at = 0; at < x.Length; at += met.Length)
        {
            ReadOnlySpan<float> place = x.Slice(at, met.Length);
            int i = 0;
            for (; i <= place.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                var value = new Vector<float>(place[i..]);
                Vector<int> zero = Vector.Equals(value, Vector<float>.Zero);
                all &= zero | Vector.Equals(Vector.Abs(value), Vector<float>.One);
                count += Vector.Sum(Vector.AndNot(new Vector<int>(met[i..]), zero));
            }
            for (; i < place.Length; i++)
            {
                count += place[i] != 0 ? met[i] : 0;
                units &= place[i] == 0 || MathF.Abs(place[i]) == 1;
            }
        }
        units &= all == Vector<int>.AllBitsSet;
        return count;
    }

    /// <summary>Of spikes.</summary>
    /// <param name="x">The elements of a step, in rows of its last axis.</param>
    /// <param name="met">Weights that each element meets.</param>
    /// <param name="same">What all elements meet; −1 where they differ.</param>
    /// <param name="units">Becomes false where a spike counts neither 1 nor −1.</param>
    /// <exception cref="ArgumentException">The elements are no multiple of the entries.</exception>
    public static long Count(SpikeMatrix x, ReadOnlySpan<int> met, int same, ref bool units)
    {
        CheckSizes(x.Rows * x.Columns, met.Length);
        if (x.Values.IsEmpty && same >= 0)
        {
            long spikes = SpikeBits.CountSpikes(x.Bits);
            units &= spikes == 0 || MathF.Abs(x.Scale) == 1;
            return spikes * same;
        }
        int words = SpikeBits.WordsPerRow(x.Columns);
        long count = 0;
        for (int w = 0; w < x.Bits.Length; w++)
        {
            if (x.Bits[w] == 0)
                continue;
            int first = w / words * x.Columns + w % words * 64;
            ReadOnlySpan<int> here = met[(first % met.Length)..];
            for (ulong word = x.Bits[w]; word != 0; word &= word - 1)
            {
                int bit = BitOperations.TrailingZeroCount(word);
                count += here[bit];
                units &= MathF.Abs(x.Values.IsEmpty ? x.Scale : x.Scale * x.Values[first + bit]) == 1;
            }
        }
        return count;
    }

    private static void CheckSizes(int elements, int entries)
    {
        if (entries == 0 || elements % entries != 0)
            throw new ArgumentException($"A step of {elements} elements is no multiple of the {entries} that weights are known of.", nameof(entries));
    }
}
