using Volley.Autograd;
using Volley.Kernels;
using Volley.Tensors;

namespace Volley.Nn.Monitoring;

/// <summary>What to record of a pass: which quantities of which layers for which samples.</summary>
public sealed record LayerMonitor
{
    /// <summary>Names of <see cref="Quantity"/>, and of a neuron's states ("V", "W"); empty for all that a layer has.</summary>
    public IReadOnlyList<string> Quantities { get; init; } = [Quantity.Spikes];

    /// <summary>Layers by path and kind ("1-lif") or by path alone ("1"); empty for all layers of neurons, and of each the quantities that it has.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>Which samples of the batch; empty for all.</summary>
    public IReadOnlyList<int> Samples { get; init; } = [];

    /// <summary>Runs <paramref name="model"/> on a batch in evaluation mode and records.</summary>
    /// <param name="cpu">What the kernels run on.</param>
    /// <param name="model">The network.</param>
    /// <param name="input">[B, T, …].</param>
    /// <param name="random">Draws initial states, where layers draw any.</param>
    /// <param name="interpolateDelays">False to round learned delays to whole steps, as they are deployed; true for what training sees.</param>
    /// <exception cref="ArgumentException">There is no such layer, sample or quantity; the message says what there is.</exception>
    public Recording Record(Cpu cpu, Model model, Signal input, Rng random = default, bool interpolateDelays = false)
    {
        using var arena = new Arena();
        var recorder = new Recorder(this);
        var tape = new Tape(cpu, arena, training: false) { Random = random, InterpolatesDelays = interpolateDelays, Watcher = recorder.Watch };
        Prediction prediction = model.Forward(tape, input);
        return recorder.Finish(tape) with { Scores = prediction.Scores.Data.ToArray() };
    }
}
