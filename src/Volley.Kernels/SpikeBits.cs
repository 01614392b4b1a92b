using System.Numerics;
using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

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
        {
            var body = new ExpandWidth(cpu, bits, values, negative, x.Scale, to, x.Rows, x.Columns);
            cpu.Dispatch(ref body);
        }
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

    /// <summary>The same spikes in rows of another length: each group of <paramref name="elements"/> bits, in rows of <paramref name="columns"/> in
    /// <paramref name="bits"/>, in rows of <paramref name="newColumns"/> in <paramref name="result"/>.</summary>
    /// <param name="bits">[groups, elements / columns, words of columns]</param>
    /// <param name="result">[groups, elements / newColumns, words of newColumns], written; padding is 0.</param>
    /// <exception cref="ArgumentException">The elements are not a whole number of rows, or a length does not fit the sizes.</exception>
    public static unsafe void Regroup(Cpu cpu, ReadOnlySpan<ulong> bits, Span<ulong> result, int groups, int elements, int columns, int newColumns)
    {
        if (columns < 1 || newColumns < 1 || elements % columns != 0 || elements % newColumns != 0)
            throw new ArgumentException($"{elements} elements are not whole rows of {columns} and rows of {newColumns}.", nameof(elements));
        int words = elements / columns * WordsPerRow(columns), newWords = elements / newColumns * WordsPerRow(newColumns);
        Check.Length(bits.Length, groups, words, nameof(bits));
        Check.Length(result.Length, groups, newWords, nameof(result));
        if (words == newWords && (columns == newColumns || (columns % 64 == 0 && newColumns % 64 == 0)))
        {
            bits.CopyTo(result);
            return;
        }
        fixed (ulong* from = bits, to = result)
            Rows.For(cpu, groups, Rows.Grain(cpu, groups, 1 + 4096 / Math.Max(words, 1)), new RegroupRows(from, to, words, newWords, columns, newColumns));
    }

    private readonly unsafe struct RegroupRows(ulong* bits, ulong* result, int words, int newWords, int columns, int newColumns) : IRows
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            int perRow = WordsPerRow(columns), newPerRow = WordsPerRow(newColumns);
            for (nint g = start; g < end; g++)
            {
                ulong* from = bits + g * words, to = result + g * newWords;
                new Span<ulong>(to, newWords).Clear();
                int column = 0;
                for (int w = 0; w < words; w++)
                {
                    ulong word = from[w];
                    int left = Math.Min(64, columns - w % perRow * 64);
                    while (left > 0)
                    {
                        int taken = Math.Min(left, Math.Min(newColumns - column, 64 - column % 64));
                        ulong part = taken == 64 ? word : word & ((1ul << taken) - 1);
                        to[column / 64] |= part << (column % 64);
                        word = taken == 64 ? 0 : word >> taken;
                        left -= taken;
                        column += taken;
                        if (column == newColumns)
                        {
                            to += newPerRow;
                            column = 0;
                        }
                    }
                }
            }
        }
    }

    private readonly unsafe struct ExpandWidth(Cpu cpu, ulong* bits, float* values, ulong* negative, float scale, float* dense, int rows, int columns) : IWidthBody
    {
        public void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, Rows.Grain(cpu, rows, 1 + 32768 / Math.Max(columns, 1)), new ExpandRows<L>(bits, values, negative, scale, dense, columns));
    }

    private readonly unsafe struct ExpandRows<L>(ulong* bits, float* values, ulong* negative, float scale, float* dense, int columns) : IRows
        where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            int words = WordsPerRow(columns);
            for (nint r = start; r < end; r++)
            {
                float* row = dense + r * columns, sizes = values + r * columns;
                ulong* set = bits + r * words, minus = negative is null ? null : negative + r * words;
                int c = 0;
                for (; c + L.Count <= columns; c += L.Count)
                    L.Store(row + c, Value<L>(set, minus, sizes, c));
                for (; c < columns; c++)
                    F32.Store(row + c, Value<F32>(set, minus, sizes, c));
            }
        }

        // Choices, not products: what did not fire is +0, whatever stands among the values.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private T Value<T>(ulong* set, ulong* minus, float* sizes, int c) where T : struct, IVectorLane<T>
        {
            T one = T.FromBits((uint)(set[c >> 6] >> c)), value = T.Of(scale);
            if (values is not null)
                value *= T.Load(sizes + c);
            else if (minus is not null)
                value = T.IfGreater(T.FromBits((uint)(minus[c >> 6] >> c)), T.Of(0f), -value, value);
            return T.IfGreater(one, T.Of(0f), value, T.Of(0f));
        }
    }
}
