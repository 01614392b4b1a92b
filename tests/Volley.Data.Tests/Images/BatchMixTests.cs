using Volley.Kernels;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Data.Tests;

[Collection(Alone.Name)]
public sealed class BatchMixTests
{
    private const int Height = 8, Width = 6, Classes = 5;

    public static TheoryData<ImageOrder> Orders => [ImageOrder.Rows, ImageOrder.Columns];

    [Theory]
    [MemberData(nameof(Orders))]
    public void Mixup_is_the_weighted_mean_with_the_sample_before(ImageOrder order)
    {
        foreach ((Batch plain, Batch mixed) in Batches(new Mixup(1), order))
        {
            float own = Own(plain, mixed);
            Assert.InRange(own, 0, 1);
            float[] x = Values(plain), y = Values(mixed);
            int row = x.Length / plain.Count;
            for (int i = 0; i < x.Length; i++)
                Assert.Equal(own * x[i] + (1 - own) * x[(i - row + x.Length) % x.Length], y[i], 2e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Cutmix_pastes_one_box_of_the_sample_before(ImageOrder order)
    {
        var sizes = new HashSet<int>();
        foreach ((Batch plain, Batch mixed) in Batches(new Cutmix(1), order))
        {
            float[] x = Values(plain), y = Values(mixed);
            int row = x.Length / plain.Count;
            (int Row, int Column)[][] pasted = [.. Enumerable.Range(0, plain.Count).Select(b => Enumerable.Range(0, row / 3)
                .Where(p => x[b * row + 3 * p] != y[b * row + 3 * p]).Select(p => order == ImageOrder.Rows ? (p / Width, p % Width) : (p % Height, p / Height)).ToArray())];
            Assert.All(pasted, box => Assert.Equal(pasted[0], box));
            for (int i = 0; i < x.Length; i++)
                Assert.True(y[i] == x[i] || y[i] == x[(i - row + x.Length) % x.Length]);
            int size = pasted[0].Length;
            sizes.Add(size);
            if (size > 0)
                Assert.Equal(size, (pasted[0].Max(p => p.Row) - pasted[0].Min(p => p.Row) + 1) * (pasted[0].Max(p => p.Column) - pasted[0].Min(p => p.Column) + 1));
            Assert.Equal(1 - size / (float)(Height * Width), Own(plain, mixed), 1e-6);
        }
        Assert.True(sizes.Count > 5);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_box_of_shuffled_pixels_is_the_box_of_the_picture(ImageOrder order)
    {
        var image = new ImageLayout(Height, Width, 3, order);
        int[] places = PixelPermutation.Create(5, Height * Width * 3);
        float[] source = [.. Enumerable.Range(0, 2 * places.Length).Select(i => i + 1f)];
        foreach (PictureBox box in (PictureBox[])[new(0, 0, Height, Width), new(1, 2, 3, 4), new(Height - 1, Width - 1, 1, 1), new(2, 2, 0, 3)])
        {
            float[] plain = new float[source.Length], shuffled = new float[source.Length];
            box.Copy(source, plain, image);
            box.Copy([.. Enumerable.Range(0, source.Length).Select(i => source[Home(i)])], shuffled, image, places);
            Assert.Equal(Enumerable.Range(0, source.Length).Select(i => plain[Home(i)]), shuffled);
        }

        int Home(int i) => i / places.Length * places.Length + places[i % places.Length];
    }

    [Fact]
    public void One_of_the_two_at_random()
    {
        int mixups = 0, cutmixes = 0;
        foreach ((Batch plain, Batch mixed) in Batches(new MixupOrCutmix(1, 1), ImageOrder.Rows, epochs: 20))
        {
            float[] x = Values(plain), y = Values(mixed);
            int row = x.Length / plain.Count;
            if (Enumerable.Range(0, x.Length).All(i => y[i] == x[i] || y[i] == x[(i - row + x.Length) % x.Length]))
                cutmixes++;
            else
                mixups++;
        }
        Assert.Equal(120, mixups + cutmixes);
        Assert.InRange(mixups, 38, 82);
    }

    [Fact]
    public void Chance_decides_whether_a_batch_is_mixed()
    {
        int mixed = Batches(new Mixup(1) { Probability = 0.3 }, ImageOrder.Rows, epochs: 50).Count(pair => pair.Mixed.SoftLabels is not null);
        Assert.InRange(mixed, 90 - 40, 90 + 40);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Lambda_comes_from_the_beta_distribution(double alpha)
    {
        const int draws = 20_000;
        double[] x = [.. Enumerable.Range(0, draws).Select(i => Beta.Draw(alpha, new Rng(7).Fork(i)))];
        Assert.All(x, v => Assert.InRange(v, 0, 1));
        // Central moments of Beta(α, α): variance 1 / (4 (2α + 1)), fourth moment 3 / (16 (2α + 1)(2α + 3)).
        double mean = x.Average(), variance = x.Average(v => (v - 0.5) * (v - 0.5)), fourth = x.Average(v => Math.Pow(v - 0.5, 4));
        double expected = 1 / (4 * (2 * alpha + 1)), expectedFourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3));
        Assert.InRange(mean, 0.5 - 5 * Math.Sqrt(expected / draws), 0.5 + 5 * Math.Sqrt(expected / draws));
        double error = 5 * Math.Sqrt((expectedFourth - expected * expected) / draws);
        Assert.InRange(variance, expected - error, expected + error);
        Assert.InRange(fourth / expectedFourth, 0.9, 1.1);
        if (alpha != 1)
            return;
        // Beta(1, 1) is uniform; 99.99 % of χ² with 19 degrees of freedom lie below 50.8.
        Assert.InRange(x.GroupBy(v => (int)(20 * v)).Sum(g => Math.Pow(g.Count() - draws / 20.0, 2) / (draws / 20.0)), 0, 50.8);
    }

    [Fact]
    public void An_epoch_goes_on_where_it_stopped()
    {
        IDataset data = Data(ImageOrder.Columns);
        var options = new LoaderOptions { BatchSize = 8, Augment = [new RandomCrop(2), new HorizontalFlip { Probability = 0.5 }, new TrivialAugment(), new RandomErasing()], Mix = new MixupOrCutmix() };
        using Loader loader = new(data, options), resumed = new(data, options with { Prefetch = false }), other = new(data, options with { Seed = 2 });
        (float[], float[])[] whole = [.. loader.Epoch(3).Skip(2).Select(Copy)], rest = [.. resumed.Epoch(3, 2).Select(Copy)];
        Assert.Equal(whole.SelectMany(b => b.Item1), rest.SelectMany(b => b.Item1));
        Assert.Equal(whole.SelectMany(b => b.Item2), rest.SelectMany(b => b.Item2));
        Assert.NotEqual(whole.SelectMany(b => b.Item2), other.Epoch(3, 2).Select(Copy).SelectMany(b => b.Item2));
        Assert.NotEqual(whole.SelectMany(b => b.Item2), loader.Epoch(4, 2).Select(Copy).SelectMany(b => b.Item2));
        Assert.NotEqual(whole[0].Item2.Where(v => v < 1).Max(), whole[1].Item2.Where(v => v < 1).Max());

        static (float[], float[]) Copy(Batch batch) => (Values(batch), batch.SoftLabels!.Data.ToArray());
    }

    [Fact]
    public void An_epoch_allocates_next_to_nothing()
    {
        using var loader = new Loader(Data(ImageOrder.Columns, 400), new LoaderOptions
        {
            BatchSize = 10,
            Augment = [new RandomCrop(2), new HorizontalFlip { Probability = 0.5 }, new TrivialAugment(), new RandomErasing()],
            Mix = new MixupOrCutmix(),
        });
        for (int warm = 0; warm < 3; warm++)
            Assert.Equal(40, loader.Epoch(warm).Count());
        long before = GC.GetTotalAllocatedBytes(precise: true);
        foreach (Batch batch in loader.Epoch(4))
            Assert.NotNull(batch.SoftLabels);
        Assert.InRange((GC.GetTotalAllocatedBytes(precise: true) - before) / 40, 0, 1536);
    }

    [Fact]
    public void Samples_of_different_length_cannot_be_mixed()
    {
        using var loader = new Loader(InMemoryDataset.FromValues("ragged", [new float[3], new float[4]], [0, 1], 1, 2), new LoaderOptions { Mix = new Mixup() });
        Assert.Contains("The samples of 'ragged' differ in length, so that they cannot be mixed; leave out Mixup.", Assert.Throws<InvalidDataException>(() => loader.Epoch(0).First()).Message);
    }

    [Fact]
    public void One_sample_meets_itself()
    {
        foreach ((Batch plain, Batch mixed) in Batches(new MixupOrCutmix(1, 1), ImageOrder.Rows, batch: 1))
        {
            Assert.Equal(Values(plain), Values(mixed));
            Assert.Equal(1, mixed.SoftLabels!.Data[plain.Labels.Span[0]], 1e-6);
        }
    }

    /// <summary>The weight of a sample's own label, after a look at all labels.</summary>
    private static float Own(Batch plain, Batch mixed)
    {
        int[] labels = mixed.Labels.ToArray();
        Assert.Equal(plain.Labels.ToArray(), labels);
        float[] soft = mixed.SoftLabels!.Data.ToArray();
        Assert.Equal(new Shape(mixed.Count, Classes), mixed.SoftLabels.Shape);
        float? own = null;
        for (int b = 0; b < labels.Length; b++)
        {
            int before = labels[b == 0 ? ^1 : b - 1];
            float[] row = soft[(b * Classes)..((b + 1) * Classes)];
            Assert.Equal(1, row.Sum(), 1e-6);
            Assert.DoesNotContain(true, row.Select((v, c) => v != 0 && c != labels[b] && c != before));
            if (before == labels[b])
                continue;
            own ??= row[labels[b]];
            Assert.Equal(own.Value, row[labels[b]], 1e-6);
        }
        return own!.Value;
    }

    private static IEnumerable<(Batch Plain, Batch Mixed)> Batches(BatchMix mix, ImageOrder order, int epochs = 3, int batch = 8)
    {
        IDataset data = Data(order);
        using Loader plain = new(data, new LoaderOptions { BatchSize = batch, Seed = 4 }), mixed = new(data, new LoaderOptions { BatchSize = batch, Seed = 4, Mix = mix });
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            foreach ((Batch a, Batch b) in plain.Epoch(epoch).Zip(mixed.Epoch(epoch)))
                yield return (a, b);
        }
    }

    private static float[] Values(Batch batch) => ((Tensor)batch.Input).Data.ToArray();

    /// <summary>Pictures whose pixels all differ.</summary>
    private static Pictures Data(ImageOrder order, int count = 48)
    {
        int units = Height * Width * 3;
        InMemoryDataset data = InMemoryDataset.FromValues("pictures", [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, units).Select(e => (i * units + e) % 9973 / 997f).ToArray())],
            [.. Enumerable.Range(0, count).Select(i => i % Classes)], units / (order == ImageOrder.Rows ? Height : Width), Classes);
        return new Pictures(data, new ImageLayout(Height, Width, 3, order) { Pixels = ChannelScale.Unit(3) });
    }

    private sealed class Pictures(IDataset inner, ImageLayout image) : IDataset
    {
        public DatasetInfo Info { get; } = inner.Info with { Image = image };

        public int Count => inner.Count;

        public int Label(int index) => inner.Label(index);

        public int Length(int index) => inner.Length(index);

        public void ReadValues(int index, Span<float> values) => inner.ReadValues(index, values);

        public void ReadSpikes(int index, Span<ulong> bits) => inner.ReadSpikes(index, bits);
    }
}
