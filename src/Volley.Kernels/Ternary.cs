using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;
using Volley.Kernels.Neurons;

namespace Volley.Kernels;

/// <summary>Ternary values of the gated spiking unit (Stan and Rhodes 2024): q(x) = Θ(x − d) − Θ(−x − d) in {−1, 0, 1}, with d = fraction·max |x| of each row.</summary>
/// <remarks>Scale does not matter: q(c·x) = q(x) for c &gt; 0. Two bits an element: where it is not 0, and where it is −1.</remarks>
public static unsafe class Ternary
{
    /// <summary>q of every row.</summary>
    /// <remarks>x: [rows, columns]; bits, negative: [rows, words]; a matrix as a whole is one row.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void Forward(Cpu cpu, ReadOnlySpan<float> x, float fraction, Span<ulong> bits, Span<ulong> negative, int rows, int columns)
    {
        Check.Length(x, (long)rows * columns, nameof(x));
        Check.Length(bits, (long)rows * SpikeBits.WordsPerRow(columns), nameof(bits));
        Check.Length(negative, bits.Length, nameof(negative));
        fixed (float* px = x)
        fixed (ulong* pb = bits, pn = negative)
        {
            var body = new Width(cpu, px, fraction, pb, pn, rows, columns);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>dX += what reaches x through q: dQ·(Θ′(x − d) + Θ′(−x − d)), and through d to the first element of the largest size.</summary>
    /// <remarks>x, dQ, dX: [rows, columns].</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void Backward(Cpu cpu, ReadOnlySpan<float> x, float fraction, ReadOnlySpan<float> dQ, ISurrogate surrogate, Span<float> dX, int rows, int columns)
    {
        Check.Length(x, (long)rows * columns, nameof(x));
        Check.Length(dQ, x.Length, nameof(dQ));
        Check.Length(dX, x.Length, nameof(dX));
        fixed (float* px = x, pq = dQ, pd = dX)
        {
            var body = new BackwardWidth(cpu, px, fraction, pq, surrogate, pd, rows, columns);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>max |x|, in any order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Largest<L>(float* x, int count) where L : struct, IVectorLane<L>
    {
        float* parts = stackalloc float[16];
        int whole = count / L.Count * L.Count;
        L most = L.Of(0f);
        for (int i = 0; i < whole; i += L.Count)
        {
            L size = L.Abs(L.Load(x + i));
            most = L.IfGreater(size, most, size, most);
        }
        L.Store(parts, most);
        float largest = 0;
        for (int i = 0; i < L.Count; i++)
            largest = parts[i] > largest ? parts[i] : largest;
        for (int i = whole; i < count; i++)
            largest = MathF.Abs(x[i]) > largest ? MathF.Abs(x[i]) : largest;
        return largest;
    }

    private struct Width(Cpu cpu, float* x, float fraction, ulong* bits, ulong* negative, int rows, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, Rows.Grain(cpu, rows, 1 + ElementMap.Block / Math.Max(columns, 1)), new Part<L>(x, fraction, bits, negative, columns));
    }

    private struct Part<L>(float* x, float fraction, ulong* bits, ulong* negative, int columns) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int words = SpikeBits.WordsPerRow(columns);
            for (int row = start; row < end; row++)
            {
                float* from = x + (nint)row * columns;
                float d = fraction * Largest<L>(from, columns);
                for (int word = 0; word < words; word++)
                {
                    int first = word * 64, last = Math.Min(columns, first + 64), c = first;
                    ulong plus = 0, minus = 0;
                    for (; c + L.Count <= last; c += L.Count)
                    {
                        L value = L.Load(from + c), at = L.Of(d);
                        plus |= (ulong)L.PositiveBits(value - at) << (c - first);
                        minus |= (ulong)L.PositiveBits(-value - at) << (c - first);
                    }
                    for (; c < last; c++)
                    {
                        plus |= (from[c] - d > 0 ? 1ul : 0) << (c - first);
                        minus |= (-from[c] - d > 0 ? 1ul : 0) << (c - first);
                    }
                    bits[(nint)row * words + word] = plus | minus;
                    negative[(nint)row * words + word] = minus;
                }
            }
        }
    }

    private struct BackwardWidth(Cpu cpu, float* x, float fraction, float* dQ, ISurrogate surrogate, float* dX, int rows, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, Rows.Grain(cpu, rows, 1 + ElementMap.Block / Math.Max(columns, 1)), new BackwardPart<L>(x, fraction, dQ, surrogate, dX, columns));
    }

    private struct BackwardPart<L>(float* x, float fraction, float* dQ, ISurrogate surrogate, float* dX, int columns) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int n = columns, lanes = (n + L.Count - 1) / L.Count, padded = lanes * L.Count, whole = n / L.Count * L.Count;
            float* above = Scratch.Transform(2 * padded), below = above + padded;
            for (int row = start; row < end; row++)
            {
                float* from = x + (nint)row * n, dq = dQ + (nint)row * n, to = dX + (nint)row * n;
                float largest = Largest<L>(from, n), d = fraction * largest;
                for (int c = 0; c < padded; c += L.Count)
                {
                    L value = c < whole ? L.Load(from + c) : L.LoadPart(from + c, n - c);
                    L.Store(above + c, value - L.Of(d));
                    L.Store(below + c, -value - L.Of(d));
                }
                SurrogateRows.Fill<L>(surrogate, above, 2 * lanes);
                for (int c = 0; c < padded; c += L.Count)
                {
                    bool part = c >= whole;
                    L a = L.Load(above + c), b = L.Load(below + c), slope = part ? L.LoadPart(dq + c, n - c) : L.Load(dq + c);
                    L sum = L.MulAdd(slope, a + b, part ? L.LoadPart(to + c, n - c) : L.Load(to + c));
                    if (part)
                        L.StorePart(to + c, sum, n - c);
                    else
                        L.Store(to + c, sum);
                    L.Store(above + c, slope * (b - a));
                }
                // The gradient of d: dQ·(Θ′(−x − d) − Θ′(x − d)).
                float dThreshold = RowFold.Run<RowFold.Sum, L>(above, above, 0, n);
                for (int c = 0; c < n && largest > 0; c++)
                {
                    if (MathF.Abs(from[c]) != largest)
                        continue;
                    to[c] += from[c] > 0 ? fraction * dThreshold : -fraction * dThreshold;
                    break;
                }
            }
        }
    }
}
