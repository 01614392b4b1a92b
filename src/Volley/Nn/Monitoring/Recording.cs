namespace Volley.Nn.Monitoring;

/// <summary>What a <see cref="LayerMonitor"/> saw of a pass. It owns its memory.</summary>
/// <param name="Layers">In the order of the network.</param>
public sealed record Recording(IReadOnlyList<LayerRecording> Layers)
{
    /// <summary>The scores of the whole batch, [B, C] or [B, T, C]; empty where a <see cref="Recorder"/> was used by itself.</summary>
    public IReadOnlyList<float> Scores { get; init; } = [];

    /// <summary>A layer by path and kind ("1-lif") or by path alone ("1").</summary>
    /// <exception cref="ArgumentException">There is no such layer in the recording.</exception>
    public LayerRecording this[string layer] =>
        Layers.FirstOrDefault(known => known.Layer == layer || known.Layer.StartsWith(layer + "-", StringComparison.Ordinal))
        ?? throw new ArgumentException($"Layer '{layer}' was not recorded; these were: {string.Join(", ", Layers.Select(known => known.Layer))}.", nameof(layer));
}

/// <summary>What was recorded of one layer.</summary>
public sealed class LayerRecording
{
    private readonly List<(string Name, float[] Values)> _quantities = [];

    internal LayerRecording(string layer, int steps, int neurons, int[] lengths) => (Layer, Steps, Neurons, Lengths) = (layer, steps, neurons, lengths);

    /// <summary>Path and kind of the layer.</summary>
    public string Layer { get; }

    /// <summary>T, of the longest sample of the batch.</summary>
    public int Steps { get; }

    /// <summary>N: all elements of a time step, the channels of a place of an image beside each other.</summary>
    public int Neurons { get; }

    /// <summary>Steps of each recorded sample that count; behind them all is 0.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Names of what was recorded.</summary>
    public IEnumerable<string> Quantities => _quantities.Select(quantity => quantity.Name);

    /// <summary>A quantity, [samples, T, N] in the order of the samples that were asked for.</summary>
    /// <exception cref="ArgumentException">It was not recorded.</exception>
    public ReadOnlySpan<float> this[string quantity]
    {
        get
        {
            foreach ((string name, float[] values) in _quantities)
            {
                if (name == quantity)
                    return values;
            }
            throw new ArgumentException($"Of layer {Layer} '{quantity}' was not recorded; it has {string.Join(", ", Quantities)}.", nameof(quantity));
        }
    }

    /// <summary>A quantity of one neuron in one sample at every step of the sample.</summary>
    /// <param name="quantity">Its name.</param>
    /// <param name="sample">From 0, in the order of the samples that were asked for.</param>
    /// <param name="neuron">From 0.</param>
    /// <exception cref="ArgumentException">It was not recorded, or there is no such sample or neuron.</exception>
    public float[] Trace(string quantity, int sample, int neuron)
    {
        if ((uint)sample >= (uint)Lengths.Count || (uint)neuron >= (uint)Neurons)
            throw new ArgumentException($"Of layer {Layer} {Lengths.Count} samples of {Neurons} neurons were recorded; there is no neuron {neuron} of sample {sample}.");
        ReadOnlySpan<float> values = this[quantity];
        var trace = new float[Lengths[sample]];
        for (int t = 0; t < trace.Length; t++)
            trace[t] = values[(sample * Steps + t) * Neurons + neuron];
        return trace;
    }

    /// <summary>Makes room for a quantity.</summary>
    internal float[] Take(string quantity)
    {
        var values = new float[checked(Lengths.Count * Steps * Neurons)];
        _quantities.Add((quantity, values));
        return values;
    }
}
