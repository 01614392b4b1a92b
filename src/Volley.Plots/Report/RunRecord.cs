namespace Volley.Plots;

/// <summary>What a training run left behind, as plain data. A number that is not known is NaN; a list that is not known is empty.</summary>
public sealed record RunRecord
{
    public required string Name { get; init; }

    public string Dataset { get; init; } = "";

    /// <summary>What tells the samples and their split from others of the same name; compared, never shown.</summary>
    public string DataChecksum { get; init; } = "";

    public long? Seed { get; init; }

    /// <summary>Which fold of the recipe it is; nothing where it has none.</summary>
    public string Fold { get; init; } = "";

    /// <summary>The recipe as it was run.</summary>
    public string RecipeJson { get; init; } = "";

    /// <summary>Machine, versions, threads: what a reader needs to do it again.</summary>
    public IReadOnlyList<Fact> Environment { get; init; } = [];

    public IReadOnlyList<EpochRow> Epochs { get; init; } = [];

    /// <summary>The results, most important first.</summary>
    public IReadOnlyList<Fact> FinalMetrics { get; init; } = [];

    /// <summary>What is compared with other runs.</summary>
    public RunFigures Figures { get; init; } = new();

    public IReadOnlyList<LayerActivity> Layers { get; init; } = [];

    /// <summary>What neurons and synapses learned beside weights.</summary>
    public IReadOnlyList<LearnedDistribution> Learned { get; init; } = [];

    /// <summary>Weights over time, before training and after.</summary>
    public IReadOnlyList<LearnedMatrix> Matrices { get; init; } = [];

    /// <summary>Kernels and thresholds over time, before training and after.</summary>
    public IReadOnlyList<LearnedCurves> Curves { get; init; } = [];

    public IReadOnlyList<SampleRaster> Samples { get; init; } = [];

    public ConfusionCounts? Confusion { get; init; }

    /// <summary>Null where it is not known.</summary>
    public RunCost? Cost { get; init; }
}

/// <summary>One epoch of training. Accuracies are fractions of 1; a loss is in nats where it is a cross entropy.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="SpikesPerNeuron">Mean spikes a neuron and sample.</param>
public sealed record EpochRow(
    int Epoch, double TrainLoss, double TrainAccuracy, double ValidAccuracy, double LearningRate, double Seconds, double SpikesPerNeuron)
{
    public double ValidLoss { get; init; } = double.NaN;

    /// <summary>Time of a step of training; NaN where it is not known.</summary>
    public double SecondsPerStep { get; init; } = double.NaN;

    /// <summary>Peak memory until the epoch ended.</summary>
    public double PeakMemoryMb { get; init; } = double.NaN;

    /// <summary>The mean norm of each parameter's gradient, by names like <c>0-dense.weight</c>: the layer, then the parameter.</summary>
    public IReadOnlyDictionary<string, double> Gradients { get; init; } = new Dictionary<string, double>();
}

/// <summary>How often the neurons of a layer fired over the evaluated samples.</summary>
/// <param name="Name">The layer.</param>
/// <param name="Rates">Spikes a step, 0 to 1, a mean for each neuron.</param>
public sealed record LayerActivity(string Name, IReadOnlyList<double> Rates)
{
    /// <summary>A neuron that fires in at least this share of all steps says nothing by firing.</summary>
    public const double SaturatedFrom = 0.9;

    /// <summary>Mean over the neurons whose rate is known; NaN if there is none.</summary>
    public double Mean => Rates.Where(r => double.IsFinite(r)).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Neurons that never fired.</summary>
    public int Dead => Rates.Count(r => r == 0);

    /// <summary>Neurons that fired in at least <see cref="SaturatedFrom"/> of the steps.</summary>
    public int Saturated => Rates.Count(r => r >= SaturatedFrom);
}

/// <summary>The spikes of all layers for one sample.</summary>
/// <param name="Title">Such as "class 3, predicted 3".</param>
public sealed record SampleRaster(string Title, IReadOnlyList<SpikeRows> Layers)
{
    /// <summary>Membrane potentials of a few neurons.</summary>
    public IReadOnlyList<Trace> Traces { get; init; } = [];
}

/// <summary>How often each true class (row) was taken for each class (column): row-major [classes, classes].</summary>
public sealed record ConfusionCounts(IReadOnlyList<string> Classes, IReadOnlyList<int> Counts)
{
    /// <summary>How many were counted.</summary>
    public long Total => Counts.Sum(c => (long)c);

    /// <summary>The share of each true class that was recognised; NaN for a class without samples.</summary>
    public IReadOnlyList<double> Recalls
    {
        get
        {
            int n = Classes.Count;
            Require.Length(Counts.Count, n * n, nameof(Counts), $"{n} classes squared");
            return [.. Enumerable.Range(0, n).Select(row =>
            {
                long total = 0;
                for (int column = 0; column < n; column++)
                    total += Counts[row * n + column];
                return total == 0 ? double.NaN : (double)Counts[row * n + row] / total;
            })];
        }
    }
}
