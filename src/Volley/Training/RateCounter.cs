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

    /// <summary>Additions of a weight to a current that spikes caused.</summary>
    public long SynapticOperations { get; private set; }

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
        SynapticOperations += tape.SynapticOperations;
        for (int i = 0; i < tape.Observations.Count; i++)
        {
            Observation observation = tape.Observations[i];
            if (i == _layers.Count)
                _layers.Add(new LayerCounts(observation.Layer, new long[observation.Spikes.Shape.Last]));
            LayerCounts layer = _layers[i];
            var counts = new int[layer.Counts.Length];
            SpikeBits.CountColumns(observation.Spikes.Bits, counts, observation.Spikes.Shape.Rows, counts.Length);
            for (int n = 0; n < counts.Length; n++)
                layer.Counts[n] += counts[n];
            layer.Steps += ValidSteps(observation.Spikes);
        }
    }

    /// <summary>Steps that count, over all samples of the batch.</summary>
    internal static long ValidSteps(Spikes spikes)
    {
        if (spikes.Lengths is null)
            return spikes.Shape.Rows;
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
