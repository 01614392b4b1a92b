using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Batch normalisation (Ioffe &amp; Szegedy 2015) over batch and time, and layer normalisation (Ba, Kiros &amp; Hinton 2016).</summary>
/// <remarks>
/// Batch normalisation is statistics, a fold, and y = x·scale + shift; evaluation is the same with the running estimates, bit for bit the same arithmetic.
/// Rows (b, t) with t ≥ lengths[b] are padding: whatever they hold, they change no bit of a statistic or a gradient. Empty lengths: every row counts.
/// Sums run over groups of 512 counted rows, joined in double and in order.
/// </remarks>
public static unsafe partial class Normalize
{
    /// <summary>Mean and biased variance of each channel over the rows that count; returns their number. Without rows both are 0.</summary>
    /// <remarks>
    /// x: [batch, time, channels]; lengths: [batch] or empty; mean, variance: [channels].
    /// One pass over memory: each group sums x − k and (x − k)² with k the mean of its own first 32 rows, so (k − mean)² is at most 16 times the
    /// variance of the group and little cancels; groups are merged by Chan, Golub &amp; LeVeque 1979.
    /// </remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a length is not within 0 … time.</exception>
    public static int BatchStatistics(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, Span<float> mean, Span<float> variance, int batch, int time, int channels)
    {
        Check.Length(x, (long)batch * time * channels, nameof(x));
        Check.Length(mean, channels, nameof(mean));
        Check.Length(variance, channels, nameof(variance));
        CountedRows.Check(lengths, batch, time);
        fixed (float* px = x, pm = mean, pv = variance)
        fixed (int* pl = lengths)
        {
            var rows = new CountedRows(pl, batch, time);
            float* partials = (float*)Scratch.Take((nint)rows.Groups * 3 * channels * sizeof(float));
            var body = new MomentsWidth(cpu, px, rows, partials, channels);
            cpu.Dispatch(ref body);
            Rows.For(cpu, channels, 64, new MergeMoments(rows, partials, pm, pv, channels));
            return rows.Count;
        }
    }

    /// <summary>running ← (1 − momentum)·running + momentum·batch, with the unbiased variance, count / (count − 1) times the biased one.</summary>
    /// <remarks>All: [channels]. No rows, no change.</remarks>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void UpdateRunning(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, int count, float momentum, Span<float> runningMean, Span<float> runningVariance)
    {
        Check.Length(variance, mean.Length, nameof(variance));
        Check.Length(runningMean, mean.Length, nameof(runningMean));
        Check.Length(runningVariance, mean.Length, nameof(runningVariance));
        if (count == 0)
            return;
        float unbiased = count > 1 ? (float)(count / (count - 1.0)) : 1;
        for (int c = 0; c < mean.Length; c++)
        {
            runningMean[c] += momentum * (mean[c] - runningMean[c]);
            runningVariance[c] += momentum * (variance[c] * unbiased - runningVariance[c]);
        }
    }

    /// <summary>scale = γ / √(variance + ε), shift = β − mean·scale.</summary>
    /// <remarks>All: [channels].</remarks>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void FoldBatchNorm(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, float epsilon, Span<float> scale, Span<float> shift)
    {
        int channels = mean.Length;
        Check.Length(variance, channels, nameof(variance));
        Check.Length(gamma, channels, nameof(gamma));
        Check.Length(beta, channels, nameof(beta));
        Check.Length(scale, channels, nameof(scale));
        Check.Length(shift, channels, nameof(shift));
        for (int c = 0; c < channels; c++)
        {
            scale[c] = (float)(gamma[c] / Math.Sqrt((double)variance[c] + epsilon));
            shift[c] = (float)(beta[c] - (double)mean[c] * scale[c]);
        }
    }

    /// <summary>y = x·scale + shift, one fused multiply-add an element; y may be x.</summary>
    /// <remarks>x, y: [rows, channels]; scale, shift: [channels].</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for.</exception>
    public static void ScaleShift(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, Span<float> y, int rows, int channels)
    {
        Check.Length(x, (long)rows * channels, nameof(x));
        Check.Length(y, (long)rows * channels, nameof(y));
        Check.Length(scale, channels, nameof(scale));
        Check.Length(shift, channels, nameof(shift));
        fixed (float* px = x, ps = scale, ph = shift, py = y)
        {
            var body = new ScaleShiftWidth(cpu, px, ps, ph, py, rows, channels);
            cpu.Dispatch(ref body);
        }
    }

