using Volley.Kernels;

namespace Volley.Data;

/// <summary>Reads the samples of a batch, changes them, and keeps them until the size of the batch is known: a stretched sample has another length.</summary>
internal sealed class Augmenter : IDisposable
{
    private readonly IDataset _dataset;
    private readonly IReadOnlyList<Augmentation> _augmentations;
    private readonly Rng _random;
    private readonly Cpu _cpu = new();
    private readonly SampleBuffer _sample;
    private float[] _values = [];
    private ulong[] _bits = [];
    private int[] _starts = [];

    public Augmenter(IDataset dataset, IReadOnlyList<Augmentation> augmentations, ulong seed)
    {
        _dataset = dataset;
        _augmentations = augmentations;
        _random = new Rng(seed).Fork("volley.data.augment");
        _sample = new SampleBuffer(dataset.Info, _cpu);
    }

    private bool Values => _dataset.Info.Kind == SampleKind.Values;

    /// <summary>Reads and changes samples, and puts their new lengths in the place of the old.</summary>
    public void Stage(ReadOnlySpan<int> samples, Span<int> lengths, int epoch)
    {
        Rng random = _random.Fork(epoch);
        if (_starts.Length <= samples.Length)
            _starts = new int[samples.Length + 1];
        for (int b = 0; b < samples.Length; b++)
        {
            _sample.Begin(lengths[b]);
            Read(samples[b], random.Fork(samples[b]));
            _starts[b + 1] = Values ? Keep(ref _values, _sample.Values, _starts[b]) : Keep(ref _bits, _sample.Bits, _starts[b]);
            lengths[b] = _sample.Steps;
        }
    }

    /// <summary>Sample <paramref name="b"/> of the batch that was staged last.</summary>
    public ReadOnlySpan<float> ValuesOf(int b) => _values.AsSpan(_starts[b].._starts[b + 1]);

    /// <inheritdoc cref="ValuesOf"/>
    public ReadOnlySpan<ulong> BitsOf(int b) => _bits.AsSpan(_starts[b].._starts[b + 1]);

    public void Dispose() => _cpu.Dispose();

    private void Read(int index, Rng random)
    {
        if (Values)
            SampleReader.Values(_dataset, index, _sample.Values);
        else
            SampleReader.Spikes(_dataset, index, _sample.Bits);
        for (int i = 0; i < _augmentations.Count; i++)
            _augmentations[i].Run(_sample, random.Fork(i));
        // A user's augmentation is checked like a user's data set.
        int units = _dataset.Info.Units;
        if ((Values ? SampleReader.Problem(_sample.Values, units) : SampleReader.Problem(_sample.Bits, units)) is { } problem)
            throw SampleReader.Broken(_dataset, index, $"{problem} after the augmentations {string.Join(", ", _augmentations.Select(a => a.GetType().Name))}");
    }

    private static int Keep<T>(ref T[] store, ReadOnlySpan<T> sample, int start)
    {
        int end = checked(start + sample.Length);
        if (store.Length < end)
            Array.Resize(ref store, (int)Math.Min(Math.Max(end, 2L * store.Length), Array.MaxLength));
        sample.CopyTo(store.AsSpan(start));
        return end;
    }
}
