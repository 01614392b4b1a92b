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

    private string? Problem()
    {
        if (Classes is null || Confusion is null || Layers is null || Samples is null)
            return "it needs classes, confusion, layers and samples";
        if (Classes.Contains(null!) || (long)Classes.Count * Classes.Count != Confusion.Count || Confusion.Any(c => c < 0))
            return $"its confusion has {Confusion.Count} counts; expected {Classes.Count} classes squared, none below 0";
        if (Layers.Any(l => l is not { Name: not null, Rates: not null }))
            return "a layer needs a name and rates";
        if (Samples.Any(s => s is not { Title: not null, Layers: not null } || s.Layers.Contains(null!)))
            return "a sample needs a title and layers";
        if (Samples.SelectMany(s => s.Layers).FirstOrDefault(l => l is not { Name: not null, Bits: not null, Neurons: >= 0, Steps: >= 0 } || l.Bits.Length != 8 * ((l.Neurons + 63L) / 64) * l.Steps) is { } rows)
            return $"the spikes of layer '{rows.Name}' have {rows.Bits?.Length ?? 0} bytes, which do not hold {rows.Steps} steps of {rows.Neurons} neurons";
        if (Samples.SelectMany(s => s.Traces ?? []).Any(t => t is not { Layer: not null, Name: not null, Values: not null, Threshold: not null, Spikes: not null } || (t.Threshold.Count > 1 && t.Threshold.Count != t.Values.Count)))
            return "a trace needs a layer, a name, values, spikes, and a threshold for all steps or for each";
        if (Matrices?.Any(m => m is not { Layer: not null, Steps: > 0, Size: > 0, Before: not null, After: not null } || m.Before.Length != 4L * m.Size * m.Size || m.After.Length != m.Before.Length) == true)
            return "a matrix needs a layer, and size² float32 before and after";
        if (Curves?.Any(c => c is not { Layer: not null, Name: not null, X: not null, Lines: not null } || c.Lines.Any(l => l is not { Name: not null, Before: not null, After: not null } || l.Before.Count != l.After.Count)) == true)
            return "a curve needs a layer, a name, and lines with as many values before as after";
        return Learned?.Any(l => l is not { Layer: not null, Name.Length: > 0, Unit: not null, Before: not null, After: not null }) == true
            ? "a learned quantity needs a layer, a name, a unit, and values before and after"
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
    /// <summary>Whether a neuron fired at a step.</summary>
    public bool Fired(int step, int neuron) => (Bits[8 * ((Neurons + 63) / 64) * step + neuron / 8] >> (neuron % 8) & 1) != 0;
}

/// <param name="Layer">The layer.</param>
/// <param name="Steps">T: row t are the weights that step t sees all steps with.</param>
/// <param name="Size">Rows and columns that are kept: each is the mean over ⌈T / Size⌉ steps.</param>
/// <param name="Before">[Size, Size] float32, little-endian, as they were drawn.</param>
/// <param name="After">As they were kept.</param>
internal sealed record LearnedWeights(string Layer, int Steps, int Size, byte[] Before, byte[] After);

/// <param name="Layer">The layer.</param>
/// <param name="Name">What it is, such as "impulse response".</param>
/// <param name="X">What it is over, such as "steps ago"; values are 1 apart, from 0.</param>
/// <param name="Lines">All of one length.</param>
internal sealed record LearnedCurve(string Layer, string Name, string X, IReadOnlyList<LearnedLine> Lines);

/// <param name="Name">Such as "channel 3".</param>
/// <param name="Before">As it was drawn.</param>
/// <param name="After">As it was kept.</param>
internal sealed record LearnedLine(string Name, IReadOnlyList<double> Before, IReadOnlyList<double> After);
