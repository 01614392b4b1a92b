using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Volley.Kernels.StateSpace;

/// <summary>Eight complex numbers in double, one a channel. No operation fuses, so each gives the bits that it would give alone.</summary>
internal readonly unsafe struct DoublePairs(Vector512<double> re, Vector512<double> im)
{
    public const int Count = 8;

    // Smaller floats would be denormal soon, in products if not by themselves.
    private const double Least = 1e-30, LeastPower = 1e-280;

    private readonly Vector512<double> _re = re, _im = im;

    public static DoublePairs One => new(Vector512<double>.One, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoublePairs operator +(DoublePairs a, DoublePairs b) => new(a._re + b._re, a._im + b._im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoublePairs operator *(DoublePairs a, DoublePairs b) => new(a._re * b._re - a._im * b._im, a._re * b._im + a._im * b._re);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DoublePairs Conjugate() => new(_re, -_im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DoublePairs Times(double factor) => new(_re * Vector512.Create(factor), _im * Vector512.Create(factor));

    /// <summary>A power that has all but vanished is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DoublePairs Kept()
    {
        Vector512<double> large = Vector512.GreaterThanOrEqual(Vector512.Abs(_re) + Vector512.Abs(_im), Vector512.Create(LeastPower));
        return new(_re & large, _im & large);
    }

    /// <summary>The real parts at <paramref name="source"/>, the imaginary ones <paramref name="stride"/> behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoublePairs Load(double* source, int stride) => new(Vector512.Load(source), Vector512.Load(source + stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(double* to, int stride)
    {
        _re.Store(to);
        _im.Store(to + stride);
    }

    /// <summary>As floats, in the first <paramref name="used"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreFloats(float* to, int stride, int used)
    {
        Vector256<float> r = Rounded(_re), i = Rounded(_im);
        if (used == Count)
        {
            r.Store(to);
            i.Store(to + stride);
            return;
        }
        for (int lane = 0; lane < used; lane++)
            (to[lane], to[stride + lane]) = (r[lane], i[lane]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Rounded(Vector512<double> x)
    {
        Vector512<double> kept = x & Vector512.GreaterThanOrEqual(Vector512.Abs(x), Vector512.Create(Least));
        return Vector256.Narrow(kept.GetLower(), kept.GetUpper());
    }

    /// <summary>From floats in the first <paramref name="used"/> lanes; the rest is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoublePairs LoadFloats(float* source, int stride, int used)
    {
        if (used == Count)
            return new(Widened(Vector256.Load(source)), Widened(Vector256.Load(source + stride)));
        Vector256<float> r = default, i = default;
        for (int lane = 0; lane < used; lane++)
            (r, i) = (r.WithElement(lane, source[lane]), i.WithElement(lane, source[stride + lane]));
        return new(Widened(r), Widened(i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Widened(Vector256<float> x)
    {
        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(x);
        return Vector512.Create(lower, upper);
    }

    /// <summary>One of eight.</summary>
    public static void Put(double* to, int stride, Complex value) => (to[0], to[stride]) = (value.Real, value.Imaginary);

    /// <summary>One of eight.</summary>
    public static Complex Get(double* source, int stride) => new(source[0], source[stride]);
}
