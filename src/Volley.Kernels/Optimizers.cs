using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>What one step of Adam or AdamW needs to know about one parameter.</summary>
/// <param name="Rate">Learning rate.</param>
/// <param name="WeightDecay">Added to the gradient as decay·w (Adam), or taken off the weight as rate·decay·w (AdamW).</param>
/// <param name="Beta1">Decay of the running mean of the gradient.</param>
/// <param name="Beta2">Decay of the running mean of its square.</param>
public readonly record struct AdamStep(float Rate, float WeightDecay = 0, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-8f);

/// <summary>Optimiser steps over one parameter, elementwise, in PyTorch's conventions.</summary>
/// <remarks>Running means that decay below 1e-30 (squares: 1e-36) are stored as 0: a silent neuron's would end as denormals, which are slow, and none of them moves a weight.</remarks>
public static unsafe class Optimizers
{
    private const double SmallestMean = 1e-30, SmallestSquare = 1e-36;

    /// <summary>g = gradient + weightDecay·w; v ← momentum·v + g; w ← w − rate·v, or with Nesterov w − rate·(g + momentum·v).</summary>
    /// <remarks>gradient, weights: one length; velocity: the same, zero at first, or empty if momentum is 0.</remarks>
    /// <exception cref="ArgumentException">The lengths differ, or Nesterov is asked for without momentum.</exception>
    public static void Sgd(Cpu cpu, ReadOnlySpan<float> gradient, Span<float> velocity, Span<float> weights, float rate, float momentum, float weightDecay, bool nesterov)
    {
        Check.Length(gradient, weights.Length, nameof(gradient));
        if (momentum != 0 || !velocity.IsEmpty)
            Check.Length(velocity, weights.Length, nameof(velocity));
        if (nesterov && momentum == 0)
            throw new ArgumentException("Nesterov's rule needs a momentum above 0.", nameof(nesterov));
        fixed (float* pg = gradient, pv = velocity, pw = weights)
        {
            var body = new SgdWidth(cpu, pg, velocity.IsEmpty ? null : pv, pw, rate, momentum, weightDecay, nesterov, weights.Length);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>Adam (Kingma &amp; Ba 2015) with the decay added to the gradient: g = gradient + decay·w; m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²;
    /// w ← w − rate·m̂ / (√v̂ + ε), where m̂ = m / (1 − β₁ᵏ), v̂ = v / (1 − β₂ᵏ) at step k.</summary>
    /// <remarks>All spans: one length; m, v: zero before the first step.</remarks>
    /// <param name="step">k: 1 for the first step.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the step is below 1.</exception>
    public static void Adam(Cpu cpu, ReadOnlySpan<float> gradient, Span<float> m, Span<float> v, Span<float> weights, AdamStep options, long step) =>
        Adam(cpu, gradient, m, v, weights, options, step, added: options.WeightDecay, kept: 1);

    /// <summary>AdamW (Loshchilov &amp; Hutter 2019): w ← w·(1 − rate·decay), then Adam without decay.</summary>
    /// <remarks>As <see cref="Adam(Cpu, ReadOnlySpan{float}, Span{float}, Span{float}, Span{float}, AdamStep, long)"/>.</remarks>
    /// <exception cref="ArgumentException">The lengths differ, or the step is below 1.</exception>
    public static void AdamW(Cpu cpu, ReadOnlySpan<float> gradient, Span<float> m, Span<float> v, Span<float> weights, AdamStep options, long step) =>
        Adam(cpu, gradient, m, v, weights, options, step, added: 0, kept: (float)(1 - (double)options.Rate * options.WeightDecay));

    private static void Adam(Cpu cpu, ReadOnlySpan<float> gradient, Span<float> m, Span<float> v, Span<float> weights, AdamStep options, long step, float added, float kept)
    {
        Check.Length(gradient, weights.Length, nameof(gradient));
        Check.Length(m, weights.Length, nameof(m));
        Check.Length(v, weights.Length, nameof(v));
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        double stepSize = options.Rate / (1 - Power(options.Beta1, step)), root = Math.Sqrt(1 - Power(options.Beta2, step));
        fixed (float* pg = gradient, pm = m, pv = v, pw = weights)
        {
            var body = new AdamWidth(cpu, pg, pm, pv, pw, new AdamFactors(added, kept, options.Beta1, options.Beta2, (float)(1 / root), options.Epsilon, (float)stepSize), weights.Length);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>baseⁿ by repeated squaring: unlike Math.Pow, the same bits on every machine.</summary>
    private static double Power(double factor, long n)
    {
        double power = 1;
        for (; n > 0; n >>= 1, factor *= factor)
        {
            if ((n & 1) == 1)
                power *= factor;
        }
        return power;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L ZeroBelow<L>(L x, double smallest) where L : struct, IVectorLane<L> => L.IfGreater(L.Of(smallest), L.Abs(x), L.Of(0), x);

    private readonly record struct AdamFactors(float Added, float Kept, float Beta1, float Beta2, float InverseRoot, float Epsilon, float StepSize);

    private struct SgdWidth(Cpu cpu, float* g, float* v, float* w, float rate, float momentum, float decay, bool nesterov, int count) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, ElementMap.Blocks(count), 1, new SgdPart<L>(g, v, w, rate, momentum, decay, nesterov, count));
    }

    private struct SgdPart<L>(float* g, float* v, float* w, float rate, float momentum, float decay, bool nesterov, int count) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            nint i = (nint)start * ElementMap.Block, last = Math.Min((nint)end * ElementMap.Block, count);
            for (; i + L.Count <= last; i += L.Count)
                One<L>(i);
            for (; i < last; i++)
                One<F32>(i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void One<T>(nint i) where T : struct, IVectorLane<T>
        {
            T weight = T.Load(w + i), slope = T.MulAdd(T.Of(decay), weight, T.Load(g + i));
            if (v is not null)
            {
                T velocity = ZeroBelow(T.MulAdd(T.Of(momentum), T.Load(v + i), slope), SmallestMean);
                T.Store(v + i, velocity);
                slope = nesterov ? T.MulAdd(T.Of(momentum), velocity, slope) : velocity;
            }
            T.Store(w + i, T.MulAdd(T.Of(-rate), slope, weight));
        }
    }

    private struct AdamWidth(Cpu cpu, float* g, float* m, float* v, float* w, AdamFactors factors, int count) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, ElementMap.Blocks(count), 1, new AdamPart<L>(g, m, v, w, factors, count));
    }

    private struct AdamPart<L>(float* g, float* m, float* v, float* w, AdamFactors factors, int count) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            nint i = (nint)start * ElementMap.Block, last = Math.Min((nint)end * ElementMap.Block, count);
            for (; i + L.Count <= last; i += L.Count)
                One<L>(i);
            for (; i < last; i++)
                One<F32>(i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void One<T>(nint i) where T : struct, IVectorLane<T>
        {
            T weight = T.Load(w + i), slope = T.MulAdd(T.Of(factors.Added), weight, T.Load(g + i));
            T mean = T.Load(m + i), square = T.Load(v + i);
            mean = ZeroBelow(T.MulAdd(T.Of(1 - factors.Beta1), slope - mean, mean), SmallestMean);
            square = ZeroBelow(T.MulAdd(T.Of(factors.Beta2), square, slope * slope * T.Of(1 - factors.Beta2)), SmallestSquare);
            T.Store(m + i, mean);
            T.Store(v + i, square);
            T step = mean / T.MulAdd(T.Sqrt(square), T.Of(factors.InverseRoot), T.Of(factors.Epsilon));
            T.Store(w + i, T.MulAdd(T.Of(-factors.StepSize), step, weight * T.Of(factors.Kept)));
        }
    }
}
