using Volley.Kernels;

namespace Volley.Nn;

/// <summary>A step's signal as floats.</summary>
internal static class StepSignalFloats
{
    /// <summary>The values, or the spikes written out into <paramref name="scratch"/>.</summary>
    public static ReadOnlySpan<float> Floats(this StepSignal signal, float[] scratch)
    {
        if (!signal.IsSpikes)
            return signal.Values;
        int columns = signal.Shape.Last, words = SpikeBits.WordsPerRow(columns);
        for (int r = 0, at = 0; r < signal.Shape.Rows; r++)
        {
            for (int c = 0; c < columns; c++, at++)
                scratch[at] = (signal.Bits[r * words + c / 64] >> (c % 64) & 1) != 0 ? signal.Scale : 0;
        }
        return scratch;
    }
}
