using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>From a sequence to one vector a sample, over the steps t &lt; lengths[b]; a sample of length 0 gives 0.</summary>
/// <remarks>
/// x, dX: [batch, time, columns]; lengths: [batch], or empty if every step counts; y, dY: [batch, columns]. dX is written, 0 in padding, whose values
/// are never looked at. Sums are one chain over the steps in order, so more padding changes no bit.
/// </remarks>
public static unsafe class Readout
{
    /// <summary>y[b] = Σ_t softmax(x[b, t]).</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a length is not within 0 … time.</exception>
    public static void SumOfSoftmax(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, Span<float> y, int batch, int time, int columns) =>
        Run(cpu, Kind.SumOfSoftmax, x, lengths, y, batch, time, columns);

    /// <summary>With s = softmax(x[b, t]): dX[b, t] = s·(dY[b] − ⟨s, dY[b]⟩).</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a length is not within 0 … time.</exception>
    public static void SumOfSoftmaxBackward(Cpu cpu, ReadOnlySpan<float> dY, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, Span<float> dX, int batch, int time, int columns)
    {
        Check.Length(x, (long)batch * time * columns, nameof(x));
        RunBackward(cpu, Kind.SumOfSoftmax, dY, x, lengths, dX, batch, time, columns);
    }

    /// <summary>y[b] = Σ_t x[b, t]: spike counts.</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a length is not within 0 … time.</exception>
    public static void Sum(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, Span<float> y, int batch, int time, int columns) =>
        Run(cpu, Kind.Sum, x, lengths, y, batch, time, columns);

    /// <summary>dX[b, t] = dY[b].</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a length is not within 0 … time.</exception>
    public static void SumBackward(Cpu cpu, ReadOnlySpan<float> dY, ReadOnlySpan<int> lengths, Span<float> dX, int batch, int time, int columns) =>
        RunBackward(cpu, Kind.Sum, dY, default, lengths, dX, batch, time, columns);

    /// <summary>y[b] = Σ_t x[b, t] / lengths[b].</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a length is not within 0 … time.</exception>
    public static void Mean(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, Span<float> y, int batch, int time, int columns) =>
        Run(cpu, Kind.Mean, x, lengths, y, batch, time, columns);

    /// <summary>dX[b, t] = dY[b] / lengths[b].</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a length is not within 0 … time.</exception>
    public static void MeanBackward(Cpu cpu, ReadOnlySpan<float> dY, ReadOnlySpan<int> lengths, Span<float> dX, int batch, int time, int columns) =>
        RunBackward(cpu, Kind.Mean, dY, default, lengths, dX, batch, time, columns);

    /// <summary>y[b] = x[b, lengths[b] − 1].</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a length is not within 0 … time.</exception>
    public static void Last(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, Span<float> y, int batch, int time, int columns) =>
        Run(cpu, Kind.Last, x, lengths, y, batch, time, columns);

    /// <summary>dX[b, lengths[b] − 1] = dY[b], 0 before.</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a length is not within 0 … time.</exception>
    public static void LastBackward(Cpu cpu, ReadOnlySpan<float> dY, ReadOnlySpan<int> lengths, Span<float> dX, int batch, int time, int columns) =>
        RunBackward(cpu, Kind.Last, dY, default, lengths, dX, batch, time, columns);

    /// <summary>y[b, c] = max_t x[b, t, c]; NaN if one is NaN.</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a length is not within 0 … time.</exception>
    public static void Max(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, Span<float> y, int batch, int time, int columns) =>
        Run(cpu, Kind.Max, x, lengths, y, batch, time, columns);

    /// <summary>dX[b, t, c] = dY[b, c] at the first t where x[b, t, c] is largest, else 0.</summary>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a length is not within 0 … time.</exception>
    public static void MaxBackward(Cpu cpu, ReadOnlySpan<float> dY, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, Span<float> dX, int batch, int time, int columns)
    {
        Check.Length(x, (long)batch * time * columns, nameof(x));
        RunBackward(cpu, Kind.Max, dY, x, lengths, dX, batch, time, columns);
    }

    private enum Kind
    {
        SumOfSoftmax,
        Sum,
        Mean,
        Last,
        Max,
    }

    private static void Run(Cpu cpu, Kind kind, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, Span<float> y, int batch, int time, int columns)
    {
        Check.Length(x, (long)batch * time * columns, nameof(x));
        Check.Length(y, (long)batch * columns, nameof(y));
        CountedRows.Check(lengths, batch, time);
        fixed (float* px = x, py = y)
        fixed (int* pl = lengths)
        {
            var body = new Width(cpu, kind, px, lengths.IsEmpty ? null : pl, py, batch, time, columns);
            cpu.Dispatch(ref body);
        }
    }

    private static void RunBackward(Cpu cpu, Kind kind, ReadOnlySpan<float> dY, ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, Span<float> dX, int batch, int time, int columns)
    {
        Check.Length(dY, (long)batch * columns, nameof(dY));
        Check.Length(dX, (long)batch * time * columns, nameof(dX));
        CountedRows.Check(lengths, batch, time);
        fixed (float* pdy = dY, px = x, pdx = dX)
        fixed (int* pl = lengths)
        {
            var body = new BackwardWidth(cpu, kind, pdy, px, lengths.IsEmpty ? null : pl, pdx, batch, time, columns);
            cpu.Dispatch(ref body);
        }
    }

