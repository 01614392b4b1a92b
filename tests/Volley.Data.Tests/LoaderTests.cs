using Volley.Tensors;
using Volley.Training;

namespace Volley.Data.Tests;

[Collection(Alone.Name)]
public sealed class LoaderTests
{
    private static readonly InMemoryDataset Ragged = InMemoryDataset.FromValues(
        "ragged",
        [.. Enumerable.Range(0, 23).Select(i => Enumerable.Range(0, 2 * (1 + i % 5)).Select(k => 100f * i + k).ToArray())],
        [.. Enumerable.Range(0, 23).Select(i => i % 3)],
        units: 2,
        classes: 3);

    public static TheoryData<bool, bool> PrefetchAndPadding => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(PrefetchAndPadding))]
    public void Every_sample_once_an_epoch_padded_with_zeros(bool prefetch, bool pad)
    {
        using var loader = new Loader(Ragged, new LoaderOptions { BatchSize = 5, Prefetch = prefetch, PadToMaxSteps = pad });
        Assert.Equal((5, 23), (loader.BatchesPerEpoch, loader.Samples));
        for (int epoch = 0; epoch < 3; epoch++)
        {
            int[] order = loader.Order(epoch);
            Assert.Equal(Enumerable.Range(0, 23), order.Order());
            int seen = 0;
            foreach (Batch batch in loader.Epoch(epoch))
            {
                var input = (Tensor)batch.Input;
                int longest = order[seen..(seen + batch.Count)].Max(Ragged.Length);
                Assert.Equal(new Shape(batch.Count, pad ? 5 : longest, 2), input.Shape);
                for (int b = 0; b < batch.Count; b++)
                {
                    int sample = order[seen + b], length = Ragged.Length(sample);
                    Assert.Equal(Ragged.Label(sample), batch.Labels.Span[b]);
                    Assert.Equal(length, input.Lengths?[b] ?? input.Shape[1]);
                    ReadOnlySpan<float> row = input.Data.Slice(b * input.Shape[1] * 2, input.Shape[1] * 2);
                    for (int k = 0; k < row.Length; k++)
                        Assert.Equal(k < 2 * length ? 100f * sample + k : 0, row[k]);
                }
                seen += batch.Count;
            }
            Assert.Equal(23, seen);
        }
    }

    [Fact]
    public void Spikes_are_the_bits_of_the_data_set()
    {
        IDataset data = Randman.Generate(new RandmanOptions { TrainPerClass = 4, Units = 70, Steps = 9 }).Train;
        using var loader = new Loader(data, new LoaderOptions { BatchSize = 16 });
        int[] order = loader.Order(2);
        var expected = new ulong[9 * 2];
        int seen = 0;
        foreach (Batch batch in loader.Epoch(2))
        {
            var spikes = (Spikes)batch.Input;
            Assert.Null(spikes.Lengths);
            for (int b = 0; b < batch.Count; b++)
            {
                data.ReadSpikes(order[seen++], expected);
                Assert.Equal(expected, spikes.Bits.Slice(b * expected.Length, expected.Length).ToArray());
            }
        }
        Assert.Equal(40, seen);
    }

    [Fact]
    public void Steps_have_the_axes_that_the_data_set_gives_them()
    {
        float[][] samples = [[.. Enumerable.Range(0, 24).Select(i => (float)i)], [.. Enumerable.Range(24, 12).Select(i => (float)i)]];
        InMemoryDataset values = InMemoryDataset.FromValues("images", samples, [0, 1], units: 12, classes: 2).WithSteps(new Shape(2, 2, 3));
        using var loader = new Loader(values, new LoaderOptions { BatchSize = 2, Shuffle = false });
        var input = (Tensor)loader.Epoch(0).Single().Input;
        Assert.Equal(new Shape(2, 2, 2, 2, 3), input.Shape);
        Assert.Equal([.. samples[0], .. samples[1], .. new float[12]], input.Data.ToArray());

        SpikeEvent[][] events = [[new(0, 5), new(1, 0), new(1, 11)]];
        InMemoryDataset spikes = InMemoryDataset.FromEvents("events", events, [2], [0], units: 12, classes: 1).WithSteps(new Shape(4, 3));
        using var spikeLoader = new Loader(spikes, new LoaderOptions { BatchSize = 1 });
        var bits = (Spikes)spikeLoader.Epoch(0).Single().Input;
        Assert.Equal(new Shape(1, 2, 4, 3), bits.Shape);
        Assert.Equal([0, 4, 0, 0, 1, 0, 0, 4], bits.Bits.ToArray());
    }

    [Fact]
    public void Axes_that_do_not_hold_the_units_are_refused() =>
        Assert.Contains("12 units", Assert.Throws<ArgumentException>(() =>
            InMemoryDataset.FromValues("images", [new float[12]], [0], units: 12, classes: 1).WithSteps(new Shape(5, 3))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_order_is_a_function_of_seed_and_epoch()
    {
        using Loader one = Make(1), again = Make(1), two = Make(2);
        Assert.Equal(one.Order(3), again.Order(3));
        Assert.NotEqual(one.Order(3), one.Order(4));
        Assert.NotEqual(one.Order(3), two.Order(3));
        using var still = new Loader(Ragged, new LoaderOptions { Shuffle = false });
        Assert.Equal(Enumerable.Range(0, 23), still.Order(7));
        static Loader Make(ulong seed) => new(Ragged, new LoaderOptions { Seed = seed });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_epoch_goes_on_where_it_stopped(bool prefetch)
    {
        using var loader = new Loader(Ragged, new LoaderOptions { BatchSize = 4, Prefetch = prefetch });
        List<float> whole = [.. loader.Epoch(6).Skip(2).SelectMany(Content)], rest = [.. loader.Epoch(6, 2).SelectMany(Content)];
        Assert.Equal(whole, rest);
        Assert.Empty(loader.Epoch(6, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => loader.Epoch(6, 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => loader.Epoch(-1));
    }

    [Fact]
    public void The_last_batch_is_kept_or_dropped()
    {
        using var loader = new Loader(Ragged, new LoaderOptions { BatchSize = 5, DropLast = true });
        Assert.Equal((4, 20), (loader.BatchesPerEpoch, loader.Samples));
        Assert.Equal([5, 5, 5, 5], loader.Epoch(0).Select(b => b.Count));
        Assert.Contains("not one batch of 24", Assert.Throws<ArgumentException>(
            () => new Loader(Ragged, new LoaderOptions { BatchSize = 24, DropLast = true })).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Loader(Ragged, new LoaderOptions { BatchSize = 0 }));
        Assert.Throws<ArgumentException>(() => new Loader(Ragged.Slice(0, 0)));
    }

    [Fact]
    public void A_batch_is_taken_back_after_three_more()
    {
        using var loader = new Loader(Ragged, new LoaderOptions { BatchSize = 2, Prefetch = false });
        var first = (Tensor)loader.Epoch(0).Take(4).ToList()[0].Input;
        Assert.Throws<InvalidOperationException>(() => first.Data.Length);
    }

    [Fact]
    public void Breaking_off_ends_the_thread()
    {
        var data = new Probe();
        using var loader = new Loader(data, new LoaderOptions { BatchSize = 1 });
        for (int i = 0; i < 20; i++)
        {
            foreach (Batch batch in loader.Epoch(i))
                break;
            // The thread has ended when the loop is left: nothing is read any more.
            int reads = data.Reads;
            Thread.Sleep(1);
            Assert.Equal(reads, data.Reads);
            Assert.InRange(reads, i + 1, (i + 1) * BatchSlots.Count);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failure_arrives_with_its_batch(bool prefetch)
    {
        var data = new Probe { FailAt = 5 };
        using var loader = new Loader(data, new LoaderOptions { BatchSize = 1, Shuffle = false, Prefetch = prefetch });
        int good = 0;
        var failure = Assert.Throws<IOException>(() =>
        {
            foreach (Batch batch in loader.Epoch(0))
                good++;
        });
        Assert.Equal("read 5", failure.Message);
        Assert.Equal(5, good);
        // The loader is as good as new.
        data.FailAt = -1;
        Assert.Equal(100, loader.Epoch(0).Count());
    }

    [Fact]
    public void Two_epochs_at_once_do_not_meet()
    {
        using var loader = new Loader(Ragged, new LoaderOptions { BatchSize = 3 });
        float[] one = [.. loader.Epoch(1).SelectMany(Content)], two = [.. loader.Epoch(2).SelectMany(Content)];
        var mixed = loader.Epoch(1).Zip(loader.Epoch(2), (a, b) => (Content(a), Content(b))).ToList();
        Assert.Equal(one, mixed.SelectMany(m => m.Item1));
        Assert.Equal(two, mixed.SelectMany(m => m.Item2));
    }

    [Fact]
    public void An_epoch_allocates_next_to_nothing()
    {
        IDataset data = Randman.Generate(new RandmanOptions { Units = 20, TrainPerClass = 100 }).Train;
        using var loader = new Loader(data, new LoaderOptions { BatchSize = 20 });
        for (int warm = 0; warm < 3; warm++)
            Assert.Equal(50, loader.Epoch(warm).Count());
        long before = GC.GetTotalAllocatedBytes(precise: true);
        foreach (Batch batch in loader.Epoch(4))
            Assert.NotNull(batch.Input);
        long perBatch = (GC.GetTotalAllocatedBytes(precise: true) - before) / 50;
        Assert.InRange(perBatch, 0, 1024);
    }

    [Theory]
    [InlineData("label", "Sample 3 of 'probe' has label 9")]
    [InlineData("length", "Sample 3 of 'probe' has 0 steps")]
    [InlineData("nan", "Sample 3 of 'probe' has the value NaN at step 1, unit 2")]
    [InlineData("bits", "Sample 3 of 'probe' has a spike behind its 3 units at step 1")]
    public void A_data_set_that_breaks_its_contract_is_named(string wrong, string says)
    {
        var data = new Probe { Wrong = wrong };
        using var loader = new Loader(data, new LoaderOptions { BatchSize = 10, Shuffle = false });
        Assert.Contains(says, Assert.Throws<InvalidDataException>(() => loader.Epoch(0).First()).Message);
    }

    private static float[] Content(Batch batch) => ((Tensor)batch.Input).Data.ToArray();

    /// <summary>100 samples [2, 3] that count how often they are read, fail on demand, and break one rule in sample 3.</summary>
    private sealed class Probe : IDataset
    {
        private int _reads;

        public int FailAt { get; set; } = -1;

        public string Wrong { get; init; } = "";

        public int Reads => Volatile.Read(ref _reads);

        public DatasetInfo Info => new("probe", Wrong == "bits" ? SampleKind.Spikes : SampleKind.Values, 3, 2, 9, []);

        public int Count => 100;

        public int Label(int index) => index == 3 && Wrong == "label" ? 9 : 0;

        public int Length(int index) => index == 3 && Wrong == "length" ? 0 : 2;

        public void ReadValues(int index, Span<float> values)
        {
            Interlocked.Increment(ref _reads);
            if (index == FailAt)
                throw new IOException($"read {index}");
            values.Clear();
            if (index == 3 && Wrong == "nan")
                values[5] = float.NaN;
        }

        public void ReadSpikes(int index, Span<ulong> bits)
        {
            bits.Clear();
            if (index == 3)
                bits[1] = 8;
        }
    }
}
