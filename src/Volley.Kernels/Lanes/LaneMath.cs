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
        L clamped = L.Min(L.Max(x, L.Of(-87.33654)), L.Of(88.72283));
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
