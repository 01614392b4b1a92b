using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Delays;

/// <summary>From weights and positions to taps and back: k[i, o, d] = Σ_c w[c, i, o]·h(d − δ)/(Σ_d' h(d' − δ) + 1e-7), δ = ⌊K/2⌋ − P[c, i, o].</summary>
/// <remarks>Dilated convolution with learnable spacings (Khalfaoui-Hassani et al. 2023) in one dimension, counted in delays: tap k of that paper is the delay
/// K − 1 − k.</remarks>
public static unsafe class DelayTaps
{
    private const float Epsilon = 1e-7f;

    /// <summary>What is added to |SIG| for a Gaussian.</summary>
    public const float LeastSigma = 0.27f;

    /// <summary>Writes the taps.</summary>
    /// <param name="weights">w [C, I, O].</param>
    /// <param name="positions">P [C, I, O], in ±⌊K/2⌋: the larger, the shorter the delay.</param>
    /// <param name="sigma">SIG ≥ 0, the width of the interpolation.</param>
    /// <param name="taps">[⌈O/16⌉, I, K, 16], written; 0 behind the last output.</param>
    public static void Build(Cpu cpu, ReadOnlySpan<float> weights, ReadOnlySpan<float> positions, float sigma, TapInterpolation interpolation,
        Span<float> taps, DelayCall call)
    {
        Check(call, weights.Length, positions.Length, taps.Length, sigma);
        fixed (float* w = weights, p = positions, k = taps)
        {
            if (interpolation == TapInterpolation.Gaussian)
                Run(cpu, new Synapses<GaussianTap>(call, new GaussianTap(sigma + LeastSigma), w, p, k, null, null));
            else
                Run(cpu, new Synapses<TriangleTap>(call, new TriangleTap(sigma + 1), w, p, k, null, null));
        }
    }

    /// <summary>Gradients of weights and positions from that of the taps, added to. With ĥ = h/(Σh + 1e-7):
    /// dw += Σ_d dk_d·ĥ_d,  dP += w·Σ_d dk_d·(h'_d − ĥ_d·Σh')/(Σh + 1e-7).</summary>
    /// <param name="dTaps">[⌈O/16⌉, I, K, 16].</param>
    /// <param name="dPositions">[C, I, O], or empty where positions are not learned.</param>
    public static void Backward(Cpu cpu, ReadOnlySpan<float> weights, ReadOnlySpan<float> positions, float sigma, TapInterpolation interpolation,
        ReadOnlySpan<float> dTaps, Span<float> dWeights, Span<float> dPositions, DelayCall call)
    {
        Check(call, weights.Length, positions.Length, dTaps.Length, sigma);
        Kernels.Check.Length(dWeights, call.Synapses, nameof(dWeights));
        Kernels.Check.LengthOrEmpty(dPositions, call.Synapses, nameof(dPositions));
        fixed (float* w = weights, p = positions, k = dTaps, dW = dWeights, dP = dPositions)
        {
            if (interpolation == TapInterpolation.Gaussian)
                Run(cpu, new Synapses<GaussianTap>(call, new GaussianTap(sigma + LeastSigma), w, p, k, dW, dP));
            else
                Run(cpu, new Synapses<TriangleTap>(call, new TriangleTap(sigma + 1), w, p, k, dW, dP));
        }
    }

