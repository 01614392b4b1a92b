using System.Globalization;
using Volley.Nn.Monitoring;
using Volley.Training;

namespace Volley.Cli.Runs;

/// <summary>Whose membrane potentials a report shows: of each spiking layer the neuron at the upper quartile of its rates, the same one in every sample; of a readout of neurons
/// those of the true and of the predicted class.</summary>
internal sealed class TraceChoice(RateCounter rates, int classes)
{
    /// <summary>Of more spiking layers these many are shown, evenly chosen.</summary>
    private const int MostLayers = 6;

    /// <summary>Of longer samples the start is shown.</summary>
    private const int MostSteps = 1024;

    private readonly Dictionary<string, int> _neurons = rates.Layers
        .Where((_, i) => rates.Layers.Count <= MostLayers || i * (MostLayers - 1) % (rates.Layers.Count - 1) < MostLayers - 1)
        .DistinctBy(layer => layer.Layer)
        .ToDictionary(layer => layer.Layer, layer => UpperQuartile(layer.Counts));

    /// <summary>What they did in a sample.</summary>
    /// <param name="recording">The membranes of the sample, and the distances to the threshold where layers have one.</param>
    /// <param name="spikes">Its spikes.</param>
    /// <param name="names">Of the classes.</param>
    /// <param name="ofInterest">The true and the predicted class; empty where steps have labels.</param>
    public IReadOnlyList<MembraneTrace> Of(Recording recording, IReadOnlyList<LayerSpikes> spikes, IReadOnlyList<string> names, int[] ofInterest)
    {
        var traces = new List<MembraneTrace>();
        foreach (LayerRecording layer in recording.Layers.Where(layer => layer.Quantities.Contains(Quantity.Membrane)))
        {
            if (_neurons.TryGetValue(layer.Layer, out int neuron))
                traces.Add(Trace(layer, neuron, $"neuron {neuron.ToString(CultureInfo.InvariantCulture)}", spikes.FirstOrDefault(rows => rows.Name == layer.Layer)));
            else if (!layer.Quantities.Contains(Quantity.Distance) && layer.Neurons == classes)
                traces.AddRange(ofInterest.Distinct().Select(c => Trace(layer, c, $"class {names[c]}", null)));
        }
        return traces;
    }

    private static MembraneTrace Trace(LayerRecording layer, int neuron, string name, LayerSpikes? spikes)
    {
        float[] membrane = layer.Trace(Quantity.Membrane, 0, neuron)[..Math.Min(layer.Lengths[0], MostSteps)];
        float[] distance = layer.Quantities.Contains(Quantity.Distance) ? layer.Trace(Quantity.Distance, 0, neuron) : [];
        double[] threshold = [.. distance.Take(membrane.Length).Select((d, t) => Short(membrane[t] - d))];
        return new MembraneTrace(
            layer.Layer, name, [.. membrane.Select(v => Short(v))],
            threshold.Distinct().Count() == 1 ? [threshold[0]] : threshold,
            spikes is null ? [] : [.. Enumerable.Range(0, Math.Min(membrane.Length, spikes.Steps)).Where(t => spikes.Fired(t, neuron))]);
    }

    private static double Short(double value) => double.IsFinite(value) ? double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : 0;

    /// <summary>A neuron that fires, but is none of the few that fire most.</summary>
    private static int UpperQuartile(long[] counts) => counts.Length == 0 ? 0 : Enumerable.Range(0, counts.Length).OrderBy(n => counts[n]).ThenBy(n => n).ElementAt(3 * (counts.Length - 1) / 4);
}
