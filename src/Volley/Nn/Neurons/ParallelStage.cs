using Volley.Kernels;
using Volley.Kernels.Neurons;

namespace Volley.Nn.Neurons;

/// <summary>Causal parallel neurons as a stream. Its state: the last k inputs, in a ring, and how many steps were taken.</summary>
/// <param name="layer">What messages name.</param>
/// <param name="input">What the stage reads.</param>
/// <param name="order">k.</param>
/// <param name="weights">Rows of k weights, the oldest input's first: one for every step, or one for all.</param>
/// <param name="biases">As many as there are rows.</param>
internal sealed class ParallelStage(Module layer, StageInput input, int order, float[] weights, float[] biases)
    : Stage(StepSignal.OfSpikes(input.Signal.Shape))
{
    private readonly float[] _ring = new float[order * input.Signal.Units], _taken = new float[1];
    private readonly float[] _potentials = new float[input.Signal.Units], _x = new float[input.Signal.Units];
    private readonly ulong[] _bits = new ulong[SpikeBits.WordsPerRow(input.Signal.Units)];
    private readonly bool _sliding = biases.Length == 1;

    public override void Step()
    {
        int step = (int)_taken[0], units = _potentials.Length;
        if (!_sliding && step >= biases.Length)
            throw new InvalidOperationException($"Layer {layer} has weights for {biases.Length} steps and cannot take another; clear the stream, or use a sliding PSN.");
        int newest = step % order, row = _sliding ? 0 : step;
        input.Signal.Floats(_x).CopyTo(_ring.AsSpan(newest * units, units));
        Psn.Step(input.Cpu, _ring, (newest + 1) % order, weights.AsSpan(row * order, order), biases[row], _potentials, _bits);
        SpikeBits.Regroup(input.Cpu, _bits, Output.Bits, 1, units, units, Output.Shape.Last);
        // A sliding layer forgets how long it runs: a float counts only so far.
        _taken[0] = _sliding ? (step + 1) % order : step + 1;
    }

    public override IEnumerable<Memory<float>> State => [_ring, _taken];

    public override IEnumerable<StepSignal> Fired => [Output];
}
