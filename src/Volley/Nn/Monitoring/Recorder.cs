using Volley.Autograd;
using Volley.Tensors;

namespace Volley.Nn.Monitoring;

/// <summary>Records one pass: <see cref="Watch"/> is the watcher of its tape, and <see cref="Finish"/> takes the spikes when the pass is done.</summary>
/// <param name="monitor">What to record.</param>
public sealed class Recorder(LayerMonitor monitor)
{
    private readonly List<LayerRecording> _layers = [];

    /// <summary>What each layer has, by its name; in the order of the pass.</summary>
    private readonly List<(string Layer, List<string> Quantities)> _known = [];

    /// <summary>Records what a call of a layer can tell.</summary>
    public void Watch(LayerCall call)
    {
        foreach (string quantity in call.Quantities)
        {
            Know(call.Layer, quantity);
            // A state named V is the membrane too; it is recorded under the name that was asked for.
            if (Wants(call.Layer, quantity, call.HasNeurons))
                Add(call.Layer, quantity, call.Shape, call.Lengths, call.Read);
        }
    }

    /// <summary>Adds the spikes of the pass and checks that nothing is missing.</summary>
    /// <exception cref="ArgumentException">There is no such layer, sample or quantity; the message says what there is.</exception>
    public Recording Finish(Tape tape)
    {
        foreach (Observation observed in tape.Observations)
        {
            Spikes spikes = observed.Spikes;
            Know(observed.Layer, Quantity.Spikes);
            if (Wants(observed.Layer, Quantity.Spikes, hasNeurons: true))
                Add(observed.Layer, Quantity.Spikes, spikes.Shape, spikes.Lengths, (_, sample, to) => Currents.Read(tape, spikes, sample, to));
        }
        foreach (string layer in monitor.Layers)
            CheckLayer(layer);
        // Of all layers each gives what it has; a name that nothing has is a mistake.
        foreach (string quantity in monitor.Quantities.Where(quantity => monitor.Layers.Count == 0 && !Quantity.OfAnyLayer.Contains(quantity) && !_known.Any(known => known.Quantities.Contains(quantity))))
            throw new ArgumentException($"No layer has a '{quantity}' to record; there are {string.Join(", ", _known.SelectMany(known => known.Quantities).Distinct())}.");
        return new Recording(_layers);
    }

    private void CheckLayer(string layer)
    {
        (string name, List<string> has) = _known.FirstOrDefault(known => Names(layer, known.Layer));
        if (name is null)
            throw new ArgumentException($"There is no layer '{layer}' to record; there are {string.Join(", ", _known.Select(known => known.Layer))}.");
        foreach (string quantity in monitor.Quantities.Where(quantity => !has.Contains(quantity)))
            throw new ArgumentException($"Layer {name} has no '{quantity}' to record; it has {string.Join(", ", has)}.");
    }

    private static bool Names(string asked, string layer) => layer == asked || layer.StartsWith(asked + "-", StringComparison.Ordinal);

    private bool Wants(string layer, string quantity, bool hasNeurons) =>
        (monitor.Layers.Count == 0 ? hasNeurons : monitor.Layers.Any(asked => Names(asked, layer)))
        && (monitor.Quantities.Count == 0 || monitor.Quantities.Contains(quantity));

    private void Know(string layer, string quantity)
    {
        List<string>? quantities = _known.FirstOrDefault(known => known.Layer == layer).Quantities;
        if (quantities is null)
            _known.Add((layer, quantities = []));
        if (!quantities.Contains(quantity))
            quantities.Add(quantity);
    }

    private void Add(string layer, string quantity, Shape shape, int[]? lengths, Action<string, int, Span<float>> read)
    {
        int[] samples = monitor.Samples.Count == 0 ? [.. Enumerable.Range(0, shape[0])] : [.. monitor.Samples];
        LayerRecording? recording = _layers.Find(known => known.Layer == layer);
        if (recording is null)
            _layers.Add(recording = new LayerRecording(layer, shape[1], shape.Step.Count, [.. samples.Select(sample => Length(shape, lengths, sample))]));
        int size = recording.Steps * recording.Neurons;
        float[] values = recording.Take(quantity);
        for (int i = 0; i < samples.Length; i++)
        {
            Span<float> to = values.AsSpan(i * size, size);
            read(quantity, samples[i], to);
            to[(recording.Lengths[i] * recording.Neurons)..].Clear();
        }
    }

    private static int Length(Shape shape, int[]? lengths, int sample) => (uint)sample < (uint)shape[0]
        ? lengths?[sample] ?? shape[1]
        : throw new ArgumentException($"There is no sample {sample} to record in a batch of {shape[0]}.");
}
