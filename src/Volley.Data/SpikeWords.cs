namespace Volley.Data;

/// <summary>The layout of spikes as bits: one row of 64-bit words a time step.</summary>
public static class SpikeWords
{
    /// <summary>Words of a time step: ⌈units / 64⌉.</summary>
    public static int Per(int units) => (units + 63) >> 6;
}
