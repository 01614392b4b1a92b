using Volley.Tensors;

namespace Volley.Autograd;

/// <summary>One call of a layer, as those see it who watch a pass (<see cref="Tape.Watcher"/>): what else it can tell beside the spikes that it fired.</summary>
/// <remarks>Made only where someone watches, and good only until its arena is reset.</remarks>
/// <param name="layer">Path and kind of the layer, such as "1-lif".</param>
/// <param name="shape">The shape of what it can tell, [B, T, …].</param>
/// <param name="lengths">Steps of each sample that count; null for all.</param>
public abstract class LayerCall(string layer, Shape shape, int[]? lengths)
{
    /// <summary>Path and kind of the layer.</summary>
    public string Layer { get; } = layer;

    /// <summary>[B, T, …].</summary>
    public Shape Shape { get; } = shape;

    /// <summary>Steps of each sample that count; null for all.</summary>
    public int[]? Lengths { get; } = lengths;

    /// <summary>Whether the layer is one of neurons.</summary>
    public virtual bool HasNeurons => false;

    /// <summary>Names of the quantities that <see cref="Read"/> knows.</summary>
    public virtual IReadOnlyList<string> Quantities => [];

    /// <summary>Writes a quantity of one sample.</summary>
    /// <param name="quantity">One of <see cref="Quantities"/>.</param>
    /// <param name="sample">From 0.</param>
    /// <param name="to">[T, …] of the shape, written; what lies behind the sample's length may be anything.</param>
    public virtual void Read(string quantity, int sample, Span<float> to) => throw new ArgumentException($"Layer {Layer} has no {quantity}.", nameof(quantity));
}
