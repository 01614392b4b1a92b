using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Delays;

/// <summary>Taps as the matrices M of some frequencies, [count, 2·I, 2·O], and their gradient back to the taps.
/// k̂[f] = Σ_d k[d]·e^(−2πi·f·d/n); M = [[Re k̂, Im k̂], [−Im k̂, Re k̂]].</summary>
internal readonly unsafe struct TapSpectra(TimeTransform transform, DelayCall call, int first, int count, float* matrices)
{
    public void Build<L>(Cpu cpu, float* taps) where L : struct, IVectorLane<L> => Run<L>(cpu, taps, gradient: false);

    /// <summary>dk[d] += (1/n)·Σ_f (1 or 2)·(Re dk̂·cos − Im dk̂·sin), with dk̂ = conj(x̂)·dŷ from the blocks of dM.</summary>
    public void AddGradient<L>(Cpu cpu, float* dTaps) where L : struct, IVectorLane<L> => Run<L>(cpu, dTaps, gradient: true);

    private void Run<L>(Cpu cpu, float* taps, bool gradient) where L : struct, IVectorLane<L>
    {
        fixed (float* cos = transform.Cos, sin = transform.Sin)
            Rows.For(cpu, call.Inputs, Rows.Grain(cpu, call.Inputs), new InputRows<L>(call, transform.Length, first, count, matrices, taps, cos, sin, gradient));
    }

    private readonly struct InputRows<L>(DelayCall call, int n, int first, int count, float* matrices, float* taps, float* cos, float* sin, bool gradient) : IRows
        where L : struct, IVectorLane<L>
    {
        private const int Lanes = DelayCall.Block;

        public void Run(int start, int end)
        {
            var part = new Part { Cos = cos, Sin = sin, Length = n, Taps = call.Taps };
            for (int i = start; i < end; i++)
            {
                for (int block = 0; block < call.Blocks; block++)
                {
                    float* own = taps + ((nint)block * call.Inputs + i) * call.Taps * Lanes;
                    int columns = Math.Min(Lanes, call.Outputs - block * Lanes);
                    nint imaginary = (nint)call.Inputs * 2 * call.Outputs, next = 2 * imaginary;
                    float* real = matrices + ((nint)i * 2 * call.Outputs + block * Lanes);
                    for (int k = 0; k < count; k += 2, real += 2 * next)
                    {
                        if (!gradient)
                        {
                            part.Write<L>(own, real, next, imaginary, call.Outputs, first + k, count - k, columns);
                            continue;
                        }
                        part.Add<L>(own, real, real + imaginary, call.Outputs, first + k, columns);
                        if (k + 1 < count)
                            part.Add<L>(own, real + next, real + next + imaginary, call.Outputs, first + k + 1, columns);
                    }
                }
            }
        }
    }

    /// <summary>One input, sixteen outputs, one frequency.</summary>
    private struct Part
    {
        private const int Lanes = DelayCall.Block;

        public float* Cos, Sin;
        public int Length, Taps;

        /// <summary>Two frequencies at a time, f and f + 1 (computed, but not stored, behind the last): four chains hide the latency of one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Write<L>(float* taps, float* real, nint next, nint imaginary, int outputs, int f, int frequencies, int columns) where L : struct, IVectorLane<L>
        {
            for (int v = 0; v < columns; v += L.Count)
            {
                L r0 = L.Of(0f), r1 = r0, i0 = r0, i1 = r0;
                for (int d = 0, t0 = 0, t1 = 0; d < Taps; d++)
                {
                    L tap = L.Load(taps + d * Lanes + v);
                    r0 = L.MulAdd(tap, L.Spread(Cos + t0), r0);
                    i0 = L.MulAdd(tap, L.Spread(Sin + t0), i0);
                    r1 = L.MulAdd(tap, L.Spread(Cos + t1), r1);
                    i1 = L.MulAdd(tap, L.Spread(Sin + t1), i1);
                    t0 += f;
                    t0 -= t0 >= Length ? Length : 0;
                    t1 += f + 1;
                    t1 -= t1 >= Length ? Length : 0;
                }
                Place(r0, i0, real + v, imaginary, outputs, columns - v);
                if (frequencies > 1)
                    Place(r1, i1, real + next + v, imaginary, outputs, columns - v);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Place<L>(L re, L minusIm, float* real, nint imaginary, int outputs, int part) where L : struct, IVectorLane<L>
        {
            Store(real, re, part);
            Store(real + outputs, -minusIm, part);
            Store(real + imaginary, minusIm, part);
            Store(real + imaginary + outputs, re, part);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Add<L>(float* dTaps, float* real, float* imaginary, int outputs, int f, int columns) where L : struct, IVectorLane<L>
        {
            L scale = L.Of((f == 0 || 2 * f == Length ? 1f : 2f) / Length);
            for (int v = 0; v < columns; v += L.Count)
            {
                int part = columns - v;
                L re = (Load<L>(real + v, part) + Load<L>(imaginary + outputs + v, part)) * scale;
                L im = (Load<L>(imaginary + v, part) - Load<L>(real + outputs + v, part)) * scale;
                for (int d = 0, turn = 0; d < Taps; d++)
                {
                    float* to = dTaps + d * Lanes + v;
                    L.Store(to, L.MulAdd(im, L.Spread(Sin + turn), L.MulAdd(re, L.Spread(Cos + turn), L.Load(to))));
                    turn += f;
                    turn -= turn >= Length ? Length : 0;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static L Load<L>(float* from, int part) where L : struct, IVectorLane<L> => part >= L.Count ? L.Load(from) : L.LoadPart(from, part);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store<L>(float* to, L value, int part) where L : struct, IVectorLane<L>
        {
            if (part >= L.Count)
                L.Store(to, value);
            else
                L.StorePart(to, value, part);
        }
    }
}
