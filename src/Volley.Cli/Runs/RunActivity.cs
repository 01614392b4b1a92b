using Volley.Training.Costs;

namespace Volley.Cli.Runs;

/// <summary>What the kept model did with the test samples: all that a report shows beside the curves, so that it can be drawn again without data.</summary>
/// <param name="Classes">Names of the classes.</param>
/// <param name="Confusion">[true class, predicted class] counts, row-major.</param>
/// <param name="Layers">How often each neuron fired.</param>
/// <param name="Samples">A few samples with all their spikes.</param>
internal sealed record RunActivity(IReadOnlyList<string> Classes, IReadOnlyList<int> Confusion, IReadOnlyList<LayerRates> Layers, IReadOnlyList<SampleSpikes> Samples)
{
    /// <summary>What neurons and synapses learned beside weights; null in runs of older versions.</summary>
    public IReadOnlyList<LearnedValues>? Learned { get; init; }

    /// <summary>What a test sample costs, layer by layer; null in runs of older versions.</summary>
    public CostReport? Cost { get; init; }
}

/// <param name="Layer">The layer.</param>
/// <param name="Name">What was learned, like "delay".</param>
/// <param name="Unit">Its unit, or nothing.</param>
/// <param name="Before">As they were drawn.</param>
/// <param name="After">As they were kept.</param>
internal sealed record LearnedValues(string Layer, string Name, string Unit, IReadOnlyList<double> Before, IReadOnlyList<double> After);

/// <param name="Name">The layer.</param>
/// <param name="Rates">Spikes a step of each neuron.</param>
internal sealed record LayerRates(string Name, IReadOnlyList<double> Rates);

/// <param name="Title">Such as "class 3, predicted 3".</param>
/// <param name="Layers">The input, where it is spikes, and every layer that fires.</param>
internal sealed record SampleSpikes(string Title, IReadOnlyList<LayerSpikes> Layers);

/// <param name="Name">The layer.</param>
/// <param name="Neurons">N.</param>
/// <param name="Steps">T.</param>
/// <param name="Bits">[T, ⌈N / 64⌉] words of 64 bits, little-endian: neuron n of a step is bit n mod 64 of word n / 64.</param>
internal sealed record LayerSpikes(string Name, int Neurons, int Steps, byte[] Bits);
