using System.Runtime.CompilerServices;
using Volley.Kernels.Spikes;

namespace Volley.Kernels.Delays;

/// <summary>The deployed form of a delayed product: every synapse has one whole delay. y[b, t + d, o] += w[c, i, o]·x[b, t, i] with d = d[c, i, o].</summary>
/// <remarks>Each output is one chain of fused multiply-adds over time, then inputs, then kernels: the order in which a stream adds them, so that both have
/// the same bits.</remarks>
public static unsafe class DelayShift
{
    /// <summary>Delays in steps: ⌊K/2⌋ − P, P rounded with halves to even, within 0 … K − 1.</summary>
    /// <param name="positions">P [C, I, O].</param>
    /// <param name="delays">[C, I, O], written.</param>
    public static void Round(ReadOnlySpan<float> positions, Span<int> delays, int taps)
    {
        Kernels.Check.Length(delays.Length, 1, positions.Length, nameof(delays));
        for (int i = 0; i < positions.Length; i++)
            delays[i] = Math.Clamp(taps / 2 - (int)MathF.Round(positions[i]), 0, taps - 1);
    }

    /// <summary>y of a batch of spikes; 0 behind a sample's length + (K − 1)/2.</summary>
    /// <param name="x">[B·T, I].</param>
    /// <param name="weights">w [C, I, O].</param>
    /// <param name="delays">[C, I, O], each within 0 … K − 1.</param>
    /// <param name="y">[B, T + (K − 1)/2, O], written.</param>
    /// <param name="lengths">[B] or empty.</param>
    public static void Forward(Cpu cpu, SpikeMatrix x, ReadOnlySpan<float> weights, ReadOnlySpan<int> delays, Span<float> y, DelayCall call,
        ReadOnlySpan<int> lengths = default)
    {
        Check(x.Rows, x.Columns, weights, delays, y, call, lengths);
        fixed (ulong* bits = x.Bits, negative = x.Negative)
        fixed (float* values = x.Values, w = weights, to = y)
        fixed (int* d = delays, l = lengths)
        {
            var spikes = new SpikePointers(bits, x.WordsPerRow, x.Columns, x.Scale, values, negative);
            Rows.For(cpu, call.Batch, 1, new Samples(spikes, null, w, d, to, call, l));
        }
    }

    /// <summary>y of a batch of values.</summary>
    /// <param name="x">[B, T, I].</param>
    /// <inheritdoc cref="Forward(Cpu, SpikeMatrix, ReadOnlySpan{float}, ReadOnlySpan{int}, Span{float}, DelayCall, ReadOnlySpan{int})"/>
    public static void Forward(Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<int> delays, Span<float> y, DelayCall call,
        ReadOnlySpan<int> lengths = default)
    {
        Kernels.Check.Length(x.Length, (long)call.Batch * call.Steps, call.Inputs, nameof(x));
        Check(call.Batch * call.Steps, call.Inputs, weights, delays, y, call, lengths);
        fixed (float* from = x, w = weights, to = y)
        fixed (int* d = delays, l = lengths)
            Rows.For(cpu, call.Batch, 1, new Samples(default, from, w, d, to, call, l));
    }

