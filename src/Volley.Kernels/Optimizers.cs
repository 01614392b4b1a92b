using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>One step of an optimiser on one parameter tensor, in the conventions of PyTorch.</summary>
/// <remarks>All spans have the length of the parameter. Momenta below 1e-30 and second moments below 1e-36 in size are stored as 0: where a gradient
/// stays 0 (a silent neuron) they would decay into denormal numbers, which .NET cannot flush and which run many times slower.</remarks>
public static class Optimizers
{
    private const double TinyMomentum = 1e-30, TinySecondMoment = 1e-36;

    /// <summary>
    /// Stochastic gradient descent: g = gradient + weightDecay·value; b ← momentum·b + g (b = g on the first step);
    /// value ← value − rate·b, with Nesterov's momentum value − rate·(g + momentum·b). Without momentum value − rate·g.
    /// </summary>
    /// <param name="momentumBuffer">b; empty if <paramref name="momentum"/> is 0.</param>
    /// <param name="firstStep">Whether b holds nothing yet.</param>
    /// <exception cref="ArgumentException">The lengths differ, or Nesterov's momentum is asked for with a momentum of 0.</exception>
    public static void Sgd(Cpu cpu, Span<float> value, ReadOnlySpan<float> gradient, Span<float> momentumBuffer, float rate, float momentum,
        float weightDecay, bool nesterov, bool firstStep)
    {
        Check.Length(gradient, value.Length, nameof(gradient));
        if (momentum == 0)
        {
            if (nesterov)
                throw new ArgumentException("Nesterov's momentum needs a momentum above 0.", nameof(nesterov));
            Check.LengthOrEmpty(momentumBuffer, value.Length, nameof(momentumBuffer));
            UpdateMap.Run(cpu, new Plain(rate, weightDecay), value, gradient, default, default);
            return;
        }
        Check.Length(momentumBuffer, value.Length, nameof(momentumBuffer));
        if (firstStep)
            momentumBuffer.Clear();
        UpdateMap.Run(cpu, new Momentum(rate, momentum, nesterov ? momentum : 1, nesterov ? 1 : 0, weightDecay), value, gradient, momentumBuffer, default);
    }

    /// <summary>
    /// Adam (Kingma &amp; Ba 2015) with L2 decay in the gradient: g = gradient + weightDecay·value; m ← m + (1 − β₁)(g − m); v ← β₂·v + (1 − β₂)·g²;
    /// value ← value − rate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε).
    /// </summary>
    /// <param name="m">First moment, 0 before the first step.</param>
    /// <param name="v">Second moment, 0 before the first step.</param>
    /// <param name="step">t: 1 for the first step.</param>
    /// <exception cref="ArgumentException">The lengths differ, or <paramref name="step"/> is below 1.</exception>
    public static void Adam(Cpu cpu, Span<float> value, ReadOnlySpan<float> gradient, Span<float> m, Span<float> v, long step, float rate, float beta1,
        float beta2, float epsilon, float weightDecay) =>
        Moments(cpu, value, gradient, m, v, step, rate, beta1, beta2, epsilon, weightDecay, keep: 1);

    /// <summary>AdamW (Loshchilov &amp; Hutter 2019): value ← (1 − rate·weightDecay)·value, then <see cref="Adam"/> without decay.</summary>
    /// <param name="m">First moment, 0 before the first step.</param>
    /// <param name="v">Second moment, 0 before the first step.</param>
    /// <param name="step">t: 1 for the first step.</param>
    /// <exception cref="ArgumentException">The lengths differ, or <paramref name="step"/> is below 1.</exception>
    public static void AdamW(Cpu cpu, Span<float> value, ReadOnlySpan<float> gradient, Span<float> m, Span<float> v, long step, float rate, float beta1,
        float beta2, float epsilon, float weightDecay) =>
        Moments(cpu, value, gradient, m, v, step, rate, beta1, beta2, epsilon, 0, keep: 1 - (double)rate * weightDecay);

