using System.Runtime.CompilerServices;

namespace Volley.Kernels.Spikes;

/// <summary>A <see cref="SpikeMatrix"/> inside a kernel, with a row stride.</summary>
internal readonly unsafe struct SpikePointers(ulong* bits, nint stride, int columns, float scale, float* values, ulong* negative)
{
    public readonly ulong* Bits = bits;

    /// <summary>Words from row to row.</summary>
    public readonly nint Stride = stride;
    public readonly int Words = SpikeBits.WordsPerRow(columns);
    public readonly int Columns = columns;
    public readonly float Scale = scale;

    public bool HasSizes => values != null || negative != null;

    /// <summary>What the spike at (row, column) counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Size(nint row, int column)
    {
        if (values != null)
            return Scale * values[row * Columns + column];
        return (negative[row * Stride + (column >> 6)] >> (column & 63) & 1) != 0 ? -Scale : Scale;
    }
}
