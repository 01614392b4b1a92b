namespace Volley.Kernels.Delays;

/// <summary>The Fourier transform over time of real signals, n steps at once, sixteen channels side by side: n = p·q, a dense transform of length p, one of
/// length q, and twiddles between. X[f] = Σₜ x[t]·e^(−2πi·f·t/n) for f = 0 … n/2; the other frequencies are their conjugates.</summary>
/// <remarks>n depends on the number of taps alone and a signal is cut into segments of that length, so that neither padding nor the other samples change a
/// bit of it.</remarks>
public sealed class TimeTransform
{
    // A segment much longer than the taps wastes little on the overlap; one much longer than the sequences wastes all of it.
    private const double SegmentPerTap = 5.5;

    private readonly int _p, _q;

    /// <summary>cos and sin of 2π·k·t/p [p, p], of 2π·k·t/q [q, q], and of 2π·k/n [n].</summary>
    private readonly float[] _cosP, _sinP, _cosQ, _sinQ, _cos, _sin;

    /// <param name="taps">K.</param>
    public TimeTransform(int taps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(taps);
        (Taps, (_p, _q)) = (taps, Factors((int)(SegmentPerTap * taps)));
        (_cosP, _sinP) = Table(_p, _p * _p);
        (_cosQ, _sinQ) = Table(_q, _q * _q);
        (_cos, _sin) = Table(Length, Length);
    }

    /// <summary>K.</summary>
    public int Taps { get; }

    /// <summary>n.</summary>
    public int Length => _p * _q;

    /// <summary>n/2 + 1.</summary>
    public int Bins => Length / 2 + 1;

    /// <summary>Steps of a segment whose convolution with K taps does not wrap around, n − K + 1.</summary>
    public int Hop => Length - Taps + 1;

    /// <summary>Segments of that many steps.</summary>
    public int Segments(int steps) => (steps + Hop - 1) / Hop;

    internal int P => _p;

    internal int Q => _q;

    internal ReadOnlySpan<float> CosP => _cosP;

    internal ReadOnlySpan<float> SinP => _sinP;

    internal ReadOnlySpan<float> CosQ => _cosQ;

    internal ReadOnlySpan<float> SinQ => _sinQ;

    internal ReadOnlySpan<float> Cos => _cos;

    internal ReadOnlySpan<float> Sin => _sin;

    /// <summary>Multiples of 4 whose product is at least <paramref name="least"/>, as near to it and to each other as can be.</summary>
    private static (int P, int Q) Factors(int least)
    {
        (int P, int Q) best = (4, 4 * ((least + 15) / 16));
        for (int p = 4; p * p <= least + 64; p += 4)
        {
            int q = (least + 4 * p - 1) / (4 * p) * 4;
            // What a step costs: the products of the frequencies, and p + q for the transforms, which weigh little.
            if (p * q * (p + q + 512L) < best.P * best.Q * (best.P + best.Q + 512L))
                best = (p, q);
        }
        return best;
    }

    private static (float[] Cos, float[] Sin) Table(int period, int count)
    {
        float[] cos = new float[count], sin = new float[count];
        for (int i = 0; i < count; i++)
        {
            int turn = count == period ? i : i / period * (i % period) % period;
            (double s, double c) = Math.SinCos(2 * Math.PI * turn / period);
            (cos[i], sin[i]) = ((float)c, (float)s);
        }
        return (cos, sin);
    }
}
