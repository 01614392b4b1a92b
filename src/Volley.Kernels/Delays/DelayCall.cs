namespace Volley.Kernels.Delays;

/// <summary>The sizes of a delayed product: y[b, t, o] = Σᵢ Σ_d k[i, o, d]·x[b, t − d, i] for delays d of 0 … K − 1 steps.</summary>
/// <param name="Batch">B.</param>
/// <param name="Steps">T, time steps that come in.</param>
/// <param name="Inputs">I.</param>
/// <param name="Outputs">O.</param>
/// <param name="Taps">K, odd: the delays reach from 0 to K − 1 steps.</param>
/// <param name="Kernels">C, taps a synapse has, each with a weight and a position of its own, that are summed.</param>
public readonly record struct DelayCall(int Batch, int Steps, int Inputs, int Outputs, int Taps, int Kernels = 1)
{
    /// <summary>Outputs that the taps of one input are stored for together, whatever the vector width.</summary>
    internal const int Block = 16;

    /// <summary>Steps that the output is longer than the input, (K − 1)/2: room for most of what is late (Hammouamri et al. 2023).</summary>
    public int Extra => (Taps - 1) / 2;

    /// <summary>T + (K − 1)/2.</summary>
    public int OutputSteps => Steps + Extra;

    /// <summary>Synapses, C·I·O: floats of the weights, and of the positions.</summary>
    public int Synapses => Kernels * Inputs * Outputs;

    /// <summary>⌈O/16⌉.</summary>
    internal int Blocks => (Outputs + Block - 1) / Block;

    /// <summary>Floats of the taps [⌈O/16⌉, I, K, 16]: those of sixteen outputs side by side, so that a spike adds one run of K·16.</summary>
    public int TapFloats => checked(Blocks * Inputs * Taps * Block);

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Batch);
        ArgumentOutOfRangeException.ThrowIfNegative(Steps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Kernels);
        if (Taps < 1 || Taps % 2 == 0)
            throw new ArgumentException($"The number of taps is {Taps}; it must be odd and at least 1.", nameof(Taps));
    }

    /// <summary>Steps of the output of a sample of <paramref name="length"/> steps.</summary>
    internal int OutputLength(int length) => length + Extra;
}
