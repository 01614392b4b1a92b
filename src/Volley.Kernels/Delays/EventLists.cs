using System.Numerics;
using Volley.Kernels.Spikes;

namespace Volley.Kernels.Delays;

/// <summary>The spikes of a few samples listed by input, then by sample and time: where each begins in a packed gradient.</summary>
internal readonly unsafe struct EventLists
{
    /// <summary>First sample, and how many.</summary>
    public readonly int First, Count;

    /// <summary>The row b·rows + t of every spike.</summary>
    public readonly int* Rows;

    /// <summary>Input i's spikes are <see cref="Rows"/> from [i] to [i + 1].</summary>
    public readonly int* Starts;

    /// <summary>What each counts, or null where all count the same.</summary>
    public readonly float* Sizes;

    /// <param name="rows">Rows that a sample has in the packed gradient.</param>
    public EventLists(SpikePointers x, DelayCall call, int* lengths, int first, int count, int rows)
    {
        (First, Count) = (first, count);
        int inputs = call.Inputs;
        nint most = (nint)SpikeBits.CountSpikes(new ReadOnlySpan<ulong>(x.Bits + (nint)first * call.Steps * x.Stride, checked((int)(count * call.Steps * x.Stride))));
        // Starts one behind: filling a list moves its start to its end, which is the next one's start.
        Starts = (int*)Scratch.Shared((inputs + 2 + most * 2) * sizeof(int));
        Rows = Starts + inputs + 2;
        Sizes = x.HasSizes ? (float*)(Rows + most) : null;
        int* starts = Starts + 1;
        new Span<int>(Starts, inputs + 2).Clear();
        CountSpikes(x, call, lengths, starts);
        for (int i = 0, sum = 0; i <= inputs; i++)
            (starts[i], sum) = (sum, sum + (i < inputs ? starts[i] : 0));
        Fill(x, call, lengths, rows, starts);
    }

    private void CountSpikes(SpikePointers x, DelayCall call, int* lengths, int* counts)
    {
        for (int b = 0; b < Count; b++)
        {
            ulong* row = x.Bits + (nint)(First + b) * call.Steps * x.Stride;
            for (int t = Lengths.Of(lengths, First + b, call.Steps); t > 0; t--, row += x.Stride)
            {
                for (int k = 0; k < x.Words; k++)
                {
                    for (ulong word = row[k]; word != 0; word &= word - 1)
                        counts[k * 64 + BitOperations.TrailingZeroCount(word)]++;
                }
            }
        }
    }

    private void Fill(SpikePointers x, DelayCall call, int* lengths, int rows, int* next)
    {
        for (int b = 0; b < Count; b++)
        {
            int length = Lengths.Of(lengths, First + b, call.Steps);
            for (int t = 0; t < length; t++)
            {
                nint row = (nint)(First + b) * call.Steps + t;
                for (int k = 0; k < x.Words; k++)
                {
                    for (ulong word = x.Bits[row * x.Stride + k]; word != 0; word &= word - 1)
                    {
                        int i = k * 64 + BitOperations.TrailingZeroCount(word), at = next[i]++;
                        Rows[at] = b * rows + t;
                        if (Sizes != null)
                            Sizes[at] = x.Size(row, i);
                    }
                }
            }
        }
    }
}
