using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels.Delays;

/// <summary>Which steps of a batch of sequences are the segments of a transform.</summary>
/// <param name="Batch">B.</param>
/// <param name="Steps">Rows that a sample has in memory.</param>
/// <param name="Channels">N.</param>
/// <param name="Count">Segments of a sample.</param>
/// <param name="Start">The step that segment 0 begins with; what lies before step 0 counts 0.</param>
/// <param name="Used">Steps of a segment that are read (the rest counts 0), or written.</param>
/// <param name="Skipped">Steps at the beginning of a segment that are not written.</param>
internal readonly record struct SegmentLayout(int Batch, int Steps, int Channels, int Count, int Start, int Used, int Skipped = 0)
{
    public int Rows => Batch * Count;
}

/// <summary>Real signals [B, T, N] to their spectra [n/2 + 1, B·segments, 2·N] (real parts, then imaginary parts) and back.</summary>
internal static unsafe class TimeTransforms
{
    public static void Forward<L>(Cpu cpu, TimeTransform transform, float* x, float* spectra, SegmentLayout layout, int* lengths, int extra)
        where L : struct, IVectorLane<L> => Run<L>(cpu, transform, x, spectra, layout, lengths, extra, inverse: false);

    /// <summary>Writes the steps that the layout names, times 1/n; 0 behind a sample's length.</summary>
    public static void Inverse<L>(Cpu cpu, TimeTransform transform, float* spectra, float* x, SegmentLayout layout, int* lengths, int extra)
        where L : struct, IVectorLane<L> => Run<L>(cpu, transform, x, spectra, layout, lengths, extra, inverse: true);

    private static void Run<L>(Cpu cpu, TimeTransform transform, float* x, float* spectra, SegmentLayout layout, int* lengths, int extra, bool inverse)
        where L : struct, IVectorLane<L>
    {
        fixed (float* cosP = transform.CosP, sinP = transform.SinP, cosQ = transform.CosQ, sinQ = transform.SinQ, cos = transform.Cos, sin = transform.Sin)
        {
            var tables = new Tables(transform.P, transform.Q, transform.Hop, cosP, sinP, cosQ, sinQ, cos, sin);
            Rows.For(cpu, layout.Rows, Rows.Grain(cpu, layout.Rows), new Segments<L>(tables, x, spectra, layout, lengths, extra, inverse));
        }
    }

    private readonly struct Tables(int p, int q, int hop, float* cosP, float* sinP, float* cosQ, float* sinQ, float* cos, float* sin)
    {
        public readonly int P = p, Q = q, Hop = hop;
        public readonly float* CosP = cosP, SinP = sinP, CosQ = cosQ, SinQ = sinQ, Cos = cos, Sin = sin;

        public int Length => P * Q;

        public int Bins => Length / 2 + 1;
    }

