using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

public static unsafe partial class Normalize
{
    /// <summary>y = GELU(γ·(v − mean)·inverse + β) with v = p ⊙ g, row by row: product, <see cref="LayerForward"/> and <see cref="Gelu.Forward"/> in one pass, with their bits.</summary>
    /// <remarks>p, g, y: [rows, columns]; gamma, beta: [columns]; mean, inverse: [rows], for the backward. y may be p or g.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void GatedForward(
        Cpu cpu, ReadOnlySpan<float> p, ReadOnlySpan<float> g, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, float epsilon,
        Span<float> y, Span<float> mean, Span<float> inverse, int rows, int columns)
    {
        CheckGated(p, g, y, gamma, beta, mean, inverse, rows, columns);
        fixed (float* pp = p, pg = g, pGamma = gamma, pBeta = beta, py = y, pm = mean, pi = inverse)
        {
            var body = new GatedWidth(cpu, pp, pg, pGamma, pBeta, epsilon, py, pm, pi, rows, columns);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>The way back: p ← dG = dV ⊙ p and g ← dP = dV ⊙ g; dGamma and dBeta are added to, one chain a column over all rows in order.</summary>
    /// <remarks>p, g: [rows, columns], from the forward, written over; dY, v, dNorm: [rows, columns], the last two left with p ⊙ g and with the gradient behind the
    /// normalisation; mean, inverse: [rows], from the forward; the rest: [columns].</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void GatedBackward(
        Cpu cpu, ReadOnlySpan<float> dY, Span<float> p, Span<float> g, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, Span<float> mean, Span<float> inverse,
        Span<float> v, Span<float> dNorm, Span<float> dGamma, Span<float> dBeta, int rows, int columns)
    {
        CheckGated(p, g, v, gamma, beta, mean, inverse, rows, columns);
        Check.Length(dY, v.Length, nameof(dY));
        Check.Length(dNorm, v.Length, nameof(dNorm));
        Check.Length(dGamma, columns, nameof(dGamma));
        Check.Length(dBeta, columns, nameof(dBeta));
        fixed (float* pdy = dY, pp = p, pg = g, pGamma = gamma, pBeta = beta, pm = mean, pi = inverse, pv = v, pdn = dNorm, pdg = dGamma, pdb = dBeta)
        {
            var body = new GatedBackwardWidth(cpu, pdy, pp, pg, pGamma, pBeta, pm, pi, pv, pdn, rows, columns);
            cpu.Dispatch(ref body);
            var parameters = new LayerParameterWidth(cpu, pdn, pv, pm, pi, pdg, pdb, rows, columns);
            cpu.Dispatch(ref parameters);
        }
    }

    private static void CheckGated(
        ReadOnlySpan<float> p, ReadOnlySpan<float> g, Span<float> y, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, Span<float> mean, Span<float> inverse, int rows, int columns)
    {
        Check.Length(p, (long)rows * columns, nameof(p));
        Check.Length(g, (long)rows * columns, nameof(g));
        Check.Length(y, (long)rows * columns, nameof(y));
        Check.Length(gamma, columns, nameof(gamma));
        Check.Length(beta, columns, nameof(beta));
        Check.Length(mean, rows, nameof(mean));
        Check.Length(inverse, rows, nameof(inverse));
    }

    private struct GatedWidth(Cpu cpu, float* p, float* g, float* gamma, float* beta, float epsilon, float* y, float* mean, float* inverse, int rows, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, Rows.Grain(cpu, rows, 1 + 4096 / Math.Max(columns, 1)), new GatedRows<L>(p, g, gamma, beta, epsilon, y, mean, inverse, columns));
    }

    private struct GatedRows<L>(float* p, float* g, float* gamma, float* beta, float epsilon, float* y, float* mean, float* inverse, int columns) : IRows
        where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int n = columns;
            for (int row = start; row < end; row++)
            {
                float* a = p + (nint)row * n, b = g + (nint)row * n, to = y + (nint)row * n;
                int c = 0;
                for (; c + L.Count <= n; c += L.Count)
                    L.Store(to + c, L.Load(a + c) * L.Load(b + c));
                for (; c < n; c++)
                    to[c] = a[c] * b[c];
                float m = RowFold.Run<RowFold.Sum, L>(to, to, 0, n) / n;
                float variance = RowFold.Run<RowFold.Squares, L>(to, to, m, n) / n;
                float r = 1 / MathF.Sqrt(variance + epsilon);
                (mean[row], inverse[row]) = (m, r);
                c = 0;
                for (; c + L.Count <= n; c += L.Count)
                    One(to + c, gamma + c, beta + c, L.Of(m), L.Of(r));
                for (; c < n; c++)
                    One(to + c, gamma + c, beta + c, new F32(m), new F32(r));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void One<T>(float* to, float* gamma, float* beta, T m, T r) where T : struct, IVectorLane<T>
        {
            T norm = T.MulAdd((T.Load(to) - m) * r, T.Load(gamma), T.Load(beta));
            LaneMath.Normal(norm, out T distribution, out _);
            T.Store(to, norm * distribution);
        }
    }

    private struct GatedBackwardWidth(
        Cpu cpu, float* dY, float* p, float* g, float* gamma, float* beta, float* mean, float* inverse, float* v, float* dNorm, int rows, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, Rows.Grain(cpu, rows, 1 + 4096 / Math.Max(columns, 1)), new GatedBackwardRows<L>(dY, p, g, gamma, beta, mean, inverse, v, dNorm, columns));
    }

    private struct GatedBackwardRows<L>(
        float* dY, float* p, float* g, float* gamma, float* beta, float* mean, float* inverse, float* v, float* dNorm, int columns) : IRows
        where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int n = columns;
            float* slopes = Scratch.Transform(n + 16);
            for (int row = start; row < end; row++)
            {
                nint at = (nint)row * n;
                float* a = p + at, b = g + at, dy = dY + at, product = v + at, dn = dNorm + at;
                float m = mean[row], r = inverse[row];
                int c = 0;
                for (; c + L.Count <= n; c += L.Count)
                    Slope(a + c, b + c, dy + c, gamma + c, beta + c, L.Of(m), L.Of(r), product + c, dn + c, slopes + c);
                for (; c < n; c++)
                    Slope(a + c, b + c, dy + c, gamma + c, beta + c, new F32(m), new F32(r), product + c, dn + c, slopes + c);
                float average = RowFold.Run<RowFold.Sum, L>(slopes, slopes, 0, n) / n;
                float slope = RowFold.Run<RowFold.CentredDot, L>(slopes, product, m, n) / n * r * r;
                c = 0;
                for (; c + L.Count <= n; c += L.Count)
                    Back(a + c, b + c, product + c, slopes + c, L.Of(m), L.Of(r), L.Of(average), L.Of(-slope));
                for (; c < n; c++)
                    Back(a + c, b + c, product + c, slopes + c, new F32(m), new F32(r), new F32(average), new F32(-slope));
            }
        }

        /// <summary>v, the gradient behind the normalisation, and that times γ.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Slope<T>(float* p, float* g, float* dY, float* gamma, float* beta, T m, T r, float* v, float* dNorm, float* slopes) where T : struct, IVectorLane<T>
        {
            T product = T.Load(p) * T.Load(g), scale = T.Load(gamma);
            T norm = T.MulAdd((product - m) * r, scale, T.Load(beta));
            LaneMath.Normal(norm, out T distribution, out T density);
            T d = T.Load(dY) * T.MulAdd(norm, density, distribution);
            T.Store(v, product);
            T.Store(dNorm, d);
            T.Store(slopes, d * scale);
        }

        /// <summary>g ← dV·g and p ← dV·p.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Back<T>(float* p, float* g, float* v, float* slopes, T m, T r, T average, T minus) where T : struct, IVectorLane<T>
        {
            T d = T.MulAdd(T.Load(v) - m, minus, T.Load(slopes) - average) * r;
            T.Store(g, d * T.Load(g));
            T.Store(p, d * T.Load(p));
        }
    }
}
