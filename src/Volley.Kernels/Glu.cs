using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Gated linear unit (Dauphin et al. 2017): z = p ⊙ σ(q), p the first half of a row and q the second.</summary>
/// <remarks>x = (p, q): [rows, 2·columns]; z: [rows, columns].</remarks>
public static unsafe class Glu
{
    /// <summary>z = p ⊙ σ(q).</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void Forward(Cpu cpu, ReadOnlySpan<float> x, Span<float> z, int rows, int columns)
    {
        Check.Length(x, 2L * rows * columns, nameof(x));
        Check.Length(z, (long)rows * columns, nameof(z));
        fixed (float* px = x, pz = z)
        {
            var body = new Width(cpu, px, pz, null, rows, columns);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>dP = dZ ⊙ σ(q), dQ = dZ ⊙ p ⊙ σ(q) ⊙ (1 − σ(q)).</summary>
    /// <remarks>dX = (dP, dQ): [rows, 2·columns], and may be x.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void Backward(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> dZ, Span<float> dX, int rows, int columns)
    {
        Check.Length(x, 2L * rows * columns, nameof(x));
        Check.Length(dX, 2L * rows * columns, nameof(dX));
        Check.Length(dZ, (long)rows * columns, nameof(dZ));
        fixed (float* px = x, pz = dZ, pdx = dX)
        {
            var body = new Width(cpu, px, pz, pdx, rows, columns);
            cpu.Dispatch(ref body);
        }
    }

    private struct Width(Cpu cpu, float* x, float* z, float* dX, int rows, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, Rows.Grain(cpu, rows, 1 + ElementMap.Block / Math.Max(2 * columns, 1)), new Part<L>(x, z, dX, columns));
    }

    private struct Part<L>(float* x, float* z, float* dX, int columns) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int n = columns;
            for (int row = start; row < end; row++)
            {
                float* p = x + 2 * (nint)row * n, q = p + n, to = z + (nint)row * n;
                int c = 0;
                if (dX is null)
                {
                    for (; c + L.Count <= n; c += L.Count)
                        Gate<L>(p + c, q + c, to + c);
                    for (; c < n; c++)
                        Gate<F32>(p + c, q + c, to + c);
                    continue;
                }
                float* dp = dX + 2 * (nint)row * n, dq = dp + n;
                for (; c + L.Count <= n; c += L.Count)
                    GateBackward<L>(p + c, q + c, to + c, dp + c, dq + c);
                for (; c < n; c++)
                    GateBackward<F32>(p + c, q + c, to + c, dp + c, dq + c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Gate<T>(float* p, float* q, float* z) where T : struct, IVectorLane<T> => T.Store(z, T.Load(p) * LaneMath.Sigmoid(T.Load(q)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void GateBackward<T>(float* p, float* q, float* dZ, float* dP, float* dQ) where T : struct, IVectorLane<T>
        {
            T value = T.Load(p), gate = LaneMath.Sigmoid(T.Load(q)), d = T.Load(dZ) * gate;
            T.Store(dP, d);
            T.Store(dQ, d * value * (T.Of(1f) - gate));
        }
    }
}
