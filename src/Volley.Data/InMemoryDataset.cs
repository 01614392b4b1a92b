using Volley.Tensors;
using Volley.Training;

namespace Volley.Data;

/// <summary>A data set over arrays that the program already has.</summary>
/// <remarks>The arrays are used, not copied: leave them alone while the data set is in use.
/// <code>
/// float[][] sequences = …;   // one array a sample: [steps, units], row-major; lengths may differ
/// int[] labels = …;          // 0 … classes − 1
/// IDataset all = InMemoryDataset.FromValues("mine", sequences, labels, units: 12, classes: 9);
/// (IDataset train, IDataset valid) = all.HoldOut(0.1, seed: 1);
/// </code></remarks>
public sealed class InMemoryDataset : IDataset
{
    private readonly float[][]? _values;
    private readonly SpikeEvent[][]? _events;
    private readonly ulong[][]? _bits;
    private readonly byte[][]? _tokens;
    private readonly int[] _labels;
    private readonly int[] _lengths;
    private int[][]? _stepLabels;

    private InMemoryDataset(DatasetInfo info, int[] labels, int[] lengths, float[][]? values = null, SpikeEvent[][]? events = null, ulong[][]? bits = null, byte[][]? tokens = null)
    {
        Info = info;
        _labels = labels;
        _lengths = lengths;
        _values = values;
        _events = events;
        _bits = bits;
        _tokens = tokens;
    }

    /// <inheritdoc/>
    public DatasetInfo Info { get; }

    /// <inheritdoc/>
    public int Count => _labels.Length;

    /// <summary>A data set of values.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="samples">One array a sample, [steps, units] row-major; each at least one step long.</param>
    /// <param name="labels">One label a sample, 0 … <paramref name="classes"/> − 1.</param>
    /// <param name="units">Values in a step.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="classNames">One name a class; the numbers where null.</param>
    /// <exception cref="ArgumentException">A sample is not a whole number of steps, or a label is out of range; the message names it.</exception>
    public static InMemoryDataset FromValues(
        string name, float[][] samples, int[] labels, int units, int classes, IReadOnlyList<string>? classNames = null)
    {
        CheckArguments(name, samples, labels, units, classes, classNames);
        var lengths = new int[samples.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            int elements = samples[i]?.Length ?? throw new ArgumentException($"samples[{i}] is null.", nameof(samples));
            if (elements == 0 || elements % units != 0)
            {
                throw new ArgumentException(
                    $"samples[{i}] has {elements} values; expected at least one step of {units} and no part of a step.", nameof(samples));
            }
            lengths[i] = elements / units;
        }
        return new InMemoryDataset(Describe(name, SampleKind.Values, units, lengths, classes, classNames), labels, lengths, values: samples);
    }

    /// <summary>A data set of spikes, each sample a list of events in any order; two spikes of a unit in one step are one.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="samples">One list a sample; it may be empty.</param>
    /// <param name="lengths">Time steps of each sample, at least 1.</param>
    /// <param name="labels">One label a sample, 0 … <paramref name="classes"/> − 1.</param>
    /// <param name="units">Number of units.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="classNames">One name a class; the numbers where null.</param>
    /// <exception cref="ArgumentException">An event lies outside its sample, or a label is out of range; the message names it.</exception>
    public static InMemoryDataset FromEvents(
        string name, SpikeEvent[][] samples, int[] lengths, int[] labels, int units, int classes, IReadOnlyList<string>? classNames = null)
    {
        CheckArguments(name, samples, labels, units, classes, classNames);
        ArgumentNullException.ThrowIfNull(lengths);
        if (lengths.Length != samples.Length)
            throw new ArgumentException($"There are {lengths.Length} lengths for {samples.Length} samples.", nameof(lengths));
        for (int i = 0; i < samples.Length; i++)
        {
            if (lengths[i] < 1)
                throw new ArgumentException($"lengths[{i}] is {lengths[i]}; expected at least 1.", nameof(lengths));
            foreach (SpikeEvent e in samples[i] ?? throw new ArgumentException($"samples[{i}] is null.", nameof(samples)))
            {
                if ((uint)e.Step >= (uint)lengths[i] || (uint)e.Unit >= (uint)units)
                {
                    throw new ArgumentException(
                        $"samples[{i}] has a spike at step {e.Step}, unit {e.Unit}; it has {lengths[i]} steps and {units} units.", nameof(samples));
                }
            }
        }
        return new InMemoryDataset(Describe(name, SampleKind.Spikes, units, lengths, classes, classNames), labels, lengths, events: samples);
    }

