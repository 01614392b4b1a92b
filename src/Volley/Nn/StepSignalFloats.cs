namespace Volley.Nn;

/// <summary>A step's signal as floats.</summary>
internal static class StepSignalFloats
{
    /// <summary>The values, or the spikes written out into <paramref name="scratch"/>.</summary>
    public static ReadOnlySpan<float> Floats(this StepSignal signal, float[] scratch)
    {
        if (!signal.IsSpikes)
            return signal.Values;
        for (int i = 0; i < signal.Units; i++)
            scratch[i] = (signal.Bits[i / 64] >> (i % 64) & 1) != 0 ? signal.Scale : 0;
        return scratch;
    }
}
