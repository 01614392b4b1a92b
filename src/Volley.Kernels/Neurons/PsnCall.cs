namespace Volley.Kernels.Neurons;

/// <summary>Shape and kind of a population of parallel spiking neurons.</summary>
/// <param name="Batch">B.</param>
/// <param name="Steps">T.</param>
/// <param name="Neurons">N.</param>
/// <param name="Order">k: step t sees the inputs of steps t − k + 1 … t; 0 for all T steps, later ones too.</param>
/// <param name="Sliding">True where the same k weights and one bias serve every step; false for a matrix [T, T] and T biases.</param>
public readonly record struct PsnCall(int Batch, int Steps, int Neurons, int Order = 0, bool Sliding = false)
{
    /// <summary>ulongs in one row of spike bits.</summary>
    public int WordsPerRow => (Neurons + 63) / 64;

    /// <summary>Floats of the weights: T·T, or k.</summary>
    public int WeightCount => Sliding ? Order : Steps * Steps;

    /// <summary>Floats of the biases: T, or 1.</summary>
    public int BiasCount => Sliding ? 1 : Steps;

    /// <summary>Floats that <see cref="Psn.Backward"/> needs to add up gradients in: a sum for each of a number of parts of the batch, which depends on the shape alone.</summary>
    public long PartialCount => (long)Parts * PartSize;

    /// <summary>Steps done together: their weights' rows are one small matrix. All of them where every step sees every other.</summary>
    internal int Block => !Banded ? Steps : Order < 6 ? 4 : 12;

    /// <summary>Whether the weights outside the band are left out; where it covers half of the matrix that would cost more than it saves.</summary>
    internal bool Banded => Sliding || (Order > 0 && 2 * Order <= Steps);

    /// <summary>Columns a block's rows of the band touch together.</summary>
    internal int Reach => Block + Order - 1;

    internal int PartSize => (Sliding ? Block * Reach : Steps * Steps) + BiasCount;

    internal int Parts => SampleParts * ColumnParts;

    /// <summary>Contiguous groups of samples that are summed apart.</summary>
    internal int SampleParts => Math.Clamp(MostParts / ColumnParts, 1, Math.Max(1, Batch));

    /// <summary>Groups of columns, where there are few samples to share out.</summary>
    internal int ColumnParts => Math.Clamp(Math.Min(32 / Math.Max(1, Batch), MostParts), 1, Math.Max(1, (Neurons + PsnSweep.LeastTile - 1) / PsnSweep.LeastTile));

    private int MostParts => Math.Clamp((1 << 24) / Math.Max(1, PartSize), 1, 64);
}
