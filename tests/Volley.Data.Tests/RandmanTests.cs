using Volley.Kernels;

namespace Volley.Data.Tests;

public sealed class RandmanTests
{
    private static readonly RandmanOptions Small = new() { TrainPerClass = 200, ValidPerClass = 10, TestPerClass = 50 };

    [Fact]
    public void Default_is_generated_in_a_moment()
    {
        DatasetSplits splits = Randman.Generate();
        Assert.Equal((10_000, 1000, 2000), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal(10, splits.Train.Info.Classes);
        Assert.Equal(SampleKind.Spikes, splits.Train.Info.Kind);
    }

    [Theory]
    [InlineData(1, 2.0, 50, 50)]
    [InlineData(2, 1.0, 65, 33)]
    [InlineData(3, 1.5, 7, 1)]
    public void Each_unit_fires_exactly_once(int dimension, double alpha, int units, int steps)
    {
        DatasetSplits splits = Randman.Generate(new RandmanOptions
        {
            Dimension = dimension,
            Alpha = alpha,
            Units = units,
            Steps = steps,
            Classes = 3,
            TrainPerClass = 5,
            ValidPerClass = 5,
            TestPerClass = 5,
        });
        int words = SpikeWords.Per(units);
        var bits = new ulong[steps * words];
        foreach (IDataset part in new[] { splits.Train, splits.Valid, splits.Test })
        {
            for (int i = 0; i < part.Count; i++)
            {
                Array.Fill(bits, ulong.MaxValue);
                part.ReadSpikes(i, bits);
                for (int u = 0; u < words * 64; u++)
                {
                    int count = 0;
                    for (int t = 0; t < steps; t++)
                        count += (int)(bits[t * words + u / 64] >> (u % 64) & 1);
                    Assert.Equal(u < units ? 1 : 0, count);
                }
            }
        }
    }

    [Fact]
    public void A_seed_gives_the_same_data_on_every_machine()
    {
        // The sum was computed once; it changes only if the generator changes, and then every published figure on randman is void.
        DatasetSplits splits = Randman.Generate(Small);
        ulong hash = 14695981039346656037;
        foreach (int[] steps in SpikeSteps.Of(splits.Train))
        {
            foreach (int step in steps)
                hash = (hash ^ (ulong)step) * 1099511628211;
        }
        Assert.Equal(877245609628051718UL, hash);
    }

    [Fact]
    public void A_sample_does_not_change_when_more_are_drawn()
    {
        int[][] few = SpikeSteps.Of(Randman.Generate(Small with { TrainPerClass = 3 }).Train);
        int[][] many = SpikeSteps.Of(Randman.Generate(Small with { TrainPerClass = 9 }).Train);
        for (int c = 0; c < 10; c++)
        {
            for (int i = 0; i < 3; i++)
                Assert.Equal(few[c * 3 + i], many[c * 9 + i]);
        }
    }

    [Fact]
    public void Seeds_and_parts_differ()
    {
        int[][] one = SpikeSteps.Of(Randman.Generate(Small).Train), two = SpikeSteps.Of(Randman.Generate(Small with { Seed = 2 }).Train);
        Assert.NotEqual(one[0], two[0]);
        Assert.NotEqual(one[0], SpikeSteps.Of(Randman.Generate(Small).Test)[0]);
    }

    [Fact]
    public void Manifolds_are_smooth_and_fill_the_range()
    {
        var manifold = new Manifold(20, 1, 2, new Rng(3));
        double[] values = new double[20], before = new double[20], least = new double[20], most = new double[20];
        Array.Fill(least, 1);
        double jump = 0;
        for (int i = 0; i <= 10_000; i++)
        {
            manifold.Evaluate([i / 10_000.0], values);
            for (int u = 0; u < 20; u++)
            {
                (least[u], most[u]) = (Math.Min(least[u], values[u]), Math.Max(most[u], values[u]));
                if (i > 0)
                    jump = Math.Max(jump, Math.Abs(values[u] - before[u]));
            }
            values.CopyTo(before, 0);
        }
        Assert.All(least, v => Assert.InRange(v, 0, 1e-4));
        Assert.All(most, v => Assert.InRange(v, 1 - 1e-4, 1));
        Assert.InRange(jump, 1e-6, 5e-3);
    }

    [Fact]
    public void Counts_tell_nothing_coincidences_little_timing_nearly_all()
    {
        DatasetSplits splits = Randman.Generate(Small);
        int[] labels = Labels.Of(splits.Train), testLabels = Labels.Of(splits.Test);

        double counts = Softmax.Accuracy(SpikeSteps.Counts(splits.Train), labels, SpikeSteps.Counts(splits.Test), testLabels, 10);
        Assert.InRange(counts, 0.05, 0.15);

        double memoryless = BagOfSteps.Accuracy(splits.Train, splits.Test);
        double timing = Softmax.Accuracy(SpikeSteps.Times(splits.Train), labels, SpikeSteps.Times(splits.Test), testLabels, 10);
        Assert.True(timing > 0.9, $"timing {timing}, memoryless {memoryless}");
        // Clearly worse, but better than chance: the opponent does learn.
        Assert.InRange(memoryless, 0.15, 0.6);
    }

    [Fact]
    public void The_net_without_memory_finds_coincidences()
    {
        // Class 0: units 0 and 1 fire together, at any time. Class 1: they do not.
        var random = new Random(4);
        SpikeEvent[][] samples = [.. Enumerable.Range(0, 400).Select(i =>
        {
            int t = random.Next(10);
            return new SpikeEvent[] { new(t, 0), new(i % 2 == 0 ? t : (t + 1 + random.Next(9)) % 10, 1) };
        })];
        IDataset all = InMemoryDataset.FromEvents(
            "pairs", samples, [.. samples.Select(_ => 10)], [.. samples.Select((_, i) => i % 2)], units: 2, classes: 2);
        Assert.InRange(BagOfSteps.Accuracy(all.Slice(0, 300), all.Slice(300, 100)), 0.95, 1);
    }

    [Fact]
    public void Bad_options_are_named()
    {
        Assert.Contains("Units", Assert.Throws<ArgumentOutOfRangeException>(() => Randman.Generate(Small with { Units = 0 })).Message);
        Assert.Contains("Alpha", Assert.Throws<ArgumentOutOfRangeException>(() => Randman.Generate(Small with { Alpha = double.NaN })).Message);
        Assert.Contains("Steps", Assert.Throws<ArgumentOutOfRangeException>(() => Randman.Generate(Small with { Steps = 65_537 })).Message);
        Assert.Contains("TrainPerClass", Assert.Throws<ArgumentOutOfRangeException>(
            () => Randman.Generate(Small with { TrainPerClass = int.MaxValue })).Message);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(-0.3)]
    [InlineData(123.456)]
    public void Sine_is_the_sine(double turns) => Assert.Equal(Math.Sin(Math.Tau * (turns - Math.Floor(turns))), StableMath.SinTurns(turns), 13);

    [Theory]
    [InlineData(1, -2)]
    [InlineData(2, -1.5)]
    [InlineData(1000, -2)]
    [InlineData(999, -0.7)]
    [InlineData(1000, 0.5)]
    [InlineData(7, 0)]
    public void Power_is_the_power(double x, double exponent) =>
        Assert.Equal(1, StableMath.Power(x, exponent) / Math.Pow(x, exponent), 12);
}
