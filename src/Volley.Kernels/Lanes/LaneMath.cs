using System.Runtime.CompilerServices;

namespace Volley.Kernels.Lanes;

/// <summary>Elementary functions as lane polynomials: the same bits for every width, on every machine.</summary>
public static class LaneMath
{
    private const double Log2E = 1.4426950408889634;
    private const double Ln2High = 0.693359375; // few mantissa bits, so n·Ln2High is exact
    private const double Ln2Low = -2.12194440e-4;

    /// <summary>eˣ; 0 below −87.3, +∞ above 88.7. Relative error below 2e-7.</summary>
    /// <remarks>Cephes expf (Moshier 1992): x = n·ln 2 + r, a polynomial in r, scaled by 2ⁿ in two steps so that no intermediate overflows.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp<L>(L x) where L : struct, IVectorLane<L>
    {
        L clamped = L.IfGreater(L.Of(-87.33654), x, L.Of(-87.33654), x);
        clamped = L.IfGreater(clamped, L.Of(88.72283), L.Of(88.72283), clamped);
        L n = L.Round(clamped * L.Of(Log2E));
        L r = L.MulAdd(n, L.Of(-Ln2High), clamped);
        r = L.MulAdd(n, L.Of(-Ln2Low), r);
        L p = L.MulAdd(L.Of(1.9875691500e-4), r, L.Of(1.3981999507e-3));
        p = L.MulAdd(p, r, L.Of(8.3334519073e-3));
        p = L.MulAdd(p, r, L.Of(4.1665795894e-2));
        p = L.MulAdd(p, r, L.Of(1.6666665459e-1));
        p = L.MulAdd(p, r, L.Of(5.0000001201e-1));
        L y = L.MulAdd(p, r * r, r) + L.Of(1);
        L half = L.Round(n * L.Of(0.5));
        L result = y * L.PowerOfTwo(half) * L.PowerOfTwo(n - half);
        result = L.IfGreater(L.Of(-87.33654), x, L.Of(0), result);
        return L.IfGreater(x, L.Of(88.72283), L.Of(double.PositiveInfinity), result);
    }

    /// <summary>ln x; −∞ at 0, NaN below. Relative error below 2e-7, subnormal arguments included.</summary>
    /// <remarks>Cephes logf (Moshier 1992): x = 2ᵉ·m with m between √½ and √2, a polynomial in m − 1.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Log<L>(L x) where L : struct, IVectorLane<L>
    {
        L normal = L.Of(1.17549435e-38); // the smallest; below it the exponent bits say nothing
        L scaled = L.IfGreater(normal, x, x * L.Of(8388608), x);
        L e = L.Exponent(scaled) - L.IfGreater(normal, x, L.Of(23), L.Of(0));
        L m = L.Mantissa(scaled);
        L upper = L.IfGreater(m, L.Of(1.4142135), L.Of(1), L.Of(0));
        e += upper;
        L f = L.MulAdd(upper * L.Of(-0.5), m, m) - L.Of(1);
        L square = f * f;
        L p = L.MulAdd(L.Of(7.0376836292e-2), f, L.Of(-1.1514610310e-1));
        p = L.MulAdd(p, f, L.Of(1.1676998740e-1));
        p = L.MulAdd(p, f, L.Of(-1.2420140846e-1));
        p = L.MulAdd(p, f, L.Of(1.4249322787e-1));
        p = L.MulAdd(p, f, L.Of(-1.6668057665e-1));
        p = L.MulAdd(p, f, L.Of(2.0000714765e-1));
        p = L.MulAdd(p, f, L.Of(-2.4999993993e-1));
        p = L.MulAdd(p, f, L.Of(3.3333331174e-1));
        L y = L.MulAdd(e, L.Of(Ln2Low), p * f * square);
        y = L.MulAdd(square, L.Of(-0.5), y);
        y = L.MulAdd(e, L.Of(Ln2High), f + y);
        y += x - x; // NaN stays NaN
        y = L.IfGreater(x, L.Of(float.MaxValue), x, y);
        y = L.IfGreaterOrEqual(L.Of(0), x, L.Of(double.NegativeInfinity), y);
        return L.IfGreater(L.Of(0), x, L.Of(double.NaN), y);
    }

    /// <summary>tanh x. Relative error below 3e-7.</summary>
    /// <remarks>Cephes tanhf (Moshier 1992): an odd polynomial within ±0.625, beyond it 1 − 2 / (e²ˣ + 1).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Tanh<L>(L x) where L : struct, IVectorLane<L>
    {
        L size = L.Abs(x);
        L square = x * x;
        L p = L.MulAdd(L.Of(-5.70498872745e-3), square, L.Of(2.06390887954e-2));
        p = L.MulAdd(p, square, L.Of(-5.37397155531e-2));
        p = L.MulAdd(p, square, L.Of(1.33314422036e-1));
        p = L.MulAdd(p, square, L.Of(-3.33332819422e-1));
        L near = L.MulAdd(p * square, x, x);
        L far = L.Of(1) - L.Of(2) / (Exp(size + size) + L.Of(1));
        far = L.IfGreater(L.Of(0), x, -far, far);
        return L.IfGreater(size, L.Of(0.625), far, near);
    }