    /// <summary>The gradients of y = γ·(x − mean) / √(variance + ε) + β with batch statistics: with x̂ the normalised x, and means over the rows that count,
    /// dX = γ / √(variance + ε) · (dY − mean(dY) − x̂·mean(dY·x̂)), 0 in padding; dGamma += Σ dY·x̂; dBeta += Σ dY.</summary>
    /// <remarks>dY, x, dX: [batch, time, channels]; lengths: [batch] or empty; the rest: [channels]. dX may be dY. What dY holds in padding is not looked at.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a length is not within 0 … time.</exception>
    public static void BatchBackward(
        Cpu cpu, ReadOnlySpan<float> dY, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance,
        ReadOnlySpan<float> gamma, float epsilon, Span<float> dX, Span<float> dGamma, Span<float> dBeta, int batch, int time, int channels)
    {
        long size = (long)batch * time * channels;
        Check.Length(dY, size, nameof(dY));
        Check.Length(x, size, nameof(x));
        Check.Length(dX, size, nameof(dX));
        Check.Length(mean, channels, nameof(mean));
        Check.Length(variance, channels, nameof(variance));
        Check.Length(gamma, channels, nameof(gamma));
        Check.Length(dGamma, channels, nameof(dGamma));
        Check.Length(dBeta, channels, nameof(dBeta));
        CountedRows.Check(lengths, batch, time);
        fixed (float* pdy = dY, px = x, pm = mean, pdx = dX)
        fixed (int* pl = lengths)
        {
            var rows = new CountedRows(pl, batch, time);
            nint partialCount = (nint)rows.Groups * 2 * channels;
            float* partials = (float*)Scratch.Take((partialCount + 3 * (nint)channels) * sizeof(float));
            float* slopes = partials + partialCount;
            var sums = new GradientsWidth(cpu, pdy, px, pm, rows, partials, channels);
            cpu.Dispatch(ref sums);
            for (int c = 0; c < channels; c++)
            {
                double dy = 0, dyx = 0;
                for (int g = 0; g < rows.Groups; g++)
                {
                    dy += partials[(nint)g * 2 * channels + c];
                    dyx += partials[((nint)g * 2 + 1) * channels + c];
                }
                double inverse = 1 / Math.Sqrt((double)variance[c] + epsilon), slope = gamma[c] * inverse;
                dGamma[c] += (float)(dyx * inverse);
                dBeta[c] += (float)dy;
                // dX = slopes[0]·dY + slopes[1]·(x − mean) + slopes[2]
                slopes[c] = (float)slope;
                slopes[channels + c] = rows.Count == 0 ? 0 : (float)(-slope * inverse * inverse * dyx / rows.Count);
                slopes[2 * channels + c] = rows.Count == 0 ? 0 : (float)(-slope * dy / rows.Count);
            }
            var apply = new InputGradientWidth(cpu, pdy, px, pm, slopes, rows, pdx, batch * time, channels);
            cpu.Dispatch(ref apply);
        }
    }

