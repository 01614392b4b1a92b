namespace Volley.Tensors;

/// <summary>What flows between layers: a <see cref="Tensor"/> of floats or <see cref="Spikes"/> as bits.</summary>
public abstract class Signal
{
    private protected Signal(Shape shape, int[]? lengths)
    {
        Shape = shape;
        Lengths = lengths;
    }

    /// <summary>Sizes of the axes, [B, T, …, N].</summary>
    public Shape Shape { get; }

    /// <summary>Time steps of each sample that count, or null when all do. What lies behind is padding and changes no result.</summary>
    public int[]? Lengths { get; }

    /// <summary>True if a gradient with respect to this signal is wanted.</summary>
    public bool NeedsGradient { get; internal set; }

    /// <summary>The gradient of the loss, once the tape has walked back past all consumers; null before, or if none arrived.</summary>
    public Tensor? Gradient { get; internal set; }
}
