using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;

namespace Volley.Nn;

/// <summary>One step of spiking neurons with a feedback, in a stream; what comes back is the caller's.</summary>
internal sealed class RecurrentStep
{
    private readonly NeuronLayer _neurons;
    private readonly StageInput _input;
    private readonly NeuronCall _call;
    private readonly float[] _parameters, _feedback, _bias, _x, _total;

    public RecurrentStep(NeuronLayer neurons, Dense feedback, StageInput input)
    {
        (_neurons, _input) = (neurons, input);
        int n = neurons.Neurons;
        _call = new NeuronCall(1, 1, n, neurons.Firing.FiresAtThreshold);
        _parameters = new float[neurons.Kernel.Parameters.Count * n];
        neurons.FillParameters(_parameters);
        _feedback = new float[n * SpikeGemm.PackedOutputs(input.Cpu, n)];
        SpikeGemm.PackWeights(input.Cpu, feedback.Weight.Value.Data, _feedback, n, n);
        _bias = feedback.Bias is { } bias ? bias.Value.Data.ToArray() : [];
        (_x, _total) = (new float[n], new float[n]);
        State = new float[neurons.Kernel.States.Count * n];
        Arriving = new ulong[_call.WordsPerRow];
    }

    /// <summary>The spikes that come back in the step, [N] bits; the caller writes them first.</summary>
    public ulong[] Arriving { get; }

    /// <summary>That of the neurons.</summary>
    public float[] State { get; }

    /// <summary>Charges and fires once.</summary>
    /// <param name="fired">[N] bits, written.</param>
    public void Run(Span<ulong> fired) => RecurrentDriver.Forward(_input.Cpu, _neurons.Kernel, _input.Signal.Floats(_x), _feedback, _bias, _parameters, State, Arriving, _total,
        fired, default, State, _call);
}
