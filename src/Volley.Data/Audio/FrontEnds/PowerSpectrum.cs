using System.Numerics;

namespace Volley.Data.Audio;

/// <summary>|X[k]|² of N real values, X[k] = Σ x[n] e^(−2πi kn/N), k = 0 … N/2. N is a power of two.</summary>
/// <remarks>The N values are the real and imaginary parts of N/2 complex ones, whose transform (radix 2, decimation in time) is taken apart afterwards.
/// Tables are made once; a transform allocates nothing and its bits depend on the values alone.</remarks>
internal sealed class PowerSpectrum
{
    private readonly int _half;
    private readonly int[] _reversed;

    // For the butterflies over `reach` values, e^(−πi j/reach) is at reach + j; for taking apart, e^(−2πi k/N) is at k.
    private readonly double[] _cos, _sin, _splitCos, _splitSin;

    public PowerSpectrum(int points)
    {
        Points = points;
        _half = points / 2;
        int bits = int.Log2(_half);
        _reversed = [.. Enumerable.Range(0, _half).Select(k => Enumerable.Range(0, bits).Sum(b => (k >> b & 1) << (bits - 1 - b)))];
        (_cos, _sin) = (new double[_half], new double[_half]);
        for (int reach = 1; reach < _half; reach *= 2)
        {
            for (int j = 0; j < reach; j++)
                (_cos[reach + j], _sin[reach + j]) = Turn(-j / (2.0 * reach));
        }
        (_splitCos, _splitSin) = (new double[_half], new double[_half]);
        for (int k = 0; k < _half; k++)
            (_splitCos[k], _splitSin[k]) = Turn(-k / (double)points);
    }

    /// <summary>N.</summary>
    public int Points { get; }

    /// <summary>N/2 + 1.</summary>
    public int Bins => _half + 1;

    /// <summary>Room for N values that one transform works in.</summary>
    public double[] Scratch() => new double[Points];

    /// <summary>The power spectrum of <paramref name="x"/>, which may be shorter than N: zeros follow.</summary>
    public void Of(ReadOnlySpan<double> x, Span<double> power, double[] scratch)
    {
        Span<double> re = scratch.AsSpan(0, _half), im = scratch.AsSpan(_half, _half);
        for (int k = 0; k < _half; k++)
        {
            int at = 2 * k, to = _reversed[k];
            re[to] = at < x.Length ? x[at] : 0;
            im[to] = at + 1 < x.Length ? x[at + 1] : 0;
        }
        // The first butterflies have the factor 1.
        for (int k = 0; k < _half; k += 2)
        {
            (re[k], re[k + 1]) = (re[k] + re[k + 1], re[k] - re[k + 1]);
            (im[k], im[k + 1]) = (im[k] + im[k + 1], im[k] - im[k + 1]);
        }
        for (int reach = 2; reach < _half; reach *= 2)
        {
            ReadOnlySpan<double> cos = _cos.AsSpan(reach, reach), sin = _sin.AsSpan(reach, reach);
            for (int start = 0; start < _half; start += 2 * reach)
                Butterflies(re.Slice(start, reach), im.Slice(start, reach), re.Slice(start + reach, reach), im.Slice(start + reach, reach), cos, sin);
        }
        Split(re, im, power);
    }

    // Lane by lane the same multiplications and additions, none of them fused: the same bits for any width.
    private static void Butterflies(Span<double> aRe, Span<double> aIm, Span<double> bRe, Span<double> bIm, ReadOnlySpan<double> cos, ReadOnlySpan<double> sin)
    {
        int j = 0;
        for (; j <= aRe.Length - Vector<double>.Count; j += Vector<double>.Count)
        {
            Vector<double> c = new(cos[j..]), s = new(sin[j..]), xRe = new(bRe[j..]), xIm = new(bIm[j..]), yRe = new(aRe[j..]), yIm = new(aIm[j..]);
            Vector<double> re = xRe * c - xIm * s, im = xRe * s + xIm * c;
            (yRe - re).CopyTo(bRe[j..]);
            (yIm - im).CopyTo(bIm[j..]);
            (yRe + re).CopyTo(aRe[j..]);
            (yIm + im).CopyTo(aIm[j..]);
        }
        for (; j < aRe.Length; j++)
        {
            double re = bRe[j] * cos[j] - bIm[j] * sin[j], im = bRe[j] * sin[j] + bIm[j] * cos[j];
            (bRe[j], bIm[j]) = (aRe[j] - re, aIm[j] - im);
            (aRe[j], aIm[j]) = (aRe[j] + re, aIm[j] + im);
        }
    }

    /// <summary>With Z the transform of x[2n] + i x[2n+1]: X[k] = (Z[k] + Z*[N/2−k]) / 2 − (i/2) e^(−2πi k/N) (Z[k] − Z*[N/2−k]).</summary>
    private void Split(ReadOnlySpan<double> re, ReadOnlySpan<double> im, Span<double> power)
    {
        double first = re[0] + im[0], last = re[0] - im[0];
        (power[0], power[_half]) = (first * first, last * last);
        for (int k = 1; k < _half; k++)
        {
            int m = _half - k;
            double evenRe = 0.5 * (re[k] + re[m]), evenIm = 0.5 * (im[k] - im[m]);
            double oddRe = 0.5 * (im[k] + im[m]), oddIm = 0.5 * (re[m] - re[k]);
            double xRe = evenRe + (oddRe * _splitCos[k] - oddIm * _splitSin[k]), xIm = evenIm + (oddRe * _splitSin[k] + oddIm * _splitCos[k]);
            power[k] = xRe * xRe + xIm * xIm;
        }
    }

    private static (double Cos, double Sin) Turn(double turns) => (StableMath.CosTurns(turns), StableMath.SinTurns(turns));
}
