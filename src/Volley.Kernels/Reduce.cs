using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Sums and maxima. The order of every sum is fixed by the shape alone.</summary>
public static unsafe class Reduce
{
    /// <summary>Σ x: floats over 16 virtual lanes in blocks of 16384, the blocks in double and in order.</summary>
    public static double Sum(Cpu cpu, ReadOnlySpan<float> x) => Total<RowFold.Sum>(cpu, x);

    /// <summary>Σ x², in the order of <see cref="Sum"/>: the gradient norm is the root of its sum over all parameters.</summary>
    public static double SumOfSquares(Cpu cpu, ReadOnlySpan<float> x) => Total<RowFold.Squares>(cpu, x);

    /// <summary>Whether an element is NaN or infinite.</summary>
    public static bool HasNaNOrInfinity(Cpu cpu, ReadOnlySpan<float> x) => double.IsNaN(Total<RowFold.Finite>(cpu, x));

    /// <summary>sums[r] = Σ_c x[r, c].</summary>
    /// <remarks>x: [rows, columns]; sums: [rows].</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void RowSums(Cpu cpu, ReadOnlySpan<float> x, Span<float> sums, int rows, int columns) => EachRow<RowFold.Sum>(cpu, x, sums, rows, columns);

    /// <summary>maxima[r] = max_c x[r, c]; −∞ for no columns, NaN where a row holds one.</summary>
    /// <remarks>x: [rows, columns]; maxima: [rows].</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void RowMaxima(Cpu cpu, ReadOnlySpan<float> x, Span<float> maxima, int rows, int columns) => EachRow<RowFold.Largest>(cpu, x, maxima, rows, columns);

    /// <summary>sums[c] += Σ_r x[r, c]: bias gradients. One chain a column over all rows in order, so rows of zeros change nothing.</summary>
    /// <remarks>x: [rows, columns]; sums: [columns].</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void ColumnSums(Cpu cpu, ReadOnlySpan<float> x, Span<float> sums, int rows, int columns)
    {
        Check.Length(x, (long)rows * columns, nameof(x));
        Check.Length(sums, columns, nameof(sums));
        fixed (float* px = x, ps = sums)
        {
            var body = new ColumnWidth(cpu, px, ps, rows, columns);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>means[c] = Σ x[b, t, c] / n over the n rows that count, 0 if none does: firing rates.</summary>
    /// <remarks>x: [batch, time, columns]; lengths: [batch] or empty; means: [columns]. Groups of 512 counted rows, joined in double and in order.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a length is not within 0 … time.</exception>
    public static void ColumnMeans(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, Span<float> means, int batch, int time, int columns)
    {
        Check.Length(x, (long)batch * time * columns, nameof(x));
        Check.Length(means, columns, nameof(means));
        CountedRows.Check(lengths, batch, time);
        fixed (float* px = x, pm = means)
        fixed (int* pl = lengths)
        {
            var rows = new CountedRows(pl, batch, time);
            float* partials = (float*)Scratch.Take((nint)rows.Groups * columns * sizeof(float));
            var body = new GroupWidth(cpu, px, rows, partials, columns);
            cpu.Dispatch(ref body);
            for (int c = 0; c < columns; c++)
            {
                double sum = 0;
                for (int g = 0; g < rows.Groups; g++)
                    sum += partials[(nint)g * columns + c];
                pm[c] = rows.Count == 0 ? 0 : (float)(sum / rows.Count);
            }
        }
    }

    private static double Total<TFold>(Cpu cpu, ReadOnlySpan<float> x) where TFold : struct, IFold
    {
        int blocks = ElementMap.Blocks(x.Length);
        float* partials = (float*)Scratch.Take((nint)blocks * sizeof(float));
        fixed (float* px = x)
        {
            var body = new BlockWidth<TFold>(cpu, px, partials, x.Length, ElementMap.Block, blocks);
            cpu.Dispatch(ref body);
        }
        double total = 0;
        for (int i = 0; i < blocks; i++)
            total += partials[i];
        return total;
    }

    private static void EachRow<TFold>(Cpu cpu, ReadOnlySpan<float> x, Span<float> results, int rows, int columns) where TFold : struct, IFold
    {
        Check.Length(x, (long)rows * columns, nameof(x));
        Check.Length(results, rows, nameof(results));
        fixed (float* px = x, pr = results)
        {
            var body = new BlockWidth<TFold>(cpu, px, pr, x.Length, columns, rows);
            cpu.Dispatch(ref body);
        }
    }

    private struct BlockWidth<TFold>(Cpu cpu, float* x, float* results, int length, int block, int blocks) : IWidthBody where TFold : struct, IFold
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, blocks, 1 + ElementMap.Block / Math.Max(block, 1), new Block<TFold, L>(x, results, length, block));
    }

    private struct Block<TFold, L>(float* x, float* results, int length, int block) : IRows where TFold : struct, IFold where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                float* from = x + (nint)i * block;
                results[i] = RowFold.Run<TFold, L>(from, from, 0, (int)Math.Min(block, length - (nint)i * block));
            }
        }
    }

    private struct ColumnWidth(Cpu cpu, float* x, float* sums, int rows, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L>
        {
            // One tile of columns a thread, whole cache lines each; a sum is never split.
            int tile = ((columns + cpu.Threads - 1) / cpu.Threads + 15) & ~15;
            Rows.For(cpu, columns, (long)rows * columns < 2 * ElementMap.Block ? columns : tile, new Columns<L>(x, sums, rows, columns));
        }
    }

    private struct Columns<L>(float* x, float* sums, int rows, int columns) : IRows where L : struct, IVectorLane<L>
    {
        public readonly void Run(int start, int end) =>
            ColumnFold.Sweep<ColumnFold.Sum, L>(x + start, x + start, x + start, sums + start, null, columns, rows, end - start);
    }

    private struct GroupWidth(Cpu cpu, float* x, CountedRows rows, float* partials, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> => Rows.For(cpu, rows.Groups, 1, new Groups<L>(x, rows, partials, columns));
    }

    private struct Groups<L>(float* x, CountedRows rows, float* partials, int columns) : IRows where L : struct, IVectorLane<L>
    {
        public readonly void Run(int start, int end)
        {
            for (int group = start; group < end; group++)
            {
                float* sums = partials + (nint)group * columns;
                new Span<float>(sums, columns).Clear();
                CountedRows.Walk walk = rows.Group(group);
                while (walk.Next(out nint row, out int count))
                {
                    float* from = x + row * columns;
                    ColumnFold.Sweep<ColumnFold.Sum, L>(from, from, sums, sums, null, columns, count, columns);
                }
            }
        }
    }
}
