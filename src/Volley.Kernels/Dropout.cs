using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Dropout on dense values: y[r, c] = x[r, c] · scale where bit c of mask row r is set, else 0. Its backward is itself, on dY.</summary>
/// <remarks>x, y: [rows, columns]; mask: rows padded to whole words of 64 bits, as <see cref="Rng.FillBits"/> draws them with the probability
/// 1 − p that an element is kept; scale = 1 / (1 − p).</remarks>
public static unsafe class Dropout
{
    /// <summary>y = x · mask · scale; y may be x.</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void Apply(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<ulong> mask, float scale, Span<float> y, int rows, int columns)
    {
        Check.Length(x, (long)rows * columns, nameof(x));
        Check.Length(y, (long)rows * columns, nameof(y));
        Check.Length(mask, (long)rows * SpikeBits.WordsPerRow(columns), nameof(mask));
        fixed (float* px = x, py = y)
        fixed (ulong* pm = mask)
        {
            var body = new Width(cpu, px, pm, scale, py, rows, columns);
            cpu.Dispatch(ref body);
        }
    }

    private struct Width(Cpu cpu, float* x, ulong* mask, float scale, float* y, int rows, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, Rows.Grain(cpu, rows, 1 + ElementMap.Block / Math.Max(columns, 1)), new Part<L>(x, mask, scale, y, columns));
    }

    private struct Part<L>(float* x, ulong* mask, float scale, float* y, int columns) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            L factor = L.Of(scale);
            int n = columns, words = SpikeBits.WordsPerRow(columns);
            for (int row = start; row < end; row++)
            {
                float* from = x + (nint)row * n, to = y + (nint)row * n;
                ulong* bits = mask + (nint)row * words;
                int c = 0;
                for (; c + L.Count <= n; c += L.Count)
                    L.Store(to + c, Keep(L.Load(from + c), L.FromBits((uint)(bits[c >> 6] >> c)), factor));
                for (; c < n; c++)
                    F32.Store(to + c, Keep(F32.Load(from + c), F32.FromBits((uint)(bits[c >> 6] >> c)), new F32(scale)));
            }
        }

        // A choice, not a product: what is dropped is 0 even where x is infinite.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Keep<T>(T x, T bit, T factor) where T : struct, IVectorLane<T> => T.IfGreater(bit, T.Of(0), x * factor, T.Of(0));
    }
}
