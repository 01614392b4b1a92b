using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Training;

/// <summary>Counts the spikes of every neuron of every layer over many batches.</summary>
public sealed class RateCounter
{
    private readonly List<LayerCounts> _layers = [];

    /// <summary>What was counted, in the order of the network.</summary>
    public IReadOnlyList<LayerCounts> Layers => _layers;

    /// <summary>Samples seen.</summary>
    public long Samples { get; private set; }

    /// <summary>Mean spikes a neuron and sample over all layers.</summary>
    public double SpikesPerNeuron
    {
        get
        {
            long neurons = _layers.Sum(layer => (long)layer.Counts.Length);
            return neurons == 0 || Samples == 0 ? 0 : (double)_layers.Sum(layer => layer.Counts.Sum()) / neurons / Samples;
        }
    }

    /// <summary>Adds what the pass on <paramref name="tape"/> fired.</summary>
    public void Add(Tape tape, int samples)
    {
        Samples += samples;
        for (int i = 0; i < tape.Observations.Count; i++)
        {
            Observation observation = tape.Observations[i];
            if (i == _layers.Count)
                _layers.Add(new LayerCounts(observation.Layer, new long[observation.Spikes.Shape.Step.Count]));
            LayerCounts layer = _layers[i];
            var counts = new int[layer.Counts.Length];
            CountNeurons(tape, observation.Spikes, counts);
            for (int n = 0; n < counts.Length; n++)
                layer.Counts[n] += counts[n];
            layer.Steps += ValidSteps(observation.Spikes);
        }
    }

    /// <summary>counts[n] += the spikes of neuron n over batch and time; every element of a step is a neuron.</summary>
    internal static void CountNeurons(Tape tape, Spikes spikes, Span<int> counts)
    {
        Shape shape = spikes.Shape;
        Span<ulong> bits = spikes.Bits;
        if (shape.Rank > 3)
        {
            int groups = shape[0] * shape[1];
            Spikes flat = Spikes.In(tape.Arena, new Shape(shape[0], shape[1], counts.Length));
            SpikeBits.Regroup(tape.Cpu, bits, flat.Bits, groups, counts.Length, shape.Last, counts.Length);
            bits = flat.Bits;
        }
        SpikeBits.CountColumns(bits, counts, shape[0] * shape[1], counts.Length);
    }

    /// <summary>Steps that count, over all samples of the batch.</summary>
    internal static long ValidSteps(Spikes spikes)
    {
        if (spikes.Lengths is null)
            return (long)spikes.Shape[0] * spikes.Shape[1];
        long steps = 0;
        foreach (int length in spikes.Lengths)
            steps += length;
        return steps;
    }
}

/// <summary>Spikes of one layer.</summary>
/// <param name="Layer">Path and kind of the layer.</param>
/// <param name="Counts">Spikes of each neuron.</param>
public sealed record LayerCounts(string Layer, long[] Counts)
{
    /// <summary>Sample-steps counted over.</summary>
    public long Steps { get; internal set; }

    /// <summary>Spikes a step of each neuron.</summary>
    public double[] Rates => [.. Counts.Select(count => Steps == 0 ? 0 : (double)count / Steps)];
}
