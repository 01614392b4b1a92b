using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Recipes;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Data.Tests;

/// <summary>Augmentations on their way into batches.</summary>
[Collection(Alone.Name)]
public sealed class AugmentedLoaderTests
{
    private static readonly IReadOnlyList<Augmentation> ForValues =
    [
        new ChannelShift(1, Fill.Edge), new TimeShift(3, Fill.Mean) { Probability = 0.7 }, new TimeStretch(0.4), new TimeMask(3, 2, 0.3, Fill.Least), new ChannelMask(1),
        new Gain(0.3), new SpectralTilt(0.2, 2), new SpectralWarp(0.1), new Noise(0.05),
    ];

    private static readonly IReadOnlyList<Augmentation> ForSpikes =
    [
        new ChannelShift(5), new TimeShift(3), new TimeStretch(0.3), new EventDrop(0.2), new EventDrop(0.2, DropBy.Any), new TimeMask(3), new ChannelMask(4), new SpikeNoise(0.002),
    ];

    public static TheoryData<SampleKind> Kinds => [SampleKind.Values, SampleKind.Spikes];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_sample_is_a_function_of_seed_epoch_and_index_alone(SampleKind kind)
    {
        IDataset data = Data(kind, 60);
        Dictionary<int, float[]> reference = Samples(data, new LoaderOptions { BatchSize = 7, Prefetch = false }, epoch: 4);
        foreach (LoaderOptions other in (LoaderOptions[])
            [
                new() { BatchSize = 7 }, new() { BatchSize = 1 }, new() { BatchSize = 60, Shuffle = false }, new() { BatchSize = 13, PadToMaxSteps = true },
            ])
        {
            Dictionary<int, float[]> again = Samples(data, other, epoch: 4);
            Assert.All(reference, sample => Assert.Equal(sample.Value, again[sample.Key]));
        }
        Differ(reference, Samples(data, new LoaderOptions { BatchSize = 7 }, epoch: 5));
        Differ(reference, Samples(data, new LoaderOptions { BatchSize = 7, Seed = 2 }, epoch: 4));
        // Sample 0 and its copies are changed each in its own way, and so is the second of two equal augmentations.
        Assert.Equal(3, new[] { 0, 20, 40 }.Select(i => string.Join(' ', reference[i])).Distinct().Count());
        using var twice = new Loader(InMemoryDataset.FromValues("one", [[0f]], [0], 1, 1), new LoaderOptions { Augment = [new Gain(1), new Gain(1)] });
        using var once = new Loader(twice.Dataset, new LoaderOptions { Augment = [new Gain(1)] });
        Assert.NotEqual(2 * ((Tensor)once.Epoch(0).First().Input).Data[0], ((Tensor)twice.Epoch(0).First().Input).Data[0]);

        static void Differ(Dictionary<int, float[]> a, Dictionary<int, float[]> b) => Assert.All(a, sample => Assert.NotEqual(sample.Value, b[sample.Key]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_epoch_goes_on_where_it_stopped(SampleKind kind)
    {
        IDataset data = Data(kind, 60);
        var options = new LoaderOptions { BatchSize = 8, Augment = kind == SampleKind.Values ? ForValues : ForSpikes };
        using Loader loader = new(data, options), resumed = new(data, options);
        List<float[]> whole = [.. loader.Epoch(3).Skip(4).SelectMany(Rows)];
        Assert.Equal(whole, resumed.Epoch(3, 4).SelectMany(Rows));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_a_stretched_sample_vacates_is_padding(SampleKind kind)
    {
        IDataset data = Data(kind, 60);
        using var loader = new Loader(data, new LoaderOptions { BatchSize = 16, Augment = [new TimeStretch(0.5)] });
        var lengths = new HashSet<int>();
        foreach (Batch batch in loader.Epoch(0))
        {
            Shape shape = batch.Input.Shape;
            Assert.InRange(shape[1], 1, data.Info.MaxSteps);
            float[] all = Dense(batch);
            for (int b = 0; b < batch.Count; b++)
            {
                int length = batch.Input.Lengths?[b] ?? shape[1];
                lengths.Add(length);
                Assert.All(all[((b * shape[1] + length) * shape[2])..((b + 1) * shape[1] * shape[2])], v => Assert.Equal(0, v));
            }
        }
        Assert.True(lengths.Count > 10);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_epoch_allocates_next_to_nothing(SampleKind kind)
    {
        using var loader = new Loader(Data(kind, 400), new LoaderOptions { BatchSize = 10, Augment = kind == SampleKind.Values ? ForValues : ForSpikes });
        for (int warm = 0; warm < 3; warm++)
            Assert.Equal(40, loader.Epoch(warm).Count());
        long before = GC.GetTotalAllocatedBytes(precise: true);
        foreach (Batch batch in loader.Epoch(4))
            Assert.NotNull(batch.Input);
        Assert.InRange((GC.GetTotalAllocatedBytes(precise: true) - before) / 40, 0, 1024);
    }

    [Fact]
    public void A_misfit_is_one_sentence()
    {
        IDataset values = Data(SampleKind.Values, 4), spikes = Data(SampleKind.Spikes, 4);
        Says(values, new EventDrop(0.1), "augment[0] (EventDrop) does not fit 'walks': it changes spikes, but the samples are values; use time-mask or channel-mask.");
        Says(values, new SpikeNoise(0.1), "use noise.");
        Says(spikes, new Noise(0.1), "(Noise) does not fit 'walks': it changes values, but the samples are spikes; use spike-noise.");
        Says(spikes, new Gain(0.1), "it changes values");
        Says(spikes, new SpectralTilt(0.1), "it changes values");
        Says(spikes, new SpectralWarp(0.1), "use channel-shift.");
        Says(spikes, new TimeShift(3, Fill.Mean), "it fills with 'Mean', but the samples are spikes");
        Says(values, new TimeMask(3, Fill: Fill.Edge), "a mask cannot be filled with the edge.");
        Says(values, new ChannelShift(6), "it shifts by up to 6 channels, but a sample has 6.");
        Says(values, new ChannelShift(0), "most is 0; expected 1 … 1000000.");
        Says(values, new TimeStretch(1), "most is 1; expected a number above 0 and at most 0.9.");
        Says(values, new Gain(double.NaN), "most is NaN");
        Says(values, new Gain(1) { Probability = 1.5 }, "probability is 1.5; expected a number above 0 and at most 1.");
        Says(values, null!, "augment[0] is null.");

        static void Says(IDataset data, Augmentation augmentation, string words) =>
            Assert.Contains(words, Assert.Throws<ArgumentException>(() => new Loader(data, new LoaderOptions { Augment = [augmentation] })).Message);
    }

    [Fact]
    public void Recipes_become_augmentations()
    {
        DatasetInfo values = Data(SampleKind.Values, 1).Info, spikes = Data(SampleKind.Spikes, 1).Info;
        Assert.Equal(
            [
                new ChannelShift(2, Fill.Edge) { Probability = 0.5 }, new TimeShift(5), new TimeStretch(0.1), new TimeMask(10), new ChannelMask(5), new Noise(0.1), new Gain(0.5),
                new SpectralTilt(0.5), new SpectralWarp(0.1),
            ],
            Augmentations.Create(
            [
                new ChannelShiftRecipe(2, Fill.Edge, 0.5), new TimeShiftRecipe(), new TimeStretchRecipe(), new TimeMaskRecipe(), new ChannelMaskRecipe(), new NoiseRecipe(),
                new GainRecipe(), new SpectralTiltRecipe(), new SpectralWarpRecipe(),
            ], values));
        Assert.Equal([new EventDrop(0.1), new SpikeNoise(0.001)], Augmentations.Create([new EventDropRecipe(), new SpikeNoiseRecipe()], spikes));
        Assert.Empty(Augmentations.Create(null, values));
        Assert.Contains("augment[1] (Noise)", Assert.Throws<ArgumentException>(() => Augmentations.Create([new EventDropRecipe(), new NoiseRecipe()], spikes)).Message);
    }

    [Fact]
    public void A_user_adds_one_and_a_wrong_one_is_named()
    {
        IDataset data = Data(SampleKind.Values, 8);
        using var mirrored = new Loader(data, new LoaderOptions { Augment = [new Mirror { Probability = 0.5 }] });
        using var plain = new Loader(data);
        List<float[]> before = [.. plain.Epoch(0).SelectMany(Rows)], after = [.. mirrored.Epoch(0).SelectMany(Rows)];
        Assert.All(Enumerable.Range(0, 8), i => Assert.True(
            after[i].SequenceEqual(before[i]) || after[i].SequenceEqual(before[i].Chunk(6).SelectMany(row => row[3..].Concat(row[..3])))));
        Assert.Contains(after, row => !before.Any(row.SequenceEqual));
        Assert.Contains("it changes values", Assert.Throws<ArgumentException>(
            () => new Loader(Data(SampleKind.Spikes, 8), new LoaderOptions { Augment = [new Mirror()] })).Message);
        using var good = new Loader(data, new LoaderOptions { Augment = [new Constant(3)] });
        Assert.All(good.Epoch(0).SelectMany(Rows), row => Assert.All(row, v => Assert.Equal(3, v)));
        using var bad = new Loader(data, new LoaderOptions { Shuffle = false, Augment = [new Constant(float.NaN)] });
        Assert.Contains("Sample 0 of 'walks' has the value NaN at step 0, unit 0; values must be finite after the augmentations Constant.",
            Assert.Throws<InvalidDataException>(() => bad.Epoch(0).First()).Message);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_network_learns_from_changed_samples(SampleKind kind)
    {
        IDataset train = Data(kind, 300), test = Data(kind, 150, seed: 2);
        int units = train.Info.Units;
        var random = new Rng(1);
        var model = new Model("walks", new Chain(
            new Dense(units, 48, random.Fork("1")), new BatchNorm(48), new LifLayer(48, random.Fork("2"), Coefficient.Decay(5)), new Dense(48, 3, random.Fork("3"))),
            units, classes: 3, ReadoutKind.Mean);
        using var cpu = new Cpu();
        using var trainer = new Trainer(model, new Adam(model.Parameters), cpu, new TrainerOptions { Epochs = 12, Rate = 0.02f });
        using Loader changed = new(train, new LoaderOptions { BatchSize = 25, Augment = kind == SampleKind.Values ? ForValues : ForSpikes }),
            plain = new(test, new LoaderOptions { Shuffle = false });
        foreach (EpochReport report in trainer.Fit(changed, null))
            Assert.True(float.IsFinite((float)report.TrainLoss));
        Assert.InRange(trainer.Evaluate(plain).Accuracy, 0.85, 1);
    }

    /// <summary>Ragged samples of three classes; every twentieth is the same. Values: a hump on one of three pairs of channels; spikes: a third of the channels is loud.</summary>
    private static InMemoryDataset Data(SampleKind kind, int count, int seed = 1)
    {
        const int steps = 30;
        int units = kind == SampleKind.Values ? 6 : 66;
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 20 % 3)], lengths = [.. Enumerable.Range(0, count).Select(i => steps - i % 20)];
        float[][][] grids = [.. Enumerable.Range(0, count).Select(i =>
        {
            var random = new Random(100 * seed + i % 20);
            return Enumerable.Range(0, lengths[i]).Select(t => Enumerable.Range(0, units).Select(c =>
            {
                bool own = c * 3 / units == labels[i];
                return kind == SampleKind.Values ? (own ? 1 : 0) + 0.2f * random.NextSingle() : random.NextDouble() < (own ? 0.3 : 0.05) ? 1f : 0;
            }).ToArray()).ToArray();
        })];
        return kind == SampleKind.Values
            ? InMemoryDataset.FromValues("walks", [.. grids.Select(grid => grid.SelectMany(row => row).ToArray())], labels, units, 3)
            : InMemoryDataset.FromEvents("walks", [.. grids.Select(grid => grid.SelectMany((row, t) => Enumerable.Range(0, units).Where(c => row[c] == 1).Select(c => new SpikeEvent(t, c))).ToArray())],
                lengths, labels, units, 3);
    }

    /// <summary>Every sample of an epoch by its index, with its length in front.</summary>
    private static Dictionary<int, float[]> Samples(IDataset data, LoaderOptions options, int epoch)
    {
        using var loader = new Loader(data, options with { Augment = data.Info.Kind == SampleKind.Values ? ForValues : ForSpikes });
        int[] order = loader.Order(epoch);
        return loader.Epoch(epoch).SelectMany(Rows).Select((row, i) => (order[i], row)).ToDictionary();
    }

    private static IEnumerable<float[]> Rows(Batch batch)
    {
        float[] all = Dense(batch);
        Shape shape = batch.Input.Shape;
        return [.. Enumerable.Range(0, batch.Count).Select(b =>
        {
            int length = batch.Input.Lengths?[b] ?? shape[1], start = b * shape[1] * shape[2];
            return all[start..(start + length * shape[2])];
        })];
    }

    private static float[] Dense(Batch batch)
    {
        if (batch.Input is Tensor tensor)
            return tensor.Data.ToArray();
        var spikes = (Spikes)batch.Input;
        Shape shape = spikes.Shape;
        var dense = new float[shape[0] * shape[1] * shape[2]];
        for (int i = 0; i < dense.Length; i++)
            dense[i] = spikes.Bits[i / shape[2] * spikes.WordsPerRow + i % shape[2] / 64] >> (i % shape[2] % 64) & 1;
        return dense;
    }

    #region own
    /// <summary>Swaps the two halves of the channels: a recording with left and right exchanged.</summary>
    private sealed record Mirror : Augmentation
    {
        public override string? Problem(DatasetInfo info) =>
            info.Kind != SampleKind.Values ? "it changes values, but the samples are spikes"
            : info.Units % 2 != 0 ? $"it needs an even number of channels, but a sample has {info.Units}" : null;

        public override void Apply(SampleBuffer sample, Rng random)
        {
            int units = sample.Info.Units, half = units / 2;
            ReadOnlySpan<float> x = sample.Values;
            Span<float> y = sample.OtherValues(sample.Steps);
            for (int row = 0; row < x.Length; row += units)
            {
                x.Slice(row, half).CopyTo(y[(row + half)..]);
                x.Slice(row + half, half).CopyTo(y[row..]);
            }
            sample.Swap(sample.Steps);
        }
    }
    #endregion

    private sealed record Constant(float Value) : Augmentation
    {
        public override void Apply(SampleBuffer sample, Rng random) => sample.Values.Fill(Value);
    }
}
