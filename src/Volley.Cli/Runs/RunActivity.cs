using System.Text.Json.Serialization;
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

    /// <summary>The weights over time of parallel neurons; null in runs of older versions.</summary>
    public IReadOnlyList<LearnedWeights>? Matrices { get; init; }

    /// <summary>Kernels and thresholds over time; null in runs of older versions.</summary>
    public IReadOnlyList<LearnedCurve>? Curves { get; init; }

    /// <summary>What a file holds; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; names it.</exception>
    public static RunActivity? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        var activity = RunJson.Read<RunActivity>(path);
        return activity.Problem() is { } problem ? throw new InvalidDataException($"'{path}' is damaged: {problem}.") : activity;
    }

    /// <summary>What does not fit together; null where all does. Members are there, and lists may hold null.</summary>
    private string? Problem()
    {
        IEnumerable<object?> items = [.. Classes, .. Layers, .. Samples, .. Learned ?? [], .. Matrices ?? [], .. Curves ?? [], .. Cost?.Layers ?? []];
        if (items.Contains(null) || Samples.Any(s => s.Layers.Contains(null!) || s.Traces?.Contains(null!) == true) || Curves?.Any(c => c.Lines.Contains(null!)) == true)
            return "a list holds null";
        if ((long)Classes.Count * Classes.Count != Confusion.Count || Confusion.Any(count => count < 0))
            return $"its confusion has {Confusion.Count} counts; expected {Classes.Count} classes squared, none below 0";
        if (Samples.SelectMany(s => s.Layers).FirstOrDefault(l => !l.Fits) is { } rows)
            return $"the spikes of layer '{rows.Name}' have {rows.Bits.Length} bytes, which do not hold {rows.Steps} steps of {rows.Neurons} neurons";
        if (Samples.SelectMany(s => s.Traces ?? []).FirstOrDefault(t => t.Threshold.Count > 1 && t.Threshold.Count != t.Values.Count) is { } trace)
            return $"the trace of layer '{trace.Layer}' has {trace.Values.Count} steps and {trace.Threshold.Count} thresholds";
        if (Matrices?.FirstOrDefault(m => !m.Fits) is { } matrix)
            return $"the weights of layer '{matrix.Layer}' have {matrix.Before.Length} and {matrix.After.Length} bytes, which do not hold {matrix.Size} rows and columns of {matrix.Steps} steps";
        return Curves?.FirstOrDefault(c => c.Lines.Any(l => l.Before.Count != l.After.Count)) is { } curve
            ? $"a line of '{curve.Name}' in layer '{curve.Layer}' has more values on one side of training"
            : null;
    }
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
internal sealed record SampleSpikes(string Title, IReadOnlyList<LayerSpikes> Layers)
{
    /// <summary>Membrane potentials of a neuron of each layer; null in runs of older versions.</summary>
    public IReadOnlyList<MembraneTrace>? Traces { get; init; }
}

/// <param name="Layer">The layer.</param>
/// <param name="Name">Such as "neuron 3".</param>
/// <param name="Values">The potential at the threshold test of each step.</param>
/// <param name="Threshold">One value, or one a step where it moves; empty where the neuron has none.</param>
/// <param name="Spikes">The steps at which it fired.</param>
internal sealed record MembraneTrace(string Layer, string Name, IReadOnlyList<double> Values, IReadOnlyList<double> Threshold, IReadOnlyList<int> Spikes);

/// <param name="Name">The layer.</param>
/// <param name="Neurons">N.</param>
/// <param name="Steps">T.</param>
/// <param name="Bits">[T, ⌈N / 64⌉] words of 64 bits, little-endian: neuron n of a step is bit n mod 64 of word n / 64.</param>
internal sealed record LayerSpikes(string Name, int Neurons, int Steps, byte[] Bits)
{
    [JsonIgnore]
    public bool Fits => Neurons >= 0 && Steps >= 0 && Bits.LongLength == 8 * ((Neurons + 63L) / 64) * Steps;

    /// <summary>Whether a neuron fired at a step.</summary>
    public bool Fired(int step, int neuron) => (Bits[8 * ((Neurons + 63) / 64) * step + neuron / 8] >> (neuron % 8) & 1) != 0;
}

/// <param name="Layer">The layer.</param>
/// <param name="Steps">T: row t are the weights that step t sees all steps with.</param>
/// <param name="Size">Rows and columns that are kept: each is the mean over ⌈T / Size⌉ steps.</param>
/// <param name="Before">[Size, Size] float32, little-endian, as they were drawn.</param>
/// <param name="After">As they were kept.</param>
internal sealed record LearnedWeights(string Layer, int Steps, int Size, byte[] Before, byte[] After)
{
    /// <summary>No sequence is longer; a file may say anything.</summary>
    private const int MostSteps = 1 << 24;

    [JsonIgnore]
    public bool Fits => Size >= 1 && Steps >= Size && Steps <= MostSteps && Before.LongLength == sizeof(float) * (long)Size * Size && After.LongLength == Before.LongLength;
}

/// <param name="Layer">The layer.</param>
/// <param name="Name">What it is, such as "impulse response".</param>
/// <param name="X">What it is over, such as "steps ago"; values are 1 apart, from 0.</param>
/// <param name="Lines">All of one length.</param>
internal sealed record LearnedCurve(string Layer, string Name, string X, IReadOnlyList<LearnedLine> Lines);

/// <param name="Name">Such as "channel 3".</param>
/// <param name="Before">As it was drawn.</param>
/// <param name="After">As it was kept.</param>
internal sealed record LearnedLine(string Name, IReadOnlyList<double> Before, IReadOnlyList<double> After);
