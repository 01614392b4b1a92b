using System.Numerics;
using System.Runtime.CompilerServices;

namespace Volley.Kernels;

/// <summary>Bit masks of spikes, [rows, words] with each row padded to 64 bits: counting, combining, to floats and back.</summary>
public static class SpikeBits
{
    /// <summary>Words of 64 bits in a row of <paramref name="columns"/>: (columns + 63) / 64.</summary>
    public static int WordsPerRow(int columns) => (int)(((long)columns + 63) / 64);

    /// <summary>The number of spikes; bits [words].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long CountSpikes(ReadOnlySpan<ulong> bits)
    {
        long count = 0;
        foreach (ulong word in bits)
            count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>counts[c] += the number of rows with a spike in column c; bits [rows, words], counts [columns].</summary>
    /// <exception cref="ArgumentException">A length does not fit the sizes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CountColumns(ReadOnlySpan<ulong> bits, Span<int> counts, int rows, int columns)
    {
        int words = WordsPerRow(columns);
        Check.Length(bits.Length, rows, words, nameof(bits));
        Check.Length(counts.Length, 1, columns, nameof(counts));
        for (int i = 0; i < bits.Length; i++)
        {
            int first = i % words * 64;
            for (ulong word = bits[i]; word != 0; word &= word - 1)
                counts[first + BitOperations.TrailingZeroCount(word)]++;
        }
    }

    /// <summary>dense[r, c] = element (r, c) of <paramref name="x"/>; dense [rows, columns].</summary>
    /// <exception cref="ArgumentException">A length does not fit the sizes.</exception>
    public static unsafe void Expand(Cpu cpu, SpikeMatrix x, Span<float> dense)
    {
        Check.Length(dense.Length, x.Rows, x.Columns, nameof(dense));
        fixed (ulong* bits = x.Bits, negative = x.Negative)
        fixed (float* values = x.Values, to = dense)
            Rows.For(cpu, x.Rows, Rows.Grain(cpu, x.Rows, 1 + 32768 / Math.Max(x.Columns, 1)), new ExpandRows(bits, values, negative, x.Scale, to, x.Columns));
    }

    /// <summary>Sets the bits of what is not 0 in <paramref name="dense"/>, [rows, columns], and the padding to 0; bits [rows, words].</summary>
    /// <returns>Whether every element is 0 or <paramref name="scale"/>, so that bits and scale say it all; if not, dense goes along as values, with scale 1.</returns>
    /// <remarks>NaN counts as a spike.</remarks>
    /// <exception cref="ArgumentException">A length does not fit the sizes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool FromFloats(ReadOnlySpan<float> dense, Span<ulong> bits, int rows, int columns, out float scale)
    {
        int words = WordsPerRow(columns);
        Check.Length(dense.Length, rows, columns, nameof(dense));
        Check.Length(bits.Length, rows, words, nameof(bits));
        scale = 1;
        bool found = false, equal = true;
        for (int i = 0; i < bits.Length; i++)
        {
            int first = i % words * 64;
            ReadOnlySpan<float> part = dense.Slice(i / words * columns + first, Math.Min(64, columns - first));
            ulong word = 0;
            for (int j = 0; j < part.Length; j++)
            {
                float value = part[j];
                if (value == 0)
                    continue;
                word |= 1ul << j;
                if (!found)
                    (scale, found) = (value, true);
                equal &= value == scale;
            }
            bits[i] = word;
        }
        if (!equal)
            scale = 1;
        return equal;
    }

    /// <summary>result = a ∧ b, word by word; result may be a or b. With b a dropout mask: the spikes that are kept.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void And(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> result)
    {
        Check.Length(b.Length, 1, a.Length, nameof(b));
        Check.Length(result.Length, 1, a.Length, nameof(result));
        int done = 0;
        for (; done <= a.Length - Vector<ulong>.Count; done += Vector<ulong>.Count)
            (new Vector<ulong>(a[done..]) & new Vector<ulong>(b[done..])).CopyTo(result[done..]);
        for (; done < a.Length; done++)
            result[done] = a[done] & b[done];
    }

    private readonly unsafe struct ExpandRows(ulong* bits, float* values, ulong* negative, float scale, float* dense, int columns) : IRows
    {
        public void Run(int start, int end)
        {
            int words = WordsPerRow(columns);
            for (nint r = start; r < end; r++)
            {
                float* row = dense + r * columns;
                Unsafe.InitBlockUnaligned(row, 0, (uint)columns * sizeof(float));
                for (int k = 0; k < words; k++)
                {
                    for (ulong word = bits[r * words + k]; word != 0; word &= word - 1)
                    {
                        int bit = BitOperations.TrailingZeroCount(word);
                        int c = k * 64 + bit;
                        row[c] = values != null ? scale * values[r * columns + c]
                            : negative != null && (negative[r * words + k] >> bit & 1) != 0 ? -scale : scale;
                    }
                }
            }
        }
    }
}
