using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Sums whose order is fixed by the shape alone.</summary>
public static unsafe class Reduce
{
    /// <summary>Σ x: blocks of 16384 elements, each over 16 virtual lanes in float, joined in double and in order.</summary>
    public static double Sum(Cpu cpu, ReadOnlySpan<float> x) => Total<RowFold.Sum>(cpu, x);

    /// <summary>Σ x², in the order of <see cref="Sum"/>: the squared norm of a gradient. Infinite when a block's sum leaves the range of float.</summary>
    public static double SquaredNorm(Cpu cpu, ReadOnlySpan<float> x) => Total<RowFold.Squares>(cpu, x);

    /// <summary>sums[c] += Σ_r x[r, c]: bias gradients. Each column is one chain of additions from 0 over the rows in order, then added to what is there,
    /// so further rows of zeros change no bit.</summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="sums">[columns].</param>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void AddColumnSums(Cpu cpu, ReadOnlySpan<float> x, Span<float> sums, int rows, int columns)
    {
        Check.Length(x, (long)rows * columns, nameof(x));
        Check.Length(sums, columns, nameof(sums));
        fixed (float* px = x, ps = sums)
        {
            var body = new ColumnWidth(cpu, px, ps, rows, columns, false);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>As <see cref="AddColumnSums"/>, but each chain goes on from what is in <paramref name="sums"/>: matrices one after another give the bits of
    /// one whose rows they are, if the first starts at 0.</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void ContinueColumnSums(Cpu cpu, ReadOnlySpan<float> x, Span<float> sums, int rows, int columns)
    {
        Check.Length(x, (long)rows * columns, nameof(x));
        Check.Length(sums, columns, nameof(sums));
        fixed (float* px = x, ps = sums)
        {
            var body = new ColumnWidth(cpu, px, ps, rows, columns, true);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>The fold of every block, added up in double and in order.</summary>
    internal static double Total<TFold>(Cpu cpu, ReadOnlySpan<float> x) where TFold : struct, IFold
    {
        int blocks = ElementMap.Blocks(x.Length);
        float* partials = (float*)Scratch.Take((nint)blocks * sizeof(float));
        fixed (float* px = x)
        {
            var body = new BlockWidth<TFold>(cpu, px, partials, x.Length, blocks);
            cpu.Dispatch(ref body);
        }
        double total = 0;
        for (int i = 0; i < blocks; i++)
            total += partials[i];
        return total;
    }

    private struct BlockWidth<TFold>(Cpu cpu, float* x, float* partials, int length, int blocks) : IWidthBody where TFold : struct, IFold
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> => Rows.For(cpu, blocks, 2, new Blocks<TFold, L>(x, partials, length));
    }

    private struct Blocks<TFold, L>(float* x, float* partials, int length) : IRows where TFold : struct, IFold where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                nint first = (nint)i * ElementMap.Block;
                partials[i] = RowFold.Run<TFold, L>(x + first, x + first, 0, (int)Math.Min(ElementMap.Block, length - first));
            }
        }
    }

    private struct ColumnWidth(Cpu cpu, float* x, float* sums, int rows, int columns, bool goOn) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L>
        {
            // One tile of columns a thread, whole cache lines each: a chain is never split.
            int tile = ((columns + cpu.Threads - 1) / cpu.Threads + 15) & ~15;
            Rows.For(cpu, columns, (long)rows * columns < 2 * ElementMap.Block ? columns : tile, new Columns<L>(x, sums, rows, columns, goOn));
        }
    }

    private struct Columns<L>(float* x, float* sums, int rows, int columns, bool goOn) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int count = end - start;
            if (goOn)
            {
                ColumnFold.Sweep<ColumnFold.Sum, L>(x + start, x + start, sums + start, sums + start, null, columns, rows, count);
                return;
            }
            float* chains = (float*)Scratch.Take((nint)count * sizeof(float));
            new Span<float>(chains, count).Clear();
            ColumnFold.Sweep<ColumnFold.Sum, L>(x + start, x + start, chains, chains, null, columns, rows, count);
            for (int c = 0; c < count; c++)
                sums[start + c] += chains[c];
        }
    }
}
