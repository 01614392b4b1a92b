using System.Numerics;

namespace Volley.Kernels.Delays;

/// <summary>The deployed form of delays of channels: each has one whole delay. y[b, t + d[n], n] = x[b, t, n].</summary>
/// <remarks>Nothing is computed: spikes stay bits, and values the same bits.</remarks>
public static unsafe class AxonalShift
{
    /// <summary>Values. 0 behind a sample's length + E.</summary>
    /// <param name="x">[B, T, N]; what is behind a sample's length is not read.</param>
    /// <param name="delays">d [N], each within 0 … K − 1.</param>
    /// <param name="y">[B, T + E, N], written.</param>
    /// <param name="lengths">[B] or empty.</param>
    public static void Forward(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<int> delays, Span<float> y, AxonalCall call, ReadOnlySpan<int> lengths = default)
    {
        Check(x.Length, y.Length, call.Channels, delays, call, lengths);
        fixed (float* from = x, to = y)
        fixed (int* d = delays, l = lengths)
            Rows.For(cpu, call.Batch, 1, new Values(from, to, d, call, l));
    }

    /// <summary>Spikes.</summary>
    /// <param name="bits">[B, T, ⌈N/64⌉]; what is behind a sample's length is not read.</param>
    /// <param name="late">[B, T + E, ⌈N/64⌉], written.</param>
    /// <inheritdoc cref="Forward(Cpu, ReadOnlySpan{float}, ReadOnlySpan{int}, Span{float}, AxonalCall, ReadOnlySpan{int})"/>
    public static void Forward(Cpu cpu, ReadOnlySpan<ulong> bits, ReadOnlySpan<int> delays, Span<ulong> late, AxonalCall call, ReadOnlySpan<int> lengths = default)
    {
        Check(bits.Length, late.Length, SpikeBits.WordsPerRow(call.Channels), delays, call, lengths);
        fixed (ulong* from = bits, to = late)
        fixed (int* d = delays, l = lengths)
            Rows.For(cpu, call.Batch, 1, new Bits(from, to, d, call, l));
    }

    /// <summary>One step of a stream: puts what comes in into the row of a ring, [rows, N], in which it arrives; the row of this step is <paramref name="now"/>.</summary>
    /// <param name="bits">[⌈N/64⌉], or empty where the input is <paramref name="values"/>. A spike is 1 in the ring.</param>
    /// <param name="values">[N], or empty.</param>
    /// <param name="delays">d [N], each within 0 … rows − 1.</param>
    public static void Step(ReadOnlySpan<ulong> bits, ReadOnlySpan<float> values, ReadOnlySpan<int> delays, Span<float> ring, int now)
    {
        int channels = delays.Length, rows = ring.Length / channels;
        Kernels.Check.Length(ring.Length, rows, channels, nameof(ring));
        if ((uint)now >= (uint)rows)
            throw new ArgumentOutOfRangeException(nameof(now), now, $"The row of this step must be within 0 … {rows - 1}.");
        if (bits.IsEmpty)
        {
            Kernels.Check.Length(values.Length, 1, channels, nameof(values));
            for (int n = 0; n < channels; n++)
                ring[Row(n, delays) * channels + n] = values[n];
            return;
        }
        Kernels.Check.Length(bits.Length, 1, SpikeBits.WordsPerRow(channels), nameof(bits));
        for (int k = 0; k < bits.Length; k++)
        {
            for (ulong word = bits[k]; word != 0; word &= word - 1)
            {
                int n = k * 64 + BitOperations.TrailingZeroCount(word);
                ring[Row(n, delays) * channels + n] = 1;
            }
        }

        int Row(int channel, ReadOnlySpan<int> delays)
        {
            int row = now + delays[channel];
            return row >= rows ? row - rows : row;
        }
    }

    private static void Check(int x, int y, int width, ReadOnlySpan<int> delays, AxonalCall call, ReadOnlySpan<int> lengths)
    {
        call.Check();
        Kernels.Check.Length(x, (long)call.Batch * call.Steps, width, nameof(x));
        Kernels.Check.Length(y, (long)call.Batch * call.OutputSteps, width, nameof(y));
        Kernels.Check.Length(delays.Length, 1, call.Channels, nameof(delays));
        Lengths.Check(lengths, call.Batch, call.Steps);
        foreach (int delay in delays)
        {
            if ((uint)delay >= (uint)call.Taps)
                throw new ArgumentOutOfRangeException(nameof(delays), delay, $"A delay must be within 0 … {call.Taps - 1} steps.");
        }
    }

    private readonly struct Values(float* x, float* y, int* delays, AxonalCall call, int* lengths) : IRows
    {
        public void Run(int start, int end)
        {
            int channels = call.Channels;
            for (int b = start; b < end; b++)
            {
                float* from = x + (nint)b * call.Steps * channels, to = y + (nint)b * call.OutputSteps * channels;
                int length = Lengths.Of(lengths, b, call.Steps);
                for (int t = 0; t < call.OutputSteps; t++, to += channels)
                {
                    for (int n = 0; n < channels; n++)
                    {
                        int source = t - delays[n];
                        to[n] = t < length + call.Extra && (uint)source < (uint)length ? from[(nint)source * channels + n] : 0;
                    }
                }
            }
        }
    }

    private readonly struct Bits(ulong* x, ulong* y, int* delays, AxonalCall call, int* lengths) : IRows
    {
        public void Run(int start, int end)
        {
            int words = SpikeBits.WordsPerRow(call.Channels);
            for (int b = start; b < end; b++)
            {
                ulong* from = x + (nint)b * call.Steps * words, to = y + (nint)b * call.OutputSteps * words;
                int length = Lengths.Of(lengths, b, call.Steps);
                new Span<ulong>(to, call.OutputSteps * words).Clear();
                for (int t = 0; t < length; t++, from += words)
                    Later(from, words, delays, to + (nint)t * words, length + call.Extra - t);
            }
        }
    }

    /// <summary>Sets the bits of one step in the rows in which they arrive: <paramref name="left"/> rows from <paramref name="now"/> on, what would come behind them is lost.</summary>
    internal static void Later(ulong* bits, int words, int* delays, ulong* now, int left)
    {
        for (int k = 0; k < words; k++)
        {
            for (ulong word = bits[k]; word != 0; word &= word - 1)
            {
                int place = BitOperations.TrailingZeroCount(word), delay = delays[k * 64 + place];
                if (delay < left)
                    now[(nint)delay * words + k] |= 1ul << place;
            }
        }
    }
}
