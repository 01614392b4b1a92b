using Volley.Kernels;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Data;

/// <summary>Reads samples into one batch, over and over in the same memory.</summary>
/// <remarks>A data set may be the user's own: its contract is checked here, once a batch.</remarks>
internal sealed class BatchBuilder(IDataset dataset, LoaderOptions options, Augmenter? augmenter) : IDisposable
{
    private readonly Arena _arena = new();
    private readonly Rng _random = new Rng(options.Seed).Fork("volley.data.mix");
    private readonly Cpu _cpu = new(1);
    private int[] _labels = [], _lengths = [], _stepLabels = [];

    /// <summary>The batch of some samples, in their order. It is valid until the next call.</summary>
    /// <param name="samples">Which samples.</param>
    /// <param name="epoch">The epoch under way.</param>
    /// <param name="number">The batch's number in the epoch.</param>
    public Batch Build(ReadOnlySpan<int> samples, int epoch, int number)
    {
        _arena.Reset();
        if (_labels.Length != samples.Length)
            (_labels, _lengths) = (new int[samples.Length], new int[samples.Length]);
        DatasetInfo info = dataset.Info;
        for (int b = 0; b < samples.Length; b++)
        {
            int label = _labels[b] = dataset.Label(samples[b]), length = _lengths[b] = dataset.Length(samples[b]);
            if ((uint)label >= (uint)info.Classes)
                throw SampleReader.Broken(dataset, samples[b], $"has label {label}, not one of the classes 0 … {info.Classes - 1}");
            if (length < 1 || length > info.MaxSteps)
                throw SampleReader.Broken(dataset, samples[b], $"has {length} steps, not 1 … {info.MaxSteps}");
        }
        augmenter?.Stage(samples, _lengths, epoch);
        Rng random = _random.Fork(epoch).Fork(number);
        BatchMix? mix = options.Mix is { } m && m.Chosen(random) ? m : null;
        if (mix is null)
            return Labelled(Input(samples), samples);
        if (_lengths.AsSpan().ContainsAnyExcept(_lengths[0]))
            throw new InvalidDataException($"The samples of '{info.Name}' differ in length, so that they cannot be mixed; leave out {mix.GetType().Name}.");
        var tensor = (Tensor)Input(samples);
        var first = Tensor.In(_arena, new Shape(tensor.Shape.Count / samples.Length));
        float own = mix.Apply(tensor.Data, first.Data, samples.Length, info, random.Fork(0));
        var soft = Tensor.In(_arena, new Shape(samples.Length, info.Classes));
        BatchMix.Labels(_labels, own, soft.Data, info.Classes);
        return new Batch(tensor, _labels) { SoftLabels = soft };
    }

    public void Dispose()
    {
        _arena.Dispose();
        _cpu.Dispose();
    }

    private Batch Labelled(Signal input, ReadOnlySpan<int> samples) => new(input, _labels)
    {
        StepLabels = dataset.Info.LabelsSteps ? StepLabels(samples, input.Shape[1]) : default,
    };

    private ReadOnlyMemory<int> StepLabels(ReadOnlySpan<int> samples, int steps)
    {
        if (_stepLabels.Length < samples.Length * steps)
            _stepLabels = new int[samples.Length * steps];
        for (int b = 0; b < samples.Length; b++)
        {
            Span<int> row = _stepLabels.AsSpan(b * steps, steps), own = row[.._lengths[b]];
            int length = dataset.Length(samples[b]);
            if (own.Length != length)
                throw SampleReader.Broken(dataset, samples[b], $"has {length} labelled steps, but {own.Length} steps after the augmentations");
            SampleReader.StepLabels(dataset, samples[b], own);
            row[own.Length..].Fill(Batch.NoLabel);
        }
        return _stepLabels.AsMemory(0, samples.Length * steps);
    }

    private Signal Input(ReadOnlySpan<int> samples)
    {
        DatasetInfo info = dataset.Info;
        int longest = 1, shortest = info.MaxSteps;
        foreach (int length in _lengths)
            (longest, shortest) = (Math.Max(longest, length), Math.Min(shortest, length));
        int steps = options.PadToMaxSteps ? info.MaxSteps : longest;
        int[]? lengths = shortest < steps ? _lengths : null;
        var shape = Shape.Sequence(samples.Length, steps, info.StepShape);
        return info.Kind == SampleKind.Values ? Values(samples, shape, lengths) : Bits(samples, shape, lengths);
    }

    private Tensor Values(ReadOnlySpan<int> samples, Shape shape, int[]? lengths)
    {
        Tensor tensor = Tensor.In(_arena, shape, lengths);
        int units = dataset.Info.Units, stride = shape[1] * units;
        for (int b = 0; b < samples.Length; b++)
        {
            Span<float> row = tensor.Data.Slice(b * stride, stride), sample = row[..(_lengths[b] * units)];
            if (augmenter is null)
                SampleReader.Values(dataset, samples[b], sample);
            else
                augmenter.ValuesOf(b).CopyTo(sample);
            row[sample.Length..].Clear();
        }
        return tensor;
    }

    private Spikes Bits(ReadOnlySpan<int> samples, Shape shape, int[]? lengths)
    {
        int units = dataset.Info.Units;
        Spikes spikes = Flat(samples, new Shape(shape[0], shape[1], units), lengths);
        if (shape.Rank == 3)
            return spikes;
        Spikes rows = Spikes.In(_arena, shape, lengths);
        SpikeBits.Regroup(_cpu, spikes.Bits, rows.Bits, shape[0] * shape[1], units, units, shape.Last);
        return rows;
    }

    private Spikes Flat(ReadOnlySpan<int> samples, Shape shape, int[]? lengths)
    {
        Spikes spikes = Spikes.In(_arena, shape, lengths);
        int words = spikes.WordsPerRow, stride = shape[1] * words;
        for (int b = 0; b < samples.Length; b++)
        {
            Span<ulong> row = spikes.Bits.Slice(b * stride, stride), sample = row[..(_lengths[b] * words)];
            if (augmenter is null)
                SampleReader.Spikes(dataset, samples[b], sample);
            else
                augmenter.BitsOf(b).CopyTo(sample);
            row[sample.Length..].Clear();
        }
        return spikes;
    }
}
