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
    // Distances of a power of two would put the same element of every frequency into one set of the cache.
    private const int Offset = 80;

    public int Rows => Batch * Count;

    /// <summary>Floats from one frequency to the next.</summary>
    public nint BinStride => BinFloats(Rows, Channels);

    public static nint BinFloats(long rows, int channels) => (nint)rows * 2 * channels + Offset;
}

/// <summary>Real signals [B, T, N] to their spectra [n/2 + 1, B·segments, 2·N] (real parts, then imaginary parts; frequencies <see cref="SegmentLayout.BinStride"/> apart) and back.</summary>
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

        // Each sum is a chain of fused multiply-adds; eight chains at a time hide the latency of one, and share what they load. Tables go on behind the
        // frequencies that are wanted, so that a last group is computed whole and stored in part.
        private const int Group = 4;

        /// <summary>For t = q·a + b: Y[g, b] = e^(−2πi·g·b/n) · Σₐ x[q·a + b]·e^(−2πi·g·a/p), g = 0 … p/2.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void TimeToHalves(float* time, float* re, float* im)
        {
            for (int b = 0; b < t.Q; b++)
            {
                for (int g = 0; g <= t.P / 2; g += Group)
                {
                    for (int v = 0; v < Lanes; v += L.Count)
                    {
                        L r0 = L.Of(0f), r1 = r0, r2 = r0, r3 = r0, i0 = r0, i1 = r0, i2 = r0, i3 = r0;
                        float* at = time + b * Lanes + v;
                        float* c = t.CosP + g * t.P, s = t.SinP + g * t.P;
                        for (int a = 0; a < t.P; a++, at += t.Q * Lanes)
                        {
                            L value = L.Load(at);
                            r0 = L.MulAdd(value, L.Spread(c + a), r0);
                            r1 = L.MulAdd(value, L.Spread(c + t.P + a), r1);
                            r2 = L.MulAdd(value, L.Spread(c + 2 * t.P + a), r2);
                            r3 = L.MulAdd(value, L.Spread(c + 3 * t.P + a), r3);
                            i0 = L.MulAdd(value, L.Spread(s + a), i0);
                            i1 = L.MulAdd(value, L.Spread(s + t.P + a), i1);
                            i2 = L.MulAdd(value, L.Spread(s + 2 * t.P + a), i2);
                            i3 = L.MulAdd(value, L.Spread(s + 3 * t.P + a), i3);
                        }
                        Twiddled(r0, i0, g, b, re + v, im + v);
                        Twiddled(r1, i1, g + 1, b, re + v, im + v);
                        Twiddled(r2, i2, g + 2, b, re + v, im + v);
                        Twiddled(r3, i3, g + 3, b, re + v, im + v);
                    }
                }
            }
        }

        /// <summary>Stores (r − i·s)·e^(−2πi·g·b/n).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Twiddled(L r, L s, int g, int b, float* re, float* im)
        {
            if (g > t.P / 2)
                return;
            L cos = L.Of(t.Cos[g * b]), sin = L.Of(t.Sin[g * b]);
            int to = (g * t.Q + b) * Lanes;
            L.Store(re + to, L.MulAdd(r, cos, -(s * sin)));
            L.Store(im + to, -L.MulAdd(r, sin, s * cos));
        }

        /// <summary>X[g + p·h] = Σ_b Y[g, b]·e^(−2πi·b·h/q); frequencies above n/2 are written as the conjugates they are.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void HalvesToBins(float* re, float* im, float* spectrum, int columns)
        {
            float* bins = stackalloc float[2 * Lanes * Group];
            for (int g = 0; g <= t.P / 2; g++)
            {
                float* yr = re + g * t.Q * Lanes, yi = im + g * t.Q * Lanes;
                for (int h = 0; h < t.Q; h += Group)
                {
                    for (int v = 0; v < Lanes; v += L.Count)
                    {
                        L r0 = L.Of(0f), r1 = r0, r2 = r0, r3 = r0, i0 = r0, i1 = r0, i2 = r0, i3 = r0;
                        float* c = t.CosQ + h * t.Q, s = t.SinQ + h * t.Q;
                        for (int b = 0; b < t.Q; b++)
                        {
                            L r = L.Load(yr + b * Lanes + v), i = L.Load(yi + b * Lanes + v), minus = -r;
                            L cos = L.Spread(c + b), sin = L.Spread(s + b);
                            r0 = L.MulAdd(i, sin, L.MulAdd(r, cos, r0));
                            i0 = L.MulAdd(i, cos, L.MulAdd(minus, sin, i0));
                            (cos, sin) = (L.Spread(c + t.Q + b), L.Spread(s + t.Q + b));
                            r1 = L.MulAdd(i, sin, L.MulAdd(r, cos, r1));
                            i1 = L.MulAdd(i, cos, L.MulAdd(minus, sin, i1));
                            (cos, sin) = (L.Spread(c + 2 * t.Q + b), L.Spread(s + 2 * t.Q + b));
                            r2 = L.MulAdd(i, sin, L.MulAdd(r, cos, r2));
                            i2 = L.MulAdd(i, cos, L.MulAdd(minus, sin, i2));
                            (cos, sin) = (L.Spread(c + 3 * t.Q + b), L.Spread(s + 3 * t.Q + b));
                            r3 = L.MulAdd(i, sin, L.MulAdd(r, cos, r3));
                            i3 = L.MulAdd(i, cos, L.MulAdd(minus, sin, i3));
                        }
                        float* to = bins + v;
                        L.Store(to, r0);
                        L.Store(to + Lanes, i0);
                        L.Store(to + 2 * Lanes, r1);
                        L.Store(to + 3 * Lanes, i1);
                        L.Store(to + 4 * Lanes, r2);
                        L.Store(to + 5 * Lanes, i2);
                        L.Store(to + 6 * Lanes, r3);
                        L.Store(to + 7 * Lanes, i3);
                    }
                    for (int k = 0; k < Group; k++)
                        StoreBin(bins + 2 * Lanes * k, spectrum, g, h + k, columns);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void StoreBin(float* bin, float* spectrum, int g, int h, int columns)
        {
            int f = g + t.P * h;
            float* to = spectrum + f * layout.BinStride;
            if (f > t.Length / 2)
            {
                // Both a frequency and its mirror lie among these where g is 0 or p/2: one is enough.
                if (g == 0 || 2 * g == t.P)
                    return;
                to = spectrum + (t.Length - f) * layout.BinStride;
                Negate(bin + Lanes);
            }
            Store(bin, to, columns);
            Store(bin + Lanes, to + layout.Channels, columns);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Negate(float* values)
        {
            for (int v = 0; v < Lanes; v += L.Count)
                L.Store(values + v, -L.Load(values + v));
        }

        /// <summary>Y[g, b] = w/n · e^(2πi·g·b/n) · Σ_h X[g + p·h]·e^(2πi·b·h/q); w = 2 between 0 and p/2, whose conjugates are left out, else 1.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void BinsToHalves(float* spectrum, float* re, float* im, int columns)
        {
            float* bins = stackalloc float[2 * Lanes * t.Q];
            for (int g = 0; g <= t.P / 2; g++)
            {
                for (int h = 0; h < t.Q; h++)
                    LoadBin(spectrum, bins + 2 * Lanes * h, g + t.P * h, columns);
                float weight = (g == 0 || 2 * g == t.P ? 1f : 2f) / t.Length;
                for (int b = 0; b < t.Q; b += Group)
                {
                    for (int v = 0; v < Lanes; v += L.Count)
                    {
                        L r0 = L.Of(0f), r1 = r0, r2 = r0, r3 = r0, i0 = r0, i1 = r0, i2 = r0, i3 = r0;
                        float* c = t.CosQ + b * t.Q, s = t.SinQ + b * t.Q, from = bins + v;
                        for (int h = 0; h < t.Q; h++, from += 2 * Lanes)
                        {
                            L r = L.Load(from), i = L.Load(from + Lanes), minus = -i;
                            L cos = L.Spread(c + h), sin = L.Spread(s + h);
                            r0 = L.MulAdd(minus, sin, L.MulAdd(r, cos, r0));
                            i0 = L.MulAdd(i, cos, L.MulAdd(r, sin, i0));
                            (cos, sin) = (L.Spread(c + t.Q + h), L.Spread(s + t.Q + h));
                            r1 = L.MulAdd(minus, sin, L.MulAdd(r, cos, r1));
                            i1 = L.MulAdd(i, cos, L.MulAdd(r, sin, i1));
                            (cos, sin) = (L.Spread(c + 2 * t.Q + h), L.Spread(s + 2 * t.Q + h));
                            r2 = L.MulAdd(minus, sin, L.MulAdd(r, cos, r2));
                            i2 = L.MulAdd(i, cos, L.MulAdd(r, sin, i2));
                            (cos, sin) = (L.Spread(c + 3 * t.Q + h), L.Spread(s + 3 * t.Q + h));
                            r3 = L.MulAdd(minus, sin, L.MulAdd(r, cos, r3));
                            i3 = L.MulAdd(i, cos, L.MulAdd(r, sin, i3));
                        }
                        Untwiddled(r0, i0, g, b, weight, re + v, im + v);
                        Untwiddled(r1, i1, g, b + 1, weight, re + v, im + v);
                        Untwiddled(r2, i2, g, b + 2, weight, re + v, im + v);
                        Untwiddled(r3, i3, g, b + 3, weight, re + v, im + v);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void LoadBin(float* spectrum, float* bin, int f, int columns)
        {
            bool mirrored = f > t.Length / 2;
            float* from = spectrum + (mirrored ? t.Length - f : f) * layout.BinStride;
            Load(from, bin, columns);
            Load(from + layout.Channels, bin + Lanes, columns);
            if (mirrored)
                Negate(bin + Lanes);
        }

        /// <summary>Stores (r + i·s)·weight·e^(2πi·g·b/n).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Untwiddled(L r, L s, int g, int b, float weight, float* re, float* im)
        {
            L cos = L.Of(weight * t.Cos[g * b]), sin = L.Of(weight * t.Sin[g * b]);
            int to = (g * t.Q + b) * Lanes;
            L.Store(re + to, L.MulAdd(r, cos, -(s * sin)));
            L.Store(im + to, L.MulAdd(r, sin, s * cos));
        }

        /// <summary>x[q·a + b] = Σ_g Re(Y[g, b]·e^(2πi·g·a/p)).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void HalvesToTime(float* re, float* im, float* time)
        {
            for (int b = 0; b < t.Q; b++)
            {
                for (int a = 0; a < t.P; a += Group)
                {
                    for (int v = 0; v < Lanes; v += L.Count)
                    {
                        L r0 = L.Of(0f), r1 = r0, r2 = r0, r3 = r0, i0 = r0, i1 = r0, i2 = r0, i3 = r0;
                        float* yr = re + b * Lanes + v, yi = im + b * Lanes + v;
                        float* c = t.CosP + a, s = t.SinP + a;
                        for (int g = 0; g <= t.P / 2; g++, yr += t.Q * Lanes, yi += t.Q * Lanes, c += t.P, s += t.P)
                        {
                            L r = L.Load(yr), i = L.Load(yi);
                            r0 = L.MulAdd(r, L.Spread(c), r0);
                            i0 = L.MulAdd(i, L.Spread(s), i0);
                            r1 = L.MulAdd(r, L.Spread(c + 1), r1);
                            i1 = L.MulAdd(i, L.Spread(s + 1), i1);
                            r2 = L.MulAdd(r, L.Spread(c + 2), r2);
                            i2 = L.MulAdd(i, L.Spread(s + 2), i2);
                            r3 = L.MulAdd(r, L.Spread(c + 3), r3);
                            i3 = L.MulAdd(i, L.Spread(s + 3), i3);
                        }
                        float* to = time + (t.Q * a + b) * Lanes + v;
                        L.Store(to, r0 - i0);
                        L.Store(to + t.Q * Lanes, r1 - i1);
                        L.Store(to + 2 * t.Q * Lanes, r2 - i2);
                        L.Store(to + 3 * t.Q * Lanes, r3 - i3);
                    }
                }
            }
        }
    }
}
