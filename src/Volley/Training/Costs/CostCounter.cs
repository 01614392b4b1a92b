using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Monitoring;
using Volley.Tensors;

namespace Volley.Training.Costs;

/// <summary>Adds up what passes of a model cost: <see cref="Watch"/> is the watcher of the tape, and <see cref="Add"/> ends each pass.</summary>
/// <remarks>For evaluation passes; weights must not change while it counts.</remarks>
/// <param name="model">The network.</param>
public sealed class CostCounter(Model model)
{
    private readonly Dictionary<string, Sums> _layers = [];
    private readonly Dictionary<(string Layer, string Part), FanOut> _fanOuts = [];
    private readonly Dictionary<(string Layer, int Steps), NeuronWork> _works = [];
    private long _samples;

    /// <summary>Counts a call.</summary>
    public void Watch(LayerCall call)
    {
        if (call is SynapseCall synapses)
            AddSynapses(synapses);
        if (call is INeuronCosts neurons)
            AddNeurons(call, neurons);
    }

    /// <summary>Ends a pass: counts what its layers fired.</summary>
    /// <param name="tape">The pass.</param>
    /// <param name="samples">Samples of the batch.</param>
    public void Add(Tape tape, int samples)
    {
        _samples += samples;
        foreach (Observation observation in tape.Observations)
        {
            Sums sums = Of(observation.Layer);
            sums.Spikes += SpikeBits.CountSpikes(observation.Spikes.Bits);
            sums.Activations += RateCounter.ValidSteps(observation.Spikes) * observation.Spikes.Shape.Step.Count;
        }
    }

    /// <summary>What was counted so far.</summary>
    public CostReport Report()
    {
        var held = new Dictionary<string, (long Parameters, long Buffers)>();
        var order = new List<string>();
        foreach (Module module in model.Modules)
        {
            string layer = CountedAt(module);
            if (!held.TryAdd(layer, (Elements(module.Parameters.Select(p => p.Value)), Elements(module.Buffers.Select(b => b.Value)))))
                held[layer] = (held[layer].Parameters + Elements(module.Parameters.Select(p => p.Value)), held[layer].Buffers + Elements(module.Buffers.Select(b => b.Value)));
            else
                order.Add(layer);
        }
        return new CostReport(_samples, [.. order.Where(layer => held[layer] != default || _layers.ContainsKey(layer)).Select(layer => Cost(layer, held[layer].Parameters, held[layer].Buffers))]);
    }

    private LayerCost Cost(string layer, long parameters, long buffers)
    {
        Sums sums = _layers.GetValueOrDefault(layer) ?? new Sums();
        IEnumerable<(long All, long Zero)> weights = _fanOuts.Where(known => known.Key.Layer == layer).Select(known => known.Value.Weights);
        double samples = Math.Max(1, _samples);
        return new LayerCost
        {
            Layer = layer,
            Parameters = parameters,
            FootprintBytes = sizeof(float) * (parameters + buffers),
            Weights = weights.Sum(w => w.All),
            ZeroWeights = weights.Sum(w => w.Zero),
            Activations = sums.Activations / samples,
            Spikes = sums.Spikes / samples,
            EffectiveAcs = sums.Additions / samples,
            EffectiveMacs = sums.MultiplyAdds / samples,
            Dense = sums.Dense / samples,
            MembraneUpdates = sums.MembraneUpdates / samples,
            NeuronMacs = sums.NeuronMacs / samples,
            SequenceMacs = sums.SequenceMacs / samples,
        };
    }

    /// <summary>The layer that a module's parameters are counted at: its own, or the one around it that calls in its place, as a recurrent layer does.</summary>
    private string CountedAt(Module module)
    {
        IEnumerable<Module> around = model.Modules.Where(other => other != module && other.Children.Count > 0 && (other.Path.Length == 0 || module.Path.StartsWith(other.Path + ".", StringComparison.Ordinal)));
        return _layers.ContainsKey(module.ToString()) ? module.ToString() : around.LastOrDefault(other => _layers.ContainsKey(other.ToString()))?.ToString() ?? module.ToString();
    }

    private static long Elements(IEnumerable<Tensor> tensors) => tensors.Sum(tensor => (long)tensor.Shape.Count);

    private void AddSynapses(SynapseCall call)
    {
        if (!_fanOuts.TryGetValue((call.Layer, call.Part), out FanOut? fan))
            _fanOuts.Add((call.Layer, call.Part), fan = call.FanOut());
        (long additions, long multiplyAdds, long dense) = SynapseCount.Of(call.Tape, call.Input, fan);
        Sums sums = Of(call.Layer);
        sums.Additions += additions;
        sums.MultiplyAdds += multiplyAdds;
        sums.Dense += dense;
    }

    private void AddNeurons(LayerCall call, INeuronCosts neurons)
    {
        Sums sums = Of(call.Layer);
        sums.MembraneUpdates += neurons.MembraneUpdates();
        for (int b = 0; b < call.Shape[0]; b++)
        {
            int steps = call.Lengths?[b] ?? call.Shape[1];
            if (!_works.TryGetValue((call.Layer, steps), out NeuronWork work))
                _works.Add((call.Layer, steps), work = neurons.Work(steps));
            sums.NeuronMacs += work.Steps;
            sums.SequenceMacs += work.Sequence;
        }
    }

    private Sums Of(string layer)
    {
        if (!_layers.TryGetValue(layer, out Sums? sums))
            _layers.Add(layer, sums = new Sums());
        return sums;
    }

    private sealed class Sums
    {
        public long Spikes, Activations, Additions, MultiplyAdds, Dense, MembraneUpdates, NeuronMacs, SequenceMacs;
    }
}