    private static void Moments(Cpu cpu, Span<float> value, ReadOnlySpan<float> gradient, Span<float> m, Span<float> v, long step, float rate, float beta1,
        float beta2, float epsilon, float weightDecay, double keep)
    {
        Check.Length(gradient, value.Length, nameof(gradient));
        Check.Length(m, value.Length, nameof(m));
        Check.Length(v, value.Length, nameof(v));
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        double stepSize = rate / (1 - Power(beta1, step));
        double perRoot = 1 / Math.Sqrt(1 - Power(beta2, step));
        UpdateMap.Run(cpu, new AdamUpdate(stepSize, perRoot, beta1, beta2, epsilon, weightDecay, keep), value, gradient, m, v);
    }

    /// <summary>x ← min(max(x, min), max): the box of a constrained parameter. NaN stays NaN.</summary>
    /// <exception cref="ArgumentException"><paramref name="min"/> is above <paramref name="max"/>, or one is NaN.</exception>
    public static void Clamp(Cpu cpu, Span<float> value, float min, float max)
    {
        if (!(min <= max))
            throw new ArgumentException($"The box [{min:R}, {max:R}] is empty.", nameof(min));
        ElementMap.Run(cpu, new Box(min, max), value, value, value);
    }

    /// <summary>By squaring: Math.Pow may differ between machines.</summary>
    private static double Power(double x, long n)
    {
        double power = 1;
        for (; n > 0; n >>= 1, x *= x)
        {
            if ((n & 1) != 0)
                power *= x;
        }
        return power;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Flush<L>(L x, double tiny) where L : struct, IVectorLane<L> => L.IfGreater(L.Of(tiny), L.Abs(x), L.Of(0), x);

    private readonly struct Plain(float rate, float weightDecay) : IUpdate
    {
        public static int States => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<L>(ref L value, L gradient, ref L first, ref L second) where L : struct, IVectorLane<L>
        {
            L g = L.MulAdd(L.Of(weightDecay), value, gradient);
            value = L.MulAdd(L.Of(-rate), g, value);
        }
    }

    /// <summary>The direction is ofBuffer·b + ofGradient·g: b alone, or momentum·b + g.</summary>
    private readonly struct Momentum(float rate, float momentum, float ofBuffer, float ofGradient, float weightDecay) : IUpdate
    {
        public static int States => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<L>(ref L value, L gradient, ref L first, ref L second) where L : struct, IVectorLane<L>
        {
            L g = L.MulAdd(L.Of(weightDecay), value, gradient);
            L b = L.MulAdd(L.Of(momentum), first, g);
            L direction = L.MulAdd(L.Of(ofBuffer), b, L.Of(ofGradient) * g);
            value = L.MulAdd(L.Of(-rate), direction, value);
            first = Flush(b, TinyMomentum);
        }
    }

    private readonly struct AdamUpdate(double stepSize, double perRoot, float beta1, float beta2, float epsilon, float weightDecay, double keep) : IUpdate
    {
        public static int States => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<L>(ref L value, L gradient, ref L first, ref L second) where L : struct, IVectorLane<L>
        {
            L g = L.MulAdd(L.Of(weightDecay), value, gradient);
            L m = L.MulAdd(L.Of(1 - (double)beta1), g - first, first);
            L v = L.MulAdd(L.Of(1 - (double)beta2) * g, g, L.Of(beta2) * second);
            L direction = m / L.MulAdd(L.Sqrt(v), L.Of(perRoot), L.Of(epsilon));
            value = L.MulAdd(L.Of(-stepSize), direction, value * L.Of(keep));
            first = Flush(m, TinyMomentum);
            second = Flush(v, TinySecondMoment);
        }
    }

    private readonly struct Box(float min, float max) : IElement
    {
        public L Apply<L>(L x, L y) where L : struct, IVectorLane<L> => L.Min(L.Max(x, L.Of(min)), L.Of(max));
    }
}
