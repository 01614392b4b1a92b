using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

public static unsafe partial class Normalize
{
    /// <summary>y = γ·(x − mean)·inverse + β, row by row, with inverse = 1 / √(variance + ε) and the biased variance of the row.</summary>
    /// <remarks>x, y: [rows, columns]; gamma, beta: [columns]; mean, inverse: [rows], for the backward. y may be x.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void LayerForward(
        Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, float epsilon,
        Span<float> y, Span<float> mean, Span<float> inverse, int rows, int columns)
    {
        Check.Length(x, (long)rows * columns, nameof(x));
        Check.Length(y, (long)rows * columns, nameof(y));
        Check.Length(gamma, columns, nameof(gamma));
        Check.Length(beta, columns, nameof(beta));
        Check.Length(mean, rows, nameof(mean));
        Check.Length(inverse, rows, nameof(inverse));
        fixed (float* px = x, pg = gamma, pb = beta, py = y, pm = mean, pi = inverse)
        {
            var body = new LayerWidth(cpu, px, pg, pb, epsilon, py, pm, pi, rows, columns);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>With x̂ = (x − mean)·inverse and g = dY·γ: dX = inverse·(g − mean(g) − x̂·mean(g·x̂)), row by row; dGamma += Σ dY·x̂; dBeta += Σ dY,
    /// one chain a column over all rows in order, so rows with dY = 0 (padding) change nothing.</summary>
    /// <remarks>dY, x, dX: [rows, columns]; mean, inverse: [rows], from the forward; the rest: [columns]. dX may be dY.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void LayerBackward(
        Cpu cpu, ReadOnlySpan<float> dY, ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> mean, ReadOnlySpan<float> inverse,
        Span<float> dX, Span<float> dGamma, Span<float> dBeta, int rows, int columns)
    {
        Check.Length(dY, (long)rows * columns, nameof(dY));
        Check.Length(x, (long)rows * columns, nameof(x));
        Check.Length(dX, (long)rows * columns, nameof(dX));
        Check.Length(gamma, columns, nameof(gamma));
        Check.Length(dGamma, columns, nameof(dGamma));
        Check.Length(dBeta, columns, nameof(dBeta));
        Check.Length(mean, rows, nameof(mean));
        Check.Length(inverse, rows, nameof(inverse));
        fixed (float* pdy = dY, px = x, pg = gamma, pm = mean, pi = inverse, pdx = dX, pdg = dGamma, pdb = dBeta)
        {
            // The parameters first: dX may overwrite dY.
            var parameters = new LayerParameterWidth(cpu, pdy, px, pm, pi, pdg, pdb, rows, columns);
            cpu.Dispatch(ref parameters);
            var input = new LayerInputWidth(cpu, pdy, px, pg, pm, pi, pdx, rows, columns);
            cpu.Dispatch(ref input);
        }
    }

    private struct LayerWidth(Cpu cpu, float* x, float* gamma, float* beta, float epsilon, float* y, float* mean, float* inverse, int rows, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, 1 + ElementMap.Block / Math.Max(columns, 1), new LayerRows<L>(x, gamma, beta, epsilon, y, mean, inverse, columns));
    }

    private struct LayerRows<L>(float* x, float* gamma, float* beta, float epsilon, float* y, float* mean, float* inverse, int columns) : IRows
        where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int n = columns;
            for (int row = start; row < end; row++)
            {
                float* from = x + (nint)row * n, to = y + (nint)row * n;
                float m = RowFold.Run<RowFold.Sum, L>(from, from, 0, n) / n;
                float variance = RowFold.Run<RowFold.Squares, L>(from, from, m, n) / n;
                float r = 1 / MathF.Sqrt(variance + epsilon);
                (mean[row], inverse[row]) = (m, r);
                int c = 0;
                for (; c + L.Count <= n; c += L.Count)
                    L.Store(to + c, L.MulAdd((L.Load(from + c) - L.Of(m)) * L.Of(r), L.Load(gamma + c), L.Load(beta + c)));
                for (; c < n; c++)
                    F32.Store(to + c, F32.MulAdd((F32.Load(from + c) - F32.Of(m)) * F32.Of(r), F32.Load(gamma + c), F32.Load(beta + c)));
            }
        }
    }

    private struct LayerInputWidth(Cpu cpu, float* dY, float* x, float* gamma, float* mean, float* inverse, float* dX, int rows, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, 1 + ElementMap.Block / Math.Max(columns, 1), new LayerInputRows<L>(dY, x, gamma, mean, inverse, dX, columns));
    }

    private struct LayerInputRows<L>(float* dY, float* x, float* gamma, float* mean, float* inverse, float* dX, int columns) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int n = columns;
            for (int row = start; row < end; row++)
            {
                float* dy = dY + (nint)row * n, from = x + (nint)row * n, to = dX + (nint)row * n;
                float m = mean[row], r = inverse[row];
                int c = 0;
                for (; c + L.Count <= n; c += L.Count)
                    L.Store(to + c, L.Load(dy + c) * L.Load(gamma + c));
                for (; c < n; c++)
                    to[c] = dy[c] * gamma[c];
                float g = RowFold.Run<RowFold.Sum, L>(to, to, 0, n) / n;
                float slope = RowFold.Run<RowFold.CentredDot, L>(to, from, m, n) / n * r * r;
                c = 0;
                for (; c + L.Count <= n; c += L.Count)
                    L.Store(to + c, L.MulAdd(L.Load(from + c) - L.Of(m), L.Of(-slope), L.Load(to + c) - L.Of(g)) * L.Of(r));
                for (; c < n; c++)
                    F32.Store(to + c, F32.MulAdd(F32.Load(from + c) - F32.Of(m), F32.Of(-slope), F32.Load(to + c) - F32.Of(g)) * F32.Of(r));
            }
        }
    }

    private struct LayerParameterWidth(Cpu cpu, float* dY, float* x, float* mean, float* inverse, float* dGamma, float* dBeta, int rows, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L>
        {
            int tile = ((columns + cpu.Threads - 1) / cpu.Threads + 15) & ~15;
            Rows.For(cpu, columns, (long)rows * columns < 2 * ElementMap.Block ? columns : tile, new LayerParameters<L>(dY, x, mean, inverse, dGamma, dBeta, rows, columns));
        }
    }

    private struct LayerParameters<L>(float* dY, float* x, float* means, float* inverses, float* dGamma, float* dBeta, int rows, int columns) : IRows
        where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            float* dg = dGamma, db = dBeta;
            for (int row = 0; row < rows; row++)
            {
                float* dy = dY + (nint)row * columns, from = x + (nint)row * columns;
                // Read before the stores: the compiler cannot know that they are not what is stored to.
                L mean = L.Of(means[row]), inverse = L.Of(inverses[row]);
                F32 mean1 = new(means[row]), inverse1 = new(inverses[row]);
                int c = start;
                for (; c + L.Count <= end; c += L.Count)
                    One(dy + c, from + c, mean, inverse, dg + c, db + c);
                for (; c < end; c++)
                    One(dy + c, from + c, mean1, inverse1, dg + c, db + c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void One<T>(float* dy, float* x, T mean, T inverse, float* dGamma, float* dBeta) where T : struct, IVectorLane<T>
        {
            T slope = T.Load(dy);
            T.Store(dGamma, T.MulAdd(slope, (T.Load(x) - mean) * inverse, T.Load(dGamma)));
            T.Store(dBeta, T.Load(dBeta) + slope);
        }
    }
}
