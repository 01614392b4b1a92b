using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace Volley.Kernels;

/// <summary>Spikes without a state: s = Θ(x − θ), Θ(0) = 0.</summary>
public static unsafe class SpikeThreshold
{
    /// <summary>Bit (r, c) is set where x[r, c] &gt; θ[c].</summary>
    /// <remarks>x: [rows, columns]; thresholds: [columns], or empty for 0; bits: [rows, words].</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void Forward(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> thresholds, Span<ulong> bits, int rows, int columns)
    {
        Check.Length(x, (long)rows * columns, nameof(x));
        Check.LengthOrEmpty(thresholds, columns, nameof(thresholds));
        Check.Length(bits, (long)rows * SpikeBits.WordsPerRow(columns), nameof(bits));
        fixed (float* px = x, pt = thresholds)
        fixed (ulong* pb = bits)
        {
            var body = new Width(cpu, px, pt, pb, rows, columns);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>dX = dS·Θ′(x − θ). The gradient of the thresholds is minus its sum over the rows.</summary>
    /// <remarks>x, dS, dX: [rows, columns]; thresholds: [columns] or empty. dX may be dS, not x.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void Backward(
        Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> thresholds, ReadOnlySpan<float> dS, ISurrogate surrogate, Span<float> dX, int rows, int columns)
    {
        Check.Length(x, (long)rows * columns, nameof(x));
        Check.Length(dS, x.Length, nameof(dS));
        Check.Length(dX, x.Length, nameof(dX));
        Check.LengthOrEmpty(thresholds, columns, nameof(thresholds));
        fixed (float* px = x, pt = thresholds, ps = dS, pd = dX)
        {
            var body = new BackwardWidth(cpu, px, pt, ps, surrogate, pd, rows, columns);
            cpu.Dispatch(ref body);
        }
    }

    private struct Width(Cpu cpu, float* x, float* thresholds, ulong* bits, int rows, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, Rows.Grain(cpu, rows, 1 + ElementMap.Block / Math.Max(columns, 1)), new Part<L>(x, thresholds, bits, columns));
    }

    private struct Part<L>(float* x, float* thresholds, ulong* bits, int columns) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int words = SpikeBits.WordsPerRow(columns);
            for (int row = start; row < end; row++)
            {
                float* from = x + (nint)row * columns;
                for (int word = 0; word < words; word++)
                    bits[(nint)row * words + word] = Word(from, word * 64, Math.Min(columns, word * 64 + 64));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly ulong Word(float* from, int first, int last)
        {
            ulong word = 0;
            int c = first;
            for (; c + L.Count <= last; c += L.Count)
                word |= (ulong)L.PositiveBits(Distance<L>(from, c)) << (c - first);
            for (; c < last; c++)
                word |= (ulong)F32.PositiveBits(Distance<F32>(from, c)) << (c - first);
            return word;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly T Distance<T>(float* from, int c) where T : struct, IVectorLane<T> =>
            thresholds is null ? T.Load(from + c) : T.Load(from + c) - T.Load(thresholds + c);
    }

    private struct BackwardWidth(Cpu cpu, float* x, float* thresholds, float* dS, ISurrogate surrogate, float* dX, int rows, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, Rows.Grain(cpu, rows, 1 + ElementMap.Block / Math.Max(columns, 1)), new BackwardPart<L>(x, thresholds, dS, surrogate, dX, columns));
    }

    private struct BackwardPart<L>(float* x, float* thresholds, float* dS, ISurrogate surrogate, float* dX, int columns) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int n = columns, whole = n / L.Count * L.Count;
            float* slopes = Scratch.Transform(whole + 2 * L.Count);
            for (int row = start; row < end; row++)
            {
                float* from = x + (nint)row * n, ds = dS + (nint)row * n, to = dX + (nint)row * n;
                for (int c = 0; c < whole; c += L.Count)
                    L.Store(slopes + c, thresholds is null ? L.Load(from + c) : L.Load(from + c) - L.Load(thresholds + c));
                if (whole < n)
                {
                    L last = L.LoadPart(from + whole, n - whole);
                    L.Store(slopes + whole, thresholds is null ? last : last - L.LoadPart(thresholds + whole, n - whole));
                }
                SurrogateRows.Fill<L>(surrogate, slopes, (n + L.Count - 1) / L.Count);
                for (int c = 0; c < whole; c += L.Count)
                    L.Store(to + c, L.Load(ds + c) * L.Load(slopes + c));
                if (whole < n)
                    L.StorePart(to + whole, L.LoadPart(ds + whole, n - whole) * L.Load(slopes + whole), n - whole);
            }
        }
    }
}
