namespace Volley.Kernels.Neurons;

/// <summary>Sizes and choices of one call of the <see cref="NeuronDriver"/>.</summary>
/// <param name="Batch">B.</param>
/// <param name="Steps">T.</param>
/// <param name="Neurons">N.</param>
/// <param name="FiresAtThreshold">Θ(0): true for ≥ (SpikingJelly), false for &gt; (sparch, SE-adLIF, snnTorch).</param>
/// <param name="Segment">Steps between two saved states; backward recomputes what lies between.</param>
/// <param name="Truncate">Truncated backpropagation through time: no gradient crosses a multiple of this many steps; 0 for none.</param>
public readonly record struct NeuronCall(int Batch, int Steps, int Neurons, bool FiresAtThreshold = false, int Segment = NeuronCall.DefaultSegment, int Truncate = 0)
{
    /// <summary>States saved every 8 steps cost a byte a neuron-step and state both ways, and what backward recomputes stays in L1.</summary>
    public const int DefaultSegment = 8;

    /// <summary>ulongs in one row of spike bits.</summary>
    public int WordsPerRow => (Neurons + 63) / 64;

    /// <summary>Saved states a sample.</summary>
    public int Segments => (Steps + Segment - 1) / Segment;
}