    private struct MomentsWidth(Cpu cpu, float* x, CountedRows rows, float* partials, int channels) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> => Rows.For(cpu, rows.Groups, 1, new Moments<L>(x, rows, partials, channels));
    }

    /// <summary>Leaves Σ (x − k), Σ (x − k)² and k of each group, [groups, 3, channels].</summary>
    private struct Moments<L>(float* x, CountedRows rows, float* partials, int channels) : IRows where L : struct, IVectorLane<L>
    {
        public readonly void Run(int start, int end)
        {
            for (int group = start; group < end; group++)
            {
                float* first = partials + (nint)group * 3 * channels, second = first + channels, origin = second + channels;
                new Span<float>(first, 3 * channels).Clear();
                FindOrigin(group, origin);
                CountedRows.Walk walk = rows.Group(group);
                while (walk.Next(out nint row, out int count))
                {
                    float* from = x + row * channels;
                    ColumnFold.Sweep<ColumnFold.Moments, L>(from, from, origin, first, second, channels, count, channels);
                }
            }
        }

        private readonly void FindOrigin(int group, float* origin)
        {
            int wanted = Math.Min(32, rows.RowsOf(group)), left = wanted;
            CountedRows.Walk walk = rows.Group(group);
            while (left > 0 && walk.Next(out nint row, out int count))
            {
                float* from = x + row * channels;
                ColumnFold.Sweep<ColumnFold.Sum, L>(from, from, origin, origin, null, channels, Math.Min(count, left), channels);
                left -= Math.Min(count, left);
            }
            for (int c = 0; c < channels; c++)
                origin[c] /= wanted;
        }
    }

    private struct MergeMoments(CountedRows rows, float* partials, float* mean, float* variance, int channels) : IRows
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            // With one thread a run may be all channels at once.
            for (int tile = start; tile < end; tile += 64)
                Tile(tile, Math.Min(tile + 64, end));
        }

        private readonly void Tile(int start, int end)
        {
            double* means = stackalloc double[64];
            double* squares = stackalloc double[64];
            double before = 0;
            for (int group = 0; group < rows.Groups; group++)
            {
                float* first = partials + (nint)group * 3 * channels, second = first + channels, origin = second + channels;
                double count = rows.RowsOf(group), inverse = 1 / count, share = count / (before + count), weight = before * share;
                for (int c = start; c < end; c++)
                {
                    double drift = first[c] * inverse;
                    double step = origin[c] + drift - means[c - start];
                    means[c - start] += step * share;
                    squares[c - start] += Math.Max(second[c] - first[c] * drift, 0) + step * step * weight;
                }
                before += count;
            }
            for (int c = start; c < end; c++)
            {
                mean[c] = (float)means[c - start];
                variance[c] = before == 0 ? 0 : (float)(squares[c - start] / before);
            }
        }
    }

    private struct ScaleShiftWidth(Cpu cpu, float* x, float* scale, float* shift, float* y, int rows, int channels) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, 1 + ElementMap.Block / Math.Max(channels, 1), new ScaleShiftPart<L>(x, scale, shift, y, channels));
    }

    private struct ScaleShiftPart<L>(float* x, float* scale, float* shift, float* y, int channels) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int n = channels;
            float* a = scale, b = shift;
            for (int row = start; row < end; row++)
            {
                float* from = x + (nint)row * n, to = y + (nint)row * n;
                int c = 0;
                for (; c + L.Count <= n; c += L.Count)
                    L.Store(to + c, L.MulAdd(L.Load(from + c), L.Load(a + c), L.Load(b + c)));
                for (; c < n; c++)
                    F32.Store(to + c, F32.MulAdd(F32.Load(from + c), F32.Load(a + c), F32.Load(b + c)));
            }
        }
    }

    private struct GradientsWidth(Cpu cpu, float* dY, float* x, float* mean, CountedRows rows, float* partials, int channels) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> => Rows.For(cpu, rows.Groups, 1, new Gradients<L>(dY, x, mean, rows, partials, channels));
    }

    /// <summary>Leaves Σ dY and Σ dY·(x − mean) of each group, [groups, 2, channels].</summary>
    private struct Gradients<L>(float* dY, float* x, float* mean, CountedRows rows, float* partials, int channels) : IRows where L : struct, IVectorLane<L>
    {
        public readonly void Run(int start, int end)
        {
            for (int group = start; group < end; group++)
            {
                float* first = partials + (nint)group * 2 * channels;
                new Span<float>(first, 2 * channels).Clear();
                CountedRows.Walk walk = rows.Group(group);
                while (walk.Next(out nint row, out int count))
                    ColumnFold.Sweep<ColumnFold.Gradients, L>(x + row * channels, dY + row * channels, mean, first, first + channels, channels, count, channels);
            }
        }
    }

    private struct InputGradientWidth(Cpu cpu, float* dY, float* x, float* mean, float* slopes, CountedRows counted, float* dX, int rows, int channels) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, rows, 1 + ElementMap.Block / Math.Max(channels, 1), new InputGradient<L>(dY, x, mean, slopes, counted, dX, channels));
    }

    private struct InputGradient<L>(float* dY, float* x, float* mean, float* slopes, CountedRows counted, float* dX, int channels) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            int n = channels, sample = start / counted.Time, step = start % counted.Time - 1;
            float* center = mean, slope = slopes;
            for (int row = start; row < end; row++)
            {
                float* dy = dY + (nint)row * n, from = x + (nint)row * n, to = dX + (nint)row * n;
                if (++step == counted.Time)
                    (sample, step) = (sample + 1, 0);
                if (step >= counted.Length(sample))
                {
                    new Span<float>(to, n).Clear();
                    continue;
                }
                int c = 0;
                for (; c + L.Count <= n; c += L.Count)
                    One<L>(dy + c, from + c, center + c, slope + c, to + c, n);
                for (; c < n; c++)
                    One<F32>(dy + c, from + c, center + c, slope + c, to + c, n);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void One<T>(float* dy, float* x, float* mean, float* slopes, float* dX, int n) where T : struct, IVectorLane<T>
        {
            T rest = T.MulAdd(T.Load(slopes + n), T.Load(x) - T.Load(mean), T.Load(slopes + 2 * n));
            T.Store(dX, T.MulAdd(T.Load(slopes), T.Load(dy), rest));
        }
    }
}