    private readonly struct Segments<L>(Tables t, float* x, float* spectra, SegmentLayout layout, int* lengths, int extra, bool inverse) : IRows
        where L : struct, IVectorLane<L>
    {
        private const int Lanes = DelayCall.Block;

        public void Run(int start, int end)
        {
            // Time [n], then the half-transformed real and imaginary parts [p/2 + 1, q].
            int halves = (t.P / 2 + 1) * t.Q;
            var time = (float*)Scratch.Own((nint)(t.Length + 2 * halves) * Lanes * sizeof(float));
            float* re = time + t.Length * Lanes, im = re + halves * Lanes;
            for (int row = start; row < end; row++)
            {
                int sample = row / layout.Count, first = layout.Start + row % layout.Count * t.Hop;
                int length = Math.Min(Lengths.Of(lengths, sample, layout.Steps - extra) + extra, layout.Steps);
                for (int c = 0; c < layout.Channels; c += Lanes)
                {
                    int columns = Math.Min(Lanes, layout.Channels - c);
                    float* from = x + (nint)sample * layout.Steps * layout.Channels + c;
                    if (inverse)
                    {
                        float* spectrum = spectra + (nint)row * 2 * layout.Channels + c;
                        BinsToHalves(spectrum, re, im, columns);
                        HalvesToTime(re, im, time);
                        Write(time, from, first, length, columns);
                    }
                    else
                    {
                        Read(from, time, first, length, columns);
                        TimeToHalves(time, re, im);
                        HalvesToBins(re, im, spectra + (nint)row * 2 * layout.Channels + c, columns);
                    }
                }
            }
        }

        private void Read(float* from, float* time, int first, int length, int columns)
        {
            for (int i = 0; i < t.Length; i++)
            {
                int step = first + i;
                float* to = time + i * Lanes;
                if (i >= layout.Used || step < 0 || step >= length)
                    new Span<float>(to, Lanes).Clear();
                else
                    Load(from + (nint)step * layout.Channels, to, columns);
            }
        }

        private void Write(float* time, float* to, int first, int length, int columns)
        {
            for (int i = layout.Skipped; i < layout.Skipped + layout.Used; i++)
            {
                int step = first + i;
                if (step >= layout.Steps)
                    return;
                float* row = to + (nint)step * layout.Channels;
                if (step < length)
                    Store(time + i * Lanes, row, columns);
                else
                    new Span<float>(row, columns).Clear();
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Load(float* from, float* to, int columns)
        {
            if (columns == Lanes)
            {
                Copy(from, to);
                return;
            }
            new ReadOnlySpan<float>(from, columns).CopyTo(new Span<float>(to, columns));
            new Span<float>(to + columns, Lanes - columns).Clear();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store(float* from, float* to, int columns)
        {
            if (columns == Lanes)
                Copy(from, to);
            else
                new ReadOnlySpan<float>(from, columns).CopyTo(new Span<float>(to, columns));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Copy(float* from, float* to)
        {
            for (int v = 0; v < Lanes; v += L.Count)
                L.Store(to + v, L.Load(from + v));
        }

        /// <summary>For t = q·a + b: Y[g, b] = e^(−2πi·g·b/n) · Σₐ x[q·a + b]·e^(−2πi·g·a/p), g = 0 … p/2.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void TimeToHalves(float* time, float* re, float* im)
        {
            for (int b = 0; b < t.Q; b++)
            {
                for (int g = 0; g <= t.P / 2; g++)
                {
                    float cos = t.Cos[g * b], sin = t.Sin[g * b];
                    for (int v = 0; v < Lanes; v += L.Count)
                    {
                        L sumRe = L.Of(0f), sumIm = L.Of(0f);
                        float* at = time + b * Lanes + v;
                        float* c = t.CosP + g * t.P, s = t.SinP + g * t.P;
                        for (int a = 0; a < t.P; a++, at += t.Q * Lanes)
                        {
                            L value = L.Load(at);
                            sumRe = L.MulAdd(value, L.Spread(c + a), sumRe);
                            sumIm = L.MulAdd(value, L.Spread(s + a), sumIm);
                        }
                        // (sumRe − i·sumIm)·(cos − i·sin)
                        int to = (g * t.Q + b) * Lanes + v;
                        L.Store(re + to, L.MulAdd(sumRe, L.Of(cos), -(sumIm * L.Of(sin))));
                        L.Store(im + to, -L.MulAdd(sumRe, L.Of(sin), sumIm * L.Of(cos)));
                    }
                }
            }
        }

        /// <summary>X[g + p·h] = Σ_b Y[g, b]·e^(−2πi·b·h/q); frequencies above n/2 are written as the conjugates they are.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void HalvesToBins(float* re, float* im, float* spectrum, int columns)
        {
            float* buffer = stackalloc float[2 * Lanes];
            nint binStride = (nint)layout.Rows * 2 * layout.Channels;
            for (int g = 0; g <= t.P / 2; g++)
            {
                float* yr = re + g * t.Q * Lanes, yi = im + g * t.Q * Lanes;
                for (int h = 0; h < t.Q; h++)
                {
                    int f = g + t.P * h;
                    bool mirrored = f > t.Length / 2;
                    // Both a frequency and its mirror lie among these where g is 0 or p/2: one is enough.
                    if (mirrored && (g == 0 || 2 * g == t.P))
                        continue;
                    for (int v = 0; v < Lanes; v += L.Count)
                    {
                        L sumRe = L.Of(0f), sumIm = L.Of(0f);
                        float* c = t.CosQ + h * t.Q, s = t.SinQ + h * t.Q;
                        for (int b = 0; b < t.Q; b++)
                        {
                            L r = L.Load(yr + b * Lanes + v), i = L.Load(yi + b * Lanes + v), cos = L.Spread(c + b), sin = L.Spread(s + b);
                            sumRe = L.MulAdd(i, sin, L.MulAdd(r, cos, sumRe));
                            sumIm = L.MulAdd(i, cos, L.MulAdd(-r, sin, sumIm));
                        }
                        L.Store(buffer + v, sumRe);
                        L.Store(buffer + Lanes + v, mirrored ? -sumIm : sumIm);
                    }
                    float* to = spectrum + (mirrored ? t.Length - f : f) * binStride;
                    Store(buffer, to, columns);
                    Store(buffer + Lanes, to + layout.Channels, columns);
                }
            }
        }

        /// <summary>Y[g, b] = e^(2πi·g·b/n) · Σ_h X[g + p·h]·e^(2πi·b·h/q).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void BinsToHalves(float* spectrum, float* re, float* im, int columns)
        {
            float* bins = stackalloc float[2 * Lanes * t.Q];
            nint binStride = (nint)layout.Rows * 2 * layout.Channels;
            for (int g = 0; g <= t.P / 2; g++)
            {
                for (int h = 0; h < t.Q; h++)
                {
                    int f = g + t.P * h;
                    bool mirrored = f > t.Length / 2;
                    float* from = spectrum + (mirrored ? t.Length - f : f) * binStride, to = bins + 2 * Lanes * h;
                    Load(from, to, columns);
                    Load(from + layout.Channels, to + Lanes, columns);
                    for (int v = Lanes; mirrored && v < 2 * Lanes; v += L.Count)
                        L.Store(to + v, -L.Load(to + v));
                }
                for (int b = 0; b < t.Q; b++)
                {
                    L cos = L.Of(t.Cos[g * b]), sin = L.Of(t.Sin[g * b]);
                    for (int v = 0; v < Lanes; v += L.Count)
                    {
                        L sumRe = L.Of(0f), sumIm = L.Of(0f);
                        float* c = t.CosQ + b * t.Q, s = t.SinQ + b * t.Q;
                        for (int h = 0; h < t.Q; h++)
                        {
                            L r = L.Load(bins + 2 * Lanes * h + v), i = L.Load(bins + 2 * Lanes * h + Lanes + v), ch = L.Spread(c + h), sh = L.Spread(s + h);
                            sumRe = L.MulAdd(-i, sh, L.MulAdd(r, ch, sumRe));
                            sumIm = L.MulAdd(i, ch, L.MulAdd(r, sh, sumIm));
                        }
                        int to = (g * t.Q + b) * Lanes + v;
                        L.Store(re + to, L.MulAdd(sumRe, cos, -(sumIm * sin)));
                        L.Store(im + to, L.MulAdd(sumRe, sin, sumIm * cos));
                    }
                }
            }
        }

        /// <summary>x[q·a + b] = (1/n)·Σ_g Y[g, b]·e^(2πi·g·a/p): those between 0 and p/2 count twice, with their conjugates.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void HalvesToTime(float* re, float* im, float* time)
        {
            float once = 1f / t.Length, twice = 2f / t.Length;
            for (int b = 0; b < t.Q; b++)
            {
                for (int a = 0; a < t.P; a++)
                {
                    for (int v = 0; v < Lanes; v += L.Count)
                    {
                        L ends = L.Of(0f), sum = L.Of(0f);
                        for (int g = 0; g <= t.P / 2; g++)
                        {
                            int at = (g * t.Q + b) * Lanes + v;
                            L term = L.MulAdd(L.Load(re + at), L.Of(t.CosP[g * t.P + a]), -(L.Load(im + at) * L.Of(t.SinP[g * t.P + a])));
                            if (g == 0 || 2 * g == t.P)
                                ends += term;
                            else
                                sum += term;
                        }
                        L.Store(time + (t.Q * a + b) * Lanes + v, L.MulAdd(sum, L.Of(twice), ends * L.Of(once)));
                    }
                }
            }
        }
    }
}
