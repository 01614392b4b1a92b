using Volley.Autograd;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Volley.Tensors;

namespace Volley.Nn.Monitoring;

/// <summary>A call of neurons with a state. What their driver does not keep is replayed from the currents.</summary>
/// <param name="layer">What is called: the neurons, or the recurrent layer around them.</param>
internal sealed class PopulationCall(Module layer, Tape tape, NeuronLayer neurons, NeuronCall call, Signal current, Tensor parameters, Tensor? initial)
    : LayerCall(layer.ToString(), current.Shape, current.Lengths), INeuronCosts
{
    private readonly int _states = neurons.Kernel.States.Count;
    private float[] _replayed = [], _distances = [];
    private int _sample = -1;

    public override bool HasNeurons => true;

    public override IReadOnlyList<string> Quantities { get; } =
        [Quantity.Current, Quantity.Membrane, .. neurons.Kernel.Spiking ? [Quantity.Distance] : Array.Empty<string>(), .. neurons.Kernel.States];

    private int PerSample => call.Steps * call.Neurons;

    public override void Read(string quantity, int sample, Span<float> to)
    {
        if (quantity == Quantity.Current)
        {
            Currents.Read(tape, current, sample, to);
            return;
        }
        Replay(sample);
        if (quantity == Quantity.Distance)
        {
            _distances.CopyTo(to);
            return;
        }
        int state = quantity == Quantity.Membrane ? MembraneOf(neurons.Kernel) : neurons.Kernel.States.ToList().IndexOf(quantity), n = call.Neurons;
        for (int t = 0; t < call.Steps; t++)
            _replayed.AsSpan((t * _states + state) * n, n).CopyTo(to[(t * n)..]);
    }

    /// <summary>Which of a model's states is its membrane potential.</summary>
    private static int MembraneOf(NeuronKernel kernel) => Math.Max(0, kernel.States.ToList().IndexOf("V"));

    public long MembraneUpdates()
    {
        var changes = new long[call.Batch];
        NeuronReplay.Changes(tape.Cpu, neurons.Kernel, X.Data, parameters.Data, initial is null ? default : initial.Data, MembraneOf(neurons.Kernel), changes, call, Lengths,
            Factors, Offsets);
        return changes.Sum() + (long)call.Neurons * (Lengths?.Count(length => length > 0) ?? (call.Steps > 0 ? call.Batch : 0));
    }

    /// <summary>The multiplications of the model's equations, for every neuron in every step: the same in both forms.</summary>
    public NeuronWork Work(int steps)
    {
        long products = (long)neurons.Kernel.Multiplications * call.Neurons * steps;
        return new NeuronWork(products, products);
    }

    private Tensor X => (current as Scaled)?.Source ?? (Tensor)current;

    private ReadOnlySpan<float> Factors => NeuronLayer.AtPlaces(tape, NeuronLayer.Factors(current as Scaled), current.Shape.Step.Rows);

    private ReadOnlySpan<float> Offsets => NeuronLayer.AtPlaces(tape, NeuronLayer.Offsets(current as Scaled), current.Shape.Step.Rows);

    private void Replay(int sample)
    {
        if (_sample == sample)
            return;
        _sample = sample;
        (_replayed, _distances) = (new float[PerSample * _states], new float[PerSample]);
        int states = _states * call.Neurons;
        NeuronReplay.States(tape.Cpu, neurons.Kernel, X.Data.Slice(sample * PerSample, PerSample), parameters.Data,
            initial is null ? default : initial.Data.Slice(sample * states, states), _replayed, _distances, call with { Batch = 1 },
            Lengths is null ? default : Lengths.AsSpan(sample, 1), Factors, Offsets);
    }
}