    private struct Width(Cpu cpu, Kind kind, float* x, int* lengths, float* y, int batch, int time, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, batch, 1 + 4096 / Math.Max(time * columns, 1), new Samples<L>(kind, x, lengths, y, time, columns));
    }

    private struct Samples<L>(Kind kind, float* x, int* lengths, float* y, int time, int columns) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            for (int b = start; b < end; b++)
            {
                int length = lengths is null ? time : lengths[b];
                float* from = x + (nint)b * time * columns, to = y + (nint)b * columns;
                new Span<float>(to, columns).Clear();
                if (length == 0)
                    continue;
                switch (kind)
                {
                    case Kind.SumOfSoftmax:
                        Softmaxes(from, to, length);
                        break;
                    case Kind.Last:
                        new ReadOnlySpan<float>(from + (nint)(length - 1) * columns, columns).CopyTo(new Span<float>(to, columns));
                        break;
                    case Kind.Max:
                        Maxima(from, to, length);
                        break;
                    default:
                        ColumnFold.Sweep<ColumnFold.Sum, L>(from, from, to, to, null, columns, length, columns);
                        for (int c = 0; c < columns && kind == Kind.Mean; c++)
                            to[c] /= length;
                        break;
                }
            }
        }

        private readonly void Softmaxes(float* x, float* y, int length)
        {
            int padded = Softmax.Padded(columns);
            float* row = (float*)Scratch.Take(2 * (nint)padded * sizeof(float)), sum = row + padded;
            new Span<float>(sum, padded).Clear();
            for (int t = 0; t < length; t++)
            {
                Softmax.Row<L>(x + (nint)t * columns, row, columns);
                for (int c = 0; c < padded; c += L.Count)
                    L.Store(sum + c, L.Load(sum + c) + L.Load(row + c));
            }
            new ReadOnlySpan<float>(sum, columns).CopyTo(new Span<float>(y, columns));
        }

        private readonly void Maxima(float* x, float* y, int length)
        {
            int c = 0;
            for (; c + L.Count <= columns; c += L.Count)
                Maximum<L>(x + c, y + c, length);
            for (; c < columns; c++)
                Maximum<F32>(x + c, y + c, length);
        }

        private readonly void Maximum<T>(float* x, float* y, int length) where T : struct, IVectorLane<T>
        {
            T most = T.Load(x);
            for (int t = 1; t < length; t++)
                most = T.Max(most, T.Load(x + (nint)t * columns));
            T.Store(y, most);
        }
    }

    private struct BackwardWidth(Cpu cpu, Kind kind, float* dY, float* x, int* lengths, float* dX, int batch, int time, int columns) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, batch, 1 + 4096 / Math.Max(time * columns, 1), new BackwardSamples<L>(kind, dY, x, lengths, dX, time, columns));
    }

    private struct BackwardSamples<L>(Kind kind, float* dY, float* x, int* lengths, float* dX, int time, int columns) : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            for (int b = start; b < end; b++)
            {
                int length = lengths is null ? time : lengths[b];
                float* dy = dY + (nint)b * columns, from = x + (nint)b * time * columns, to = dX + (nint)b * time * columns;
                switch (kind)
                {
                    case Kind.SumOfSoftmax:
                        Softmaxes(dy, from, to, length);
                        break;
                    case Kind.Last when length > 0:
                        new Span<float>(to, (length - 1) * columns).Clear();
                        new ReadOnlySpan<float>(dy, columns).CopyTo(new Span<float>(to + (nint)(length - 1) * columns, columns));
                        break;
                    case Kind.Max:
                        Maxima(dy, from, to, length);
                        break;
                    default:
                        Spread(dy, to, length);
                        break;
                }
                new Span<float>(to + (nint)length * columns, (time - length) * columns).Clear();
            }
        }

        private readonly void Spread(float* dy, float* dx, int length)
        {
            for (int t = 0; t < length; t++)
                new ReadOnlySpan<float>(dy, columns).CopyTo(new Span<float>(dx + (nint)t * columns, columns));
            if (kind == Kind.Mean)
            {
                for (nint i = 0; i < (nint)length * columns; i++)
                    dx[i] /= length;
            }
        }

        private readonly void Softmaxes(float* dy, float* x, float* dx, int length)
        {
            float* s = (float*)Scratch.Take((nint)Softmax.Padded(columns) * sizeof(float));
            for (int t = 0; t < length; t++)
            {
                Softmax.Row<L>(x + (nint)t * columns, s, columns);
                float along = RowFold.Run<RowFold.Dot, L>(s, dy, 0, columns);
                float* to = dx + (nint)t * columns;
                int c = 0;
                for (; c + L.Count <= columns; c += L.Count)
                    L.Store(to + c, L.Load(s + c) * (L.Load(dy + c) - L.Of(along)));
                for (; c < columns; c++)
                    to[c] = s[c] * (dy[c] - along);
            }
        }

        private readonly void Maxima(float* dy, float* x, float* dx, int length)
        {
            new Span<float>(dx, length * columns).Clear();
            for (int c = 0; c < columns && length > 0; c++)
            {
                nint first = 0;
                for (int t = 1; t < length; t++)
                {
                    if (x[(nint)t * columns + c] > x[first * columns + c])
                        first = t;
                }
                dx[first * columns + c] = dy[c];
            }
        }
    }
}