    private static void Check(DelayCall call, int weights, int positions, int taps, float sigma)
    {
        call.Check();
        Kernels.Check.Length(weights, 1, call.Synapses, nameof(weights));
        Kernels.Check.Length(positions, 1, call.Synapses, nameof(positions));
        Kernels.Check.Length(taps, 1, call.TapFloats, nameof(taps));
        if (!(sigma >= 0))
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "The width of the interpolation cannot be negative.");
    }

    private static void Run<TShape>(Cpu cpu, Synapses<TShape> synapses) where TShape : struct, ITapShape
    {
        var body = new Width<TShape>(cpu, synapses);
        cpu.Dispatch(ref body);
    }

    private readonly struct Width<TShape>(Cpu cpu, Synapses<TShape> synapses) : IWidthBody where TShape : struct, ITapShape
    {
        public void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, synapses.Call.Inputs, Rows.Grain(cpu, synapses.Call.Inputs), new InputRows<TShape, L>(synapses));
    }

    /// <summary>dW null: builds the taps. Otherwise K holds their gradient.</summary>
    private readonly struct Synapses<TShape>(DelayCall call, TShape shape, float* w, float* p, float* k, float* dW, float* dP) where TShape : struct, ITapShape
    {
        public readonly DelayCall Call = call;
        public readonly TShape Shape = shape;
        public readonly float* W = w, P = p, K = k, DW = dW, DP = dP;
    }

    private readonly struct InputRows<TShape, L>(Synapses<TShape> s) : IRows
        where TShape : struct, ITapShape
        where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                for (int o = 0; o < s.Call.Blocks * DelayCall.Block; o += L.Count)
                {
                    int count = Math.Min(L.Count, s.Call.Outputs - o);
                    float* taps = s.K + ((nint)(o / DelayCall.Block * s.Call.Inputs + i) * s.Call.Taps * DelayCall.Block + o % DelayCall.Block);
                    if (count <= 0)
                        Clear(taps);
                    else if (s.DW == null)
                        Build(i, o, count, taps);
                    else
                        Backward(i, o, count, taps);
                }
            }
        }

        private void Clear(float* taps)
        {
            for (int d = 0; s.DW == null && d < s.Call.Taps; d++)
                L.Store(taps + d * DelayCall.Block, L.Of(0f));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Build(int i, int o, int count, float* taps)
        {
            TShape shape = s.Shape;
            for (int c = 0; c < s.Call.Kernels; c++)
            {
                nint at = (nint)(c * s.Call.Inputs + i) * s.Call.Outputs + o;
                L delay = Delay(at, count), sum = Sum(shape, delay, out _);
                L scale = Load(s.W + at, count) / (sum + L.Of(Epsilon));
                for (int d = 0; d < s.Call.Taps; d++)
                {
                    shape.At(L.Of((float)d) - delay, out L height, out _);
                    float* tap = taps + d * DelayCall.Block;
                    L.Store(tap, c == 0 ? scale * height : L.MulAdd(scale, height, L.Load(tap)));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Backward(int i, int o, int count, float* dTaps)
        {
            TShape shape = s.Shape;
            for (int c = 0; c < s.Call.Kernels; c++)
            {
                nint at = (nint)(c * s.Call.Inputs + i) * s.Call.Outputs + o;
                L delay = Delay(at, count), sum = Sum(shape, delay, out L slopes), inverse = L.Of(1f) / (sum + L.Of(Epsilon));
                L dWeight = L.Of(0f), moved = L.Of(0f);
                for (int d = 0; d < s.Call.Taps; d++)
                {
                    shape.At(L.Of((float)d) - delay, out L height, out L slope);
                    L dTap = L.Load(dTaps + d * DelayCall.Block), share = height * inverse;
                    dWeight = L.MulAdd(dTap, share, dWeight);
                    moved = L.MulAdd(dTap, (slope - share * slopes) * inverse, moved);
                }
                Add(s.DW + at, dWeight, count);
                if (s.DP != null)
                    Add(s.DP + at, Load(s.W + at, count) * moved, count);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private L Delay(nint at, int count) => L.Of((float)(s.Call.Taps / 2)) - Load(s.P + at, count);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private L Sum(TShape shape, L delay, out L slopes)
        {
            L sum = slopes = L.Of(0f);
            for (int d = 0; d < s.Call.Taps; d++)
            {
                shape.At(L.Of((float)d) - delay, out L height, out L slope);
                sum += height;
                slopes += slope;
            }
            return sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static L Load(float* source, int count) => count >= L.Count ? L.Load(source) : L.LoadPart(source, count);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add(float* sum, L value, int count)
        {
            if (count >= L.Count)
                L.Store(sum, L.Load(sum) + value);
            else
                L.StorePart(sum, L.LoadPart(sum, count) + value, count);
        }
    }
}
