namespace Volley.Kernels.Delays;

/// <summary>The sizes of channels that are late each by itself: y[b, t, n] = Σ_d k[n, d]·x[b, t − d, n] for delays d of 0 … K − 1 steps.</summary>
/// <param name="Batch">B.</param>
/// <param name="Steps">T, time steps that come in.</param>
/// <param name="Channels">N.</param>
/// <param name="Taps">K: the delays reach from 0 to K − 1 steps.</param>
/// <param name="Extra">E, steps that the output is longer than the input.</param>
public readonly record struct AxonalCall(int Batch, int Steps, int Channels, int Taps, int Extra)
{
    /// <summary>Channels that taps are stored for together, whatever the vector width.</summary>
    internal const int Block = DelayCall.Block;

    /// <summary>T + E.</summary>
    public int OutputSteps => Steps + Extra;

    /// <summary>⌈N/16⌉.</summary>
    internal int Blocks => (Channels + Block - 1) / Block;

    /// <summary>Floats of the taps [⌈N/16⌉, K, 16]: those that <see cref="DelayTaps.Build"/> makes of one input and N outputs.</summary>
    public int TapFloats => checked(Blocks * Taps * Block);

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Batch);
        ArgumentOutOfRangeException.ThrowIfNegative(Steps);
        ArgumentOutOfRangeException.ThrowIfNegative(Extra);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Taps);
    }
}