    /// <summary>1 / (1 + e⁻ˣ); 0 below −87.3. Relative error below 3e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sigmoid<L>(L x) where L : struct, IVectorLane<L>
    {
        // e to a negative power: nothing overflows, and the small side keeps its relative accuracy.
        L e = Exp(-L.Abs(x));
        return L.IfGreater(L.Of(0), x, e, L.Of(1)) / (e + L.Of(1));
    }

    /// <summary>Φ(x) = P(a normal number ≤ x), and its density φ(x). Relative error below 3e-7 for |x| &lt; 3, below 5e-6 in the tails.</summary>
    /// <remarks>Φ(−a) = e^(−a²/2)·t·p(t) with t = 1/(1 + 0.27·a): the rest of the quotient is smooth, and p interpolates it at the nodes of Chebyshev to 3e-8.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Normal<L>(L x, out L distribution, out L density) where L : struct, IVectorLane<L>
    {
        L size = L.Abs(x), bell = Exp(x * x * L.Of(-0.5));
        size = L.IfGreater(size, L.Of(100), L.Of(100), size); // where the bell is 0; a reciprocal goes only so far
        L t = L.Reciprocal(L.MulAdd(size, L.Of(0.27), L.Of(1))), u = t - L.Of(0.609);
        L p = L.MulAdd(L.Of(0.0289351474), u, L.Of(0.0145748155));
        p = L.MulAdd(p, u, L.Of(-0.0686701387));
        p = L.MulAdd(p, u, L.Of(-0.0676212087));
        p = L.MulAdd(p, u, L.Of(0.120581463));
        p = L.MulAdd(p, u, L.Of(0.37191534));
        p = L.MulAdd(p, u, L.Of(0.486242414));
        p = L.MulAdd(p, u, L.Of(0.408896267));
        p = L.MulAdd(p, u, L.Of(0.241561428));
        L tail = bell * t * p;
        distribution = L.IfGreater(x, L.Of(0), L.Of(1) - tail, tail);
        density = bell * L.Of(0.3989422804014327);
    }

    /// <summary>cos 2πt and sin 2πt for 0 ≤ t &lt; 1. Absolute error below 2e-7.</summary>
    /// <remarks>Cephes sinf and cosf (Moshier 1992) within ±1/8 turn of the nearest quarter; taking whole quarters off t is exact.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CosSinOfTurns<L>(L t, out L cos, out L sin) where L : struct, IVectorLane<L>
    {
        L quarter = L.Round(t * L.Of(4));
        L a = L.MulAdd(quarter, L.Of(-0.25), t) * L.Of(2 * Math.PI);
        L square = a * a;
        L p = L.MulAdd(L.Of(-1.9515295891e-4), square, L.Of(8.3321608736e-3));
        p = L.MulAdd(p, square, L.Of(-1.6666654611e-1));
        L s = L.MulAdd(p * square, a, a);
        p = L.MulAdd(L.Of(2.443315711809948e-5), square, L.Of(-1.388731625493765e-3));
        p = L.MulAdd(p, square, L.Of(4.166664568298827e-2));
        L c = L.MulAdd(p * square, square, L.MulAdd(square, L.Of(-0.5), L.Of(1)));
        L fromHalf = L.Abs(quarter - L.Of(2));
        L odd = L.IfGreater(L.Of(0.25), L.Abs(fromHalf - L.Of(1)), L.Of(1), L.Of(0)); // quarters 1 and 3 swap the two
        L x = L.IfGreater(odd, L.Of(0), s, c);
        L y = L.IfGreater(odd, L.Of(0), c, s);
        cos = L.IfGreater(L.Of(1), L.Abs(quarter - L.Of(1.5)), -x, x); // quarters 1 and 2
        sin = L.IfGreater(L.Of(1), L.Abs(quarter - L.Of(2.5)), -y, y); // quarters 2 and 3
    }

    /// <summary>1/a to within 3e-7: three Newton steps from an integer guess, so that no machine's own estimate instruction shows in the bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Reciprocal<L>(L a) where L : struct, IVectorLane<L>
    {
        L r = L.ReciprocalGuess(a);
        L minus = -a;
        r = L.MulAdd(r, L.MulAdd(minus, r, L.Of(1)), r);
        r = L.MulAdd(r, L.MulAdd(minus, r, L.Of(1)), r);
        return L.MulAdd(r, L.MulAdd(minus, r, L.Of(1)), r);
    }
}