    /// <summary>One step of a stream: adds what arrives now and what is late to a ring of K rows, [K, O], the row of this step being <paramref name="now"/>.</summary>
    /// <param name="bits">[⌈I/64⌉], or empty where the input is <paramref name="values"/>.</param>
    /// <param name="values">[I], or empty.</param>
    public static void Step(ReadOnlySpan<ulong> bits, float scale, ReadOnlySpan<float> values, ReadOnlySpan<float> weights, ReadOnlySpan<int> delays,
        Span<float> ring, int now, DelayCall call)
    {
        Kernels.Check.Length(weights.Length, 1, call.Synapses, nameof(weights));
        Kernels.Check.Length(delays.Length, 1, call.Synapses, nameof(delays));
        Kernels.Check.Length(ring.Length, call.Taps, call.Outputs, nameof(ring));
        if ((uint)now >= (uint)call.Taps)
            throw new ArgumentOutOfRangeException(nameof(now), now, $"The row of this step must be within 0 … {call.Taps - 1}.");
        if (bits.IsEmpty)
        {
            Kernels.Check.Length(values.Length, 1, call.Inputs, nameof(values));
            for (int i = 0; i < values.Length; i++)
            {
                if (values[i] != 0)
                    Push(i, values[i], weights, delays, ring, now, call);
            }
            return;
        }
        Kernels.Check.Length(bits.Length, 1, SpikeBits.WordsPerRow(call.Inputs), nameof(bits));
        for (int k = 0; k < bits.Length; k++)
        {
            for (ulong word = bits[k]; word != 0; word &= word - 1)
                Push(k * 64 + System.Numerics.BitOperations.TrailingZeroCount(word), scale, weights, delays, ring, now, call);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Push(int input, float size, ReadOnlySpan<float> weights, ReadOnlySpan<int> delays, Span<float> ring, int now, DelayCall call)
    {
        for (int c = 0; c < call.Kernels; c++)
        {
            int at = (c * call.Inputs + input) * call.Outputs;
            for (int o = 0; o < call.Outputs; o++)
            {
                int row = now + delays[at + o];
                row -= row >= call.Taps ? call.Taps : 0;
                ref float sum = ref ring[row * call.Outputs + o];
                sum = MathF.FusedMultiplyAdd(size, weights[at + o], sum);
            }
        }
    }

    private static void Check(int rows, int columns, ReadOnlySpan<float> weights, ReadOnlySpan<int> delays, Span<float> y, DelayCall call, ReadOnlySpan<int> lengths)
    {
        call.Check();
        if (rows != (long)call.Batch * call.Steps || columns != call.Inputs)
            throw new ArgumentException($"The input is {rows} x {columns}; {(long)call.Batch * call.Steps} x {call.Inputs} were expected.");
        Kernels.Check.Length(weights.Length, 1, call.Synapses, nameof(weights));
        Kernels.Check.Length(delays.Length, 1, call.Synapses, nameof(delays));
        Kernels.Check.Length(y.Length, (long)call.Batch * call.OutputSteps, call.Outputs, nameof(y));
        Lengths.Check(lengths, call.Batch, call.Steps);
        foreach (int delay in delays)
        {
            if ((uint)delay >= (uint)call.Taps)
                throw new ArgumentOutOfRangeException(nameof(delays), delay, $"A delay must be within 0 … {call.Taps - 1} steps.");
        }
    }

    /// <summary>Values where <paramref name="values"/> is not null, else spikes.</summary>
    private readonly struct Samples(SpikePointers x, float* values, float* w, int* d, float* y, DelayCall call, int* lengths) : IRows
    {
        public void Run(int start, int end)
        {
            var list = (int*)Scratch.Own((call.Inputs + BitLists.Slack) * sizeof(int));
            for (int b = start; b < end; b++)
            {
                float* to = y + (nint)b * call.OutputSteps * call.Outputs;
                new Span<float>(to, call.OutputSteps * call.Outputs).Clear();
                int length = Lengths.Of(lengths, b, call.Steps);
                for (int t = 0; t < length; t++)
                {
                    nint row = (nint)b * call.Steps + t;
                    int left = call.OutputLength(length) - t;
                    float* now = to + (nint)t * call.Outputs;
                    if (values != null)
                        Values(values + row * call.Inputs, now, left);
                    else
                        Spikes(row, list, now, left);
                }
            }
        }

        private void Values(float* row, float* now, int left)
        {
            for (int i = 0; i < call.Inputs; i++)
            {
                if (row[i] != 0)
                    Push(i, row[i], now, left);
            }
        }

        private void Spikes(nint row, int* list, float* now, int left)
        {
            int* end = BitLists.AppendRow(x.Bits + row * x.Stride, 1, x.Words, list);
            for (int* i = list; i < end; i++)
                Push(*i, x.HasSizes ? x.Size(row, *i) : x.Scale, now, left);
        }

        private void Push(int input, float size, float* now, int left)
        {
            for (int c = 0; c < call.Kernels; c++)
            {
                nint at = (nint)(c * call.Inputs + input) * call.Outputs;
                if (left >= call.Taps)
                    All(w + at, d + at, size, now, call.Outputs);
                else
                    InTime(w + at, d + at, size, now, call.Outputs, left);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void All(float* w, int* d, float size, float* now, int outputs)
        {
            for (int o = 0; o < outputs; o++)
            {
                float* sum = now + ((nint)d[o] * outputs + o);
                *sum = MathF.FusedMultiplyAdd(size, w[o], *sum);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void InTime(float* w, int* d, float size, float* now, int outputs, int left)
        {
            for (int o = 0; o < outputs; o++)
            {
                if (d[o] >= left)
                    continue;
                float* sum = now + ((nint)d[o] * outputs + o);
                *sum = MathF.FusedMultiplyAdd(size, w[o], *sum);
            }
        }
    }
}