    /// <summary>A data set of spikes that are bits already.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="samples">One array a sample, as <see cref="ReadSpikes"/> writes them; each at least one step long.</param>
    /// <param name="labels">One label a sample, 0 … <paramref name="classes"/> − 1.</param>
    /// <param name="units">Number of units.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="classNames">One name a class; the numbers where null.</param>
    /// <exception cref="ArgumentException">A sample is not a whole number of steps, or a label is out of range; the message names it.</exception>
    public static InMemoryDataset FromBits(
        string name, ulong[][] samples, int[] labels, int units, int classes, IReadOnlyList<string>? classNames = null)
    {
        CheckArguments(name, samples, labels, units, classes, classNames);
        int words = SpikeWords.Per(units);
        var lengths = new int[samples.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            int elements = samples[i]?.Length ?? throw new ArgumentException($"samples[{i}] is null.", nameof(samples));
            if (elements == 0 || elements % words != 0)
                throw new ArgumentException($"samples[{i}] has {elements} words; expected at least one step of {words} and no part of a step.", nameof(samples));
            lengths[i] = elements / words;
        }
        return new InMemoryDataset(Describe(name, SampleKind.Spikes, units, lengths, classes, classNames), labels, lengths, bits: samples);
    }

    /// <summary>A data set of texts: each step is one of up to 256 symbols and becomes one spike, that of the symbol's unit.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="samples">One array a sample, a symbol a step; each at least one step long.</param>
    /// <param name="labels">One label a sample, 0 … <paramref name="classes"/> − 1.</param>
    /// <param name="symbols">Number of symbols, 1 … 256; the units of the data set.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="classNames">One name a class; the numbers where null.</param>
    /// <exception cref="ArgumentException">A sample is empty or has a symbol that there is not, or a label is out of range; the message names it.</exception>
    public static InMemoryDataset FromTokens(
        string name, byte[][] samples, int[] labels, int symbols, int classes, IReadOnlyList<string>? classNames = null)
    {
        CheckArguments(name, samples, labels, symbols, classes, classNames);
        if (symbols > 256)
            throw new ArgumentOutOfRangeException(nameof(symbols), symbols, $"symbols is {symbols}; expected 1 … 256.");
        var lengths = new int[samples.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            byte[] sample = samples[i] ?? throw new ArgumentException($"samples[{i}] is null.", nameof(samples));
            if (sample.Length == 0)
                throw new ArgumentException($"samples[{i}] is empty; expected at least one step.", nameof(samples));
            int bad = sample.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(symbols - 1));
            if (bad >= 0)
                throw new ArgumentException($"samples[{i}] has symbol {sample[bad]} at step {bad}; expected 0 … {symbols - 1}.", nameof(samples));
            lengths[i] = sample.Length;
        }
        return new InMemoryDataset(Describe(name, SampleKind.Spikes, symbols, lengths, classes, classNames), labels, lengths, tokens: samples);
    }

    /// <summary>The same samples, each step seen with those axes: [L, C] of a one-dimensional signal or [H, W, C] of an image.</summary>
    /// <exception cref="ArgumentException">The shape does not hold as many elements as a step has.</exception>
    public InMemoryDataset WithSteps(Shape step) => new(Info with { StepShape = step }, _labels, _lengths, _values, _events, _bits) { _stepLabels = _stepLabels };

    /// <summary>The same samples with a label for every time step; <see cref="Label"/> is the one that most steps have, the lowest among equals.</summary>
    /// <param name="stepLabels">One array a sample, as long as it has steps: 0 … Classes − 1, or <see cref="Batch.NoLabel"/> for a step that does not count.</param>
    /// <exception cref="ArgumentException">There are more or fewer labels than steps, or one is out of range; the message names it.</exception>
    public InMemoryDataset WithStepLabels(int[][] stepLabels)
    {
        ArgumentNullException.ThrowIfNull(stepLabels);
        if (stepLabels.Length != Count)
            throw new ArgumentException($"There are labels of the steps of {stepLabels.Length} samples, but {Count} samples.", nameof(stepLabels));
        var most = new int[Count];
        var counts = new int[Info.Classes];
        for (int i = 0; i < Count; i++)
        {
            int[] labels = stepLabels[i] ?? throw new ArgumentException($"stepLabels[{i}] is null.", nameof(stepLabels));
            if (labels.Length != _lengths[i])
                throw new ArgumentException($"stepLabels[{i}] has {labels.Length} labels for {_lengths[i]} steps.", nameof(stepLabels));
            Array.Clear(counts);
            for (int t = 0; t < labels.Length; t++)
            {
                if (labels[t] < Batch.NoLabel || labels[t] >= Info.Classes)
                    throw new ArgumentException($"stepLabels[{i}][{t}] is {labels[t]}; expected 0 … {Info.Classes - 1}, or {Batch.NoLabel} for none.", nameof(stepLabels));
                if (labels[t] >= 0)
                    counts[labels[t]]++;
            }
            most[i] = Array.IndexOf(counts, counts.Max());
        }
        return new InMemoryDataset(Info with { LabelsSteps = true }, most, _lengths, _values, _events, _bits) { _stepLabels = stepLabels };
    }

    /// <inheritdoc/>
    public int Label(int index)
    {
        Check.Index(this, index);
        return _labels[index];
    }

    /// <inheritdoc/>
    public int Length(int index)
    {
        Check.Index(this, index);
        return _lengths[index];
    }

    /// <inheritdoc/>
    public void ReadValues(int index, Span<float> values)
    {
        Check.Kind(this, SampleKind.Values);
        Check.Index(this, index);
        float[] sample = _values![index];
        Check.Destination(this, values.Length, sample.Length, nameof(values));
        sample.CopyTo(values);
    }

    /// <inheritdoc/>
    public void ReadSpikes(int index, Span<ulong> bits)
    {
        Check.Kind(this, SampleKind.Spikes);
        Check.Index(this, index);
        int words = SpikeWords.Per(Info.Units);
        Check.Destination(this, bits.Length, _lengths[index] * words, nameof(bits));
        if (_bits is not null)
        {
            _bits[index].CopyTo(bits);
            return;
        }
        bits.Clear();
        if (_tokens is not null)
        {
            TokenBits.Set(_tokens[index], bits, words);
            return;
        }
        foreach (SpikeEvent e in _events![index])
            bits[e.Step * words + (e.Unit >> 6)] |= 1UL << (e.Unit & 63);
    }

    /// <inheritdoc/>
    public void ReadStepLabels(int index, Span<int> labels)
    {
        Check.Index(this, index);
        if (_stepLabels is null)
            throw new InvalidOperationException($"The samples of '{Info.Name}' have one label each: call Label.");
        Check.Destination(this, labels.Length, _lengths[index], nameof(labels));
        _stepLabels[index].CopyTo(labels);
    }

    private static void CheckArguments(
        string name, Array samples, int[] labels, int units, int classes, IReadOnlyList<string>? classNames)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(labels);
        Check.Positive(units, nameof(units));
        Check.Positive(classes, nameof(classes));
        if (labels.Length != samples.Length)
            throw new ArgumentException($"There are {labels.Length} labels for {samples.Length} samples.", nameof(labels));
        if (classNames is not null && classNames.Count != classes)
            throw new ArgumentException($"There are {classNames.Count} class names for {classes} classes.", nameof(classNames));
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
                throw new ArgumentException($"labels[{i}] is {labels[i]}; expected 0 … {classes - 1}.", nameof(labels));
        }
    }

    private static DatasetInfo Describe(
        string name, SampleKind kind, int units, int[] lengths, int classes, IReadOnlyList<string>? classNames) =>
        new(name, kind, units, lengths.DefaultIfEmpty(1).Max(), classes, classNames ?? ClassNames.Numbers(classes));
}
