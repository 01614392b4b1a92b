namespace Volley.Tensors;

/// <summary>What flows between layers: a <see cref="Tensor"/> of floats or <see cref="Spikes"/> as bits.</summary>
public abstract class Signal
{
    private protected Signal(Shape shape, int[]? lengths)
    {
        if (lengths is not null)
            Check(shape, lengths);
        Shape = shape;
        Lengths = lengths;
    }

    /// <summary>Sizes of the axes, [B, T, …, N].</summary>
    public Shape Shape { get; }

    /// <summary>Time steps of each sample that count, or null when all do. What lies behind is padding and changes no result.</summary>
    public int[]? Lengths { get; }

    /// <summary>True if a gradient with respect to this signal is wanted.</summary>
    public bool NeedsGradient { get; set; }

    /// <summary>The gradient of the loss, from the moment the tape has walked back past all consumers until it passes the node that made this signal,
    /// which may reuse its memory; null before, or if none arrived.</summary>
    public Tensor? Gradient { get; internal set; }

    /// <summary>The pass that <see cref="Gradient"/> is of: a signal of the caller's own may be the input of many.</summary>
    internal object? GradientPass { get; set; }

    private static void Check(Shape shape, int[] lengths)
    {
        if (shape.Rank < 2)
            throw new ArgumentException($"Lengths belong to a batch of sequences [B, T, …], not to the shape {shape}.", nameof(lengths));
        if (lengths.Length != shape[0])
            throw new ArgumentException($"There are {lengths.Length} lengths for the {shape[0]} samples of the shape {shape}.", nameof(lengths));
        for (int b = 0; b < lengths.Length; b++)
        {
            if ((uint)lengths[b] > (uint)shape[1])
                throw new ArgumentException($"The length of sample {b} is {lengths[b]}; it must be between 0 and the {shape[1]} steps of the shape {shape}.", nameof(lengths));
        }
    }
}
