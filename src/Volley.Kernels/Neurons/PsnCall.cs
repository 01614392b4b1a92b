namespace Volley.Kernels.Neurons;

/// <summary>Shape and kind of a population of parallel spiking neurons.</summary>
/// <param name="Batch">B.</param>
/// <param name="Steps">T.</param>
/// <param name="Neurons">N, all neurons of one step.</param>
/// <param name="Order">k: step t sees the inputs of steps t − k + 1 … t; 0 for all T steps, later ones too.</param>
/// <param name="Sliding">True where the same k weights and one bias serve every step; false for a matrix [T, T] and T biases.</param>
/// <param name="RowLength">C, where the neurons are rows of C channels (places of an image), each row of spikes padded to whole words; 0 for a single row.</param>
public readonly record struct PsnCall(int Batch, int Steps, int Neurons, int Order = 0, bool Sliding = false, int RowLength = 0)
{
    /// <summary>Neurons of a row: the channels that a normalisation in front has coefficients for.</summary>
    public int Channels => RowLength > 0 ? RowLength : Neurons;

    /// <summary>ulongs in the spike bits of one step.</summary>
    public int WordsPerStep => Ragged ? Neurons / Channels * WordsPerRow : (Neurons + 63) / 64;

    /// <summary>Floats of the weights: T·T, or k.</summary>
    public int WeightCount => Sliding ? Order : Steps * Steps;

    /// <summary>Floats of the biases: T, or 1.</summary>
    public int BiasCount => Sliding ? 1 : Steps;

    /// <summary>Floats that <see cref="Psn.Backward"/> needs to add up gradients in: a sum for each of a number of parts of the batch, which depends on
    /// the shape alone, and for sliding neurons not on the number of steps.</summary>
    public long PartialCount => (long)Parts * PartSize;

    /// <summary>Whether backward should be given the potentials of forward: writing and reading 4 bytes is dearer than a product of some 50
    /// multiply-adds, and cheaper than a longer one.</summary>
    public bool KeepsPotentials => Reach > 48;

    /// <summary>Whether a row of spikes ends within a word, so that a step is not one run of bits.</summary>
    internal bool Ragged => Channels % 64 != 0 && Channels != Neurons;

    internal int WordsPerRow => (Channels + 63) / 64;

    /// <summary>Neurons that are never parted: whole words of spikes, or whole rows; lanes of 16 where that is not too many.</summary>
    internal int Unit => !Ragged ? 64 : Channels * (16 / Divisor16) <= 4096 ? Channels * (16 / Divisor16) : Channels;

    internal int Units => (Neurons + Unit - 1) / Math.Max(1, Unit);

    /// <summary>Steps done together: their weights' rows are one small matrix. All of them where every step sees every other.</summary>
    internal int Block => !Banded ? Steps : Order < 6 ? 4 : 12;

    /// <summary>Whether the weights outside the band are left out; where it covers half of the matrix that would cost more than it saves.</summary>
    internal bool Banded => Sliding || (Order > 0 && 2 * Order <= Steps);

    /// <summary>Columns a block's rows of weights touch together.</summary>
    internal int Reach => Banded ? Block + Order - 1 : Steps;

    /// <summary>Whether the weights' gradient is a dot product an element, 16 partial sums each; else it is a product with X transposed, which pays for
    /// many steps.</summary>
    internal bool Dots => Banded ? Reach <= 80 : Steps <= 48;

    internal int PartSize => (Sliding ? Block * Reach : Steps * Steps) + BiasCount;

    internal int Parts => SampleParts * ColumnParts;

    /// <summary>Contiguous groups of samples that are summed apart.</summary>
    internal int SampleParts => Math.Clamp(MostParts / ColumnParts, 1, Math.Max(1, Batch));

    /// <summary>Groups of columns, where there are few samples to share out.</summary>
    internal int ColumnParts => Math.Clamp(Math.Min(32 / Math.Max(1, Batch), MostParts), 1, Math.Max(1, Units));

    private int MostParts => (int)Math.Clamp(Math.Min((1L << 24) / Math.Max(1, PartSize), (long)Batch * Neurons / 2048), 1, 64);

    /// <summary>The greatest power of two up to 16 that divides the channels.</summary>
    private int Divisor16 => Math.Min(16, Channels & -Channels);
}
