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
                    for (int k = 0; k < count; k++)
                    {
                        float* real = matrices + (((nint)k * 2 * call.Inputs + i) * 2 * call.Outputs + block * Lanes);
                        float* imaginary = real + (nint)call.Inputs * 2 * call.Outputs;
                        if (gradient)
                            part.Add<L>(own, real, imaginary, call.Outputs, first + k, columns);
                        else
                            part.Write<L>(own, real, imaginary, call.Outputs, first + k, columns);
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

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Write<L>(float* taps, float* real, float* imaginary, int outputs, int f, int columns) where L : struct, IVectorLane<L>
        {
            for (int v = 0; v < columns; v += L.Count)
            {
                L re = L.Of(0f), im = L.Of(0f);
                for (int d = 0, turn = 0; d < Taps; d++)
                {
                    L tap = L.Load(taps + d * Lanes + v);
                    re = L.MulAdd(tap, L.Spread(Cos + turn), re);
                    im = L.MulAdd(tap, L.Spread(Sin + turn), im);
                    turn += f;
                    turn -= turn >= Length ? Length : 0;
                }
                im = -im;
                int part = columns - v;
                Store(real + v, re, part);
                Store(real + outputs + v, im, part);
                Store(imaginary + v, -im, part);
                Store(imaginary + outputs + v, re, part);
            }
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
