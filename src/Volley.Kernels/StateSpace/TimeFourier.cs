using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.StateSpace;

/// <summary>Fourier transforms over time with lanes across channels: no element ever changes its lane, so that [B, L, H] needs no transposition and the
/// vector width shows in no bit.</summary>
/// <remarks>
/// The transform is right-angle (Nussbaumer 1981): x[t] is evaluated at the n roots of zⁿ = −i, so that a product of spectra is a convolution in which what
/// wraps around is multiplied by −i. For real sequences of up to n steps the real part is then the causal part of their linear convolution and the
/// imaginary part the rest, with n complex points where a padded transform takes 2n.
/// <para>Buffers are [n][re, im][lane]. Forward is radix 4 by decimation in frequency and leaves the frequencies in digit-reversed order, inverse is its mirror, so nothing
/// is ever reordered. Blocks of up to 256 points, 32 KiB, are finished before the next is begun.</para>
/// </remarks>
internal static unsafe class TimeFourier
{
    /// <summary>The fewest points.</summary>
    public const int Least = 16;

    private const int CachedPoints = 256;

    /// <summary>Points that sequences of <paramref name="steps"/> need: a power of two.</summary>
    public static int PointsFor(int steps) => Math.Max(Least, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(steps, 1)));

    /// <summary>X[f] = Σₜ x[t]·W^(t·(1 + 4f)), W = e^(−2πi/4n), of a real sequence.</summary>
    public static void Forward<L>(TwiddleTable table, int n, RealRows x, float* spectrum) where L : struct, IVectorLane<L>
    {
        ForwardFirst<L>(table.Twist(n), n, x, spectrum);
        for (int r = 0; r < 4; r++)
            ForwardBlock<L>(table, n / 4, spectrum + (nint)r * (n / 4) * 2 * L.Count);
    }

    /// <summary>n·x[t], the real parts to <paramref name="re"/> and, unless null, the imaginary ones to <paramref name="im"/>; destroys the spectrum.</summary>
    public static void Inverse<L>(TwiddleTable table, int n, float* spectrum, float* re, float* im, nint stride, int steps) where L : struct, IVectorLane<L>
    {
        for (int r = 0; r < 4; r++)
            InverseBlock<L>(table, n / 4, spectrum + (nint)r * (n / 4) * 2 * L.Count);
        InverseLast<L>(table.Twist(n), n, spectrum, re, im, stride, steps);
    }

    private static void ForwardBlock<L>(TwiddleTable table, int n, float* p) where L : struct, IVectorLane<L>
    {
        if (n > CachedPoints)
        {
            ForwardPass<L>(table.Turns(n), n, p, 1);
            for (int r = 0; r < 4; r++)
                ForwardBlock<L>(table, n / 4, p + (nint)r * (n / 4) * 2 * L.Count);
            return;
        }
        int m = n;
        for (; m >= 4; m /= 4)
            ForwardPass<L>(table.Turns(m), m, p, n / m);
        if (m == 2)
            Pairs<L>(p, n / 2);
    }

    private static void InverseBlock<L>(TwiddleTable table, int n, float* p) where L : struct, IVectorLane<L>
    {
        if (n > CachedPoints)
        {
            for (int r = 0; r < 4; r++)
                InverseBlock<L>(table, n / 4, p + (nint)r * (n / 4) * 2 * L.Count);
            InversePass<L>(table.Turns(n), n, p, 1);
            return;
        }
        int m = (System.Numerics.BitOperations.Log2((uint)n) & 1) == 0 ? 4 : 8;
        if (m == 8)
            Pairs<L>(p, n / 2);
        for (; m <= n; m *= 4)
            InversePass<L>(table.Turns(m), m, p, n / m);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardFirst<L>(float* w, int n, RealRows x, float* to) where L : struct, IVectorLane<L>
    {
        int quarter = n / 4;
        nint step = 2 * L.Count, hop = quarter * step;
        // W₁₆^q, the twist of the quarters' first points.
        L c1 = L.Of(Math.Cos(Math.PI / 8)), s1 = L.Of(Math.Sin(Math.PI / 8)), c2 = L.Of(Math.Sqrt(0.5));
        for (int j = 0; j < quarter; j++, w += 12, to += step)
        {
            L x0 = x.At<L>(j), x1 = x.At<L>(j + quarter), x2 = x.At<L>(j + 2 * quarter), x3 = x.At<L>(j + 3 * quarter);
            L br = x1 * c1, bi = -(x1 * s1), cr = x2 * c2, dr = x3 * s1, di = -(x3 * c1);
            L sumR = x0 + cr, difR = x0 - cr;
            L oddR = br + dr, oddI = bi + di, turnR = br - dr, turnI = bi - di;
            // (0, −cr) is the imaginary part of the third.
            StoreTurned(to, sumR + oddR, oddI - cr, w);
            StoreTurned(to + hop, difR + turnI, cr - turnR, w + 3);
            StoreTurned(to + 2 * hop, sumR - oddR, -(oddI + cr), w + 6);
            StoreTurned(to + 3 * hop, difR - turnI, cr + turnR, w + 9);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InverseLast<L>(float* w, int n, float* from, float* re, float* im, nint stride, int steps) where L : struct, IVectorLane<L>
    {
        int quarter = n / 4;
        nint step = 2 * L.Count, hop = quarter * step;
        L c1 = L.Of(Math.Cos(Math.PI / 8)), s1 = L.Of(Math.Sin(Math.PI / 8)), c2 = L.Of(Math.Sqrt(0.5));
        for (int j = 0; j < quarter; j++, w += 12, from += step)
        {
            LoadTurnedBack<L>(from, w, out L ar, out L ai);
            LoadTurnedBack<L>(from + hop, w + 3, out L br, out L bi);
            LoadTurnedBack<L>(from + 2 * hop, w + 6, out L cr, out L ci);
            LoadTurnedBack<L>(from + 3 * hop, w + 9, out L dr, out L di);
            L evenR = ar + cr, evenI = ai + ci, difR = ar - cr, difI = ai - ci;
            L oddR = br + dr, oddI = bi + di, turnR = br - dr, turnI = bi - di;
            Put(re, im, stride, j, steps, evenR + oddR, evenI + oddI, L.Of(1), L.Of(0));
            Put(re, im, stride, j + quarter, steps, difR - turnI, difI + turnR, c1, s1);
            Put(re, im, stride, j + 2 * quarter, steps, evenR - oddR, evenI - oddI, c2, c2);
            Put(re, im, stride, j + 3 * quarter, steps, difR + turnI, difI - turnR, s1, c1);
        }
    }

    /// <summary>(r + i·q)·(c + i·s) to row t.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<L>(float* re, float* im, nint stride, int t, int steps, L r, L q, L c, L s) where L : struct, IVectorLane<L>
    {
        if (t >= steps)
            return;
        L.Store(re + t * stride, L.MulAdd(-q, s, r * c));
        if (im is not null)
            L.Store(im + t * stride, L.MulAdd(q, c, r * s));
    }

    /// <summary><paramref name="blocks"/> butterflies of <paramref name="m"/> points each, one block behind the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardPass<L>(float* w, int m, float* p, int blocks) where L : struct, IVectorLane<L>
    {
        int quarter = m / 4;
        nint step = 2 * L.Count, hop = quarter * step;
        for (; blocks > 0; blocks--, p += 3 * hop)
        {
            float* turn = w;
            for (int j = 0; j < quarter; j++, turn += 9, p += step)
            {
                float* b = p + hop, c = b + hop, d = c + hop;
                L ar = L.Load(p), ai = L.Load(p + L.Count), br = L.Load(b), bi = L.Load(b + L.Count);
                L cr = L.Load(c), ci = L.Load(c + L.Count), dr = L.Load(d), di = L.Load(d + L.Count);
                L evenR = ar + cr, evenI = ai + ci, difR = ar - cr, difI = ai - ci;
                L oddR = br + dr, oddI = bi + di, turnR = br - dr, turnI = bi - di;
                L.Store(p, evenR + oddR);
                L.Store(p + L.Count, evenI + oddI);
                StoreTurned(b, difR + turnI, difI - turnR, turn);
                StoreTurned(c, evenR - oddR, evenI - oddI, turn + 3);
                StoreTurned(d, difR - turnI, difI + turnR, turn + 6);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InversePass<L>(float* w, int m, float* p, int blocks) where L : struct, IVectorLane<L>
    {
        int quarter = m / 4;
        nint step = 2 * L.Count, hop = quarter * step;
        for (; blocks > 0; blocks--, p += 3 * hop)
        {
            float* turn = w;
            for (int j = 0; j < quarter; j++, turn += 9, p += step)
            {
                float* b = p + hop, c = b + hop, d = c + hop;
                L ar = L.Load(p), ai = L.Load(p + L.Count);
                LoadTurnedBack<L>(b, turn, out L br, out L bi);
                LoadTurnedBack<L>(c, turn + 3, out L cr, out L ci);
                LoadTurnedBack<L>(d, turn + 6, out L dr, out L di);
                L evenR = ar + cr, evenI = ai + ci, difR = ar - cr, difI = ai - ci;
                L oddR = br + dr, oddI = bi + di, turnR = br - dr, turnI = bi - di;
                L.Store(p, evenR + oddR);
                L.Store(p + L.Count, evenI + oddI);
                L.Store(b, difR - turnI);
                L.Store(b + L.Count, difI + turnR);
                L.Store(c, evenR - oddR);
                L.Store(c + L.Count, evenI - oddI);
                L.Store(d, difR + turnI);
                L.Store(d + L.Count, difI - turnR);
            }
        }
    }

    /// <summary>The two-point butterflies of a size that is not a power of four; its own inverse.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs<L>(float* p, int count) where L : struct, IVectorLane<L>
    {
        for (; count > 0; count--, p += 4 * L.Count)
        {
            L ar = L.Load(p), ai = L.Load(p + L.Count), br = L.Load(p + 2 * L.Count), bi = L.Load(p + 3 * L.Count);
            L.Store(p, ar + br);
            L.Store(p + L.Count, ai + bi);
            L.Store(p + 2 * L.Count, ar - br);
            L.Store(p + 3 * L.Count, ai - bi);
        }
    }

    /// <summary>(r + i·q)·w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTurned<L>(float* to, L r, L q, float* w) where L : struct, IVectorLane<L>
    {
        L c = L.Spread(w);
        L.Store(to, L.MulAdd(q, L.Spread(w + 2), r * c));
        L.Store(to + L.Count, L.MulAdd(r, L.Spread(w + 1), q * c));
    }

    /// <summary>The value at <paramref name="from"/> times the conjugate of w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadTurnedBack<L>(float* from, float* w, out L r, out L q) where L : struct, IVectorLane<L>
    {
        L c = L.Spread(w), x = L.Load(from), y = L.Load(from + L.Count);
        r = L.MulAdd(y, L.Spread(w + 1), x * c);
        q = L.MulAdd(x, L.Spread(w + 2), y * c);
    }
}

/// <summary>Rows of a real sequence, one a step: what lies in memory, times a factor and plus an offset of each channel where they are given; 0 behind its end.</summary>
internal readonly unsafe struct RealRows(float* start, nint stride, int steps, float* factors = null, float* offsets = null)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L At<L>(int t) where L : struct, IVectorLane<L>
    {
        if (t >= steps)
            return L.Of(0f);
        L x = L.Load(start + t * stride);
        return factors is null ? x : L.MulAdd(x, L.Load(factors), L.Load(offsets));
    }
}
