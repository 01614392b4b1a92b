using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn.StateSpace;

/// <summary>Rows in pieces that stay in the cache between kernels. Chains of sums go on from piece to piece, so the pieces show in no bit.</summary>
internal readonly struct RowChunks(int rows, int width)
{
    // 1 MiB of floats: half of what two threads' second-level caches hold.
    private const int Floats = 1 << 18;

    /// <summary>What lies between a product and what reads it is kept for the backward pass up to 32 MiB, and computed again beyond.</summary>
    public const int KeptFloats = 1 << 23;

    /// <summary>Rows of a piece; the last may have fewer.</summary>
    public int Size { get; } = Math.Clamp(Floats / Math.Max(1, width), 64, Math.Max(64, rows));

    public int Count => (rows + Size - 1) / Size;

    /// <summary>Where a piece starts, and how many rows it has.</summary>
    public (int First, int Rows) this[int index] => (index * Size, Math.Min(Size, rows - index * Size));
}

/// <summary>Rows of signals.</summary>
internal static class SignalRows
{
    extension(Tensor tensor)
    {
        /// <summary>Some rows of the last axis.</summary>
        public Span<float> RowsAt(int first, int rows) => tensor.Data.Slice(first * tensor.Shape.Last, rows * tensor.Shape.Last);
    }

    extension(Spikes spikes)
    {
        /// <summary>Some rows as the kernels see them.</summary>
        public SpikeMatrix RowsAt(int first, int rows)
        {
            int words = spikes.WordsPerRow, last = spikes.Shape.Last;
            return new SpikeMatrix(spikes.Bits.Slice(first * words, rows * words), rows, last, spikes.Scale,
                spikes.Values is { } values ? values.RowsAt(first, rows) : default, spikes.IsSigned ? spikes.Negative.Slice(first * words, rows * words) : default);
        }
    }
}
