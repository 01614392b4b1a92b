using Volley.Kernels;
using Volley.Recipes;
using Volley.Testing;
using Volley.Training;

namespace Volley.Data.Tests.Matlab;

public sealed class QtdbTests : IDisposable
{
    private const int Samples = 10, Steps = 7;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Event (i + t + c) mod 3 − 1; class (i + t) mod 6, none at step 5.</summary>
    private void Write(Func<int, int, int, double>? events = null, Func<int, int, int, double>? labels = null)
    {
        var write = new MatFiles(bigEndian: false);
        events ??= (i, t, c) => (i + t + c) % 3 - 1;
        labels ??= (i, t, c) => t != 5 && (i + t) % 6 == c ? 1 : 0;
        byte[] file = write.File(write.Packed(write.Array("x", [Samples, Steps, 4], Column(events, 4), 3)), write.Packed(write.Array("y", [Samples, Steps, 6], Column(labels, 6), 2)));
        _folder.Write("QTDB_train.mat", file);
        _folder.Write("QTDB_test.mat", file);

        static double[] Column(Func<int, int, int, double> f, int units) =>
            [.. from c in Enumerable.Range(0, units) from t in Enumerable.Range(0, Steps) from i in Enumerable.Range(0, Samples) select f(i, t, c)];
    }

    [Fact]
    public void EventsAndLabelsOfEveryStep()
    {
        Write();
        DatasetSplits splits = Qtdb.Open(_folder.Root);
        Assert.Equal((9, 1, 10), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        DatasetInfo info = splits.Test.Info;
        Assert.True(info.LabelsSteps);
        Assert.Equal((4, Steps, 6), (info.Units, info.MaxSteps, info.Classes));
        Assert.Equal(["P", "PQ", "QR", "RS", "ST", "TP"], info.ClassNames);
        var values = new float[4 * Steps];
        var labels = new int[Steps];
        for (int i = 0; i < Samples; i++)
        {
            splits.Test.ReadValues(i, values);
            splits.Test.ReadStepLabels(i, labels);
            for (int t = 0; t < Steps; t++)
            {
                Assert.Equal(t == 5 ? Batch.NoLabel : (i + t) % 6, labels[t]);
                for (int c = 0; c < 4; c++)
                    Assert.Equal((i + t + c) % 3 - 1, values[4 * t + c]);
            }
        }
    }

    [Fact]
    public void AsThePublishedCodeCounts()
    {
        Write();
        IDataset test = DataRecipes.Open(new QtdbRecipe(IgnoreSteps: 2, Unlabelled: QtdbUnlabelled.First), _folder.Root, null).Test;
        var labels = new int[Steps];
        test.ReadStepLabels(1, labels);
        Assert.Equal([-1, -1, 3, 4, 5, 0, 1], labels);
    }

    [Fact]
    public void WhatIsWrongIsNamed()
    {
        Assert.Contains("QTDB_train.mat", Assert.Throws<FileNotFoundException>(() => Qtdb.Open(_folder.Root)).Message);
        Write(labels: (i, t, c) => i == 3 && t == 2 ? 1 : 0);
        Assert.Contains("no single class in sample 3 at step 2", Assert.Throws<InvalidDataException>(() => Qtdb.Open(_folder.Root)).Message);
        Write(events: (i, t, c) => i == 4 && t == 6 ? 2 : 0);
        Assert.Contains("the event 2 in sample 4 at step 6", Assert.Throws<InvalidDataException>(() => Qtdb.Open(_folder.Root)).Message);
        var write = new MatFiles(bigEndian: true);
        _folder.Write("QTDB_train.mat", write.File(write.Array("x", [2, 2], [1, 1, 1, 1], 9), write.Array("y", [2, 2], [1, 1, 1, 1], 9)));
        Assert.Contains("'x' of 2 x 2", Assert.Throws<InvalidDataException>(() => Qtdb.Open(_folder.Root)).Message);
    }

    [Fact]
    public void BatchesHaveLabelsWhereSamplesHaveSteps()
    {
        float[][] samples = [.. Enumerable.Range(1, 6).Select(i => new float[2 * i])];
        int[][] labels = [.. Enumerable.Range(1, 6).Select(i => Enumerable.Range(0, i).Select(t => (t + i) % 4 - 1).ToArray())];
        IDataset data = InMemoryDataset.FromValues("mine", samples, new int[6], 2, 3).WithStepLabels(labels);
        Assert.Equal(new[] { 0, 1, 0, 0, 0, 1 }, Enumerable.Range(0, 6).Select(data.Label));
        using var loader = new Loader(data.Subset([4, 1, 5]), new LoaderOptions { BatchSize = 3, Shuffle = false, Augment = [new Noise(1)] });
        Batch batch = loader.Epoch(0).Single();
        int[] expected = [.. labels[4], -1, .. labels[1], -1, -1, -1, -1, .. labels[5]];
        Assert.Equal(expected, batch.StepLabels.ToArray());
        Assert.Contains("stepLabels[0] has 2 labels for 1 steps", Assert.Throws<ArgumentException>(() => InMemoryDataset.FromValues("mine", samples, new int[6], 2, 3).WithStepLabels([[0, 0], .. labels[1..]])).Message);
        Assert.Contains("stepLabels[0][0] is 3", Assert.Throws<ArgumentException>(() => InMemoryDataset.FromValues("mine", samples, new int[6], 2, 3).WithStepLabels([[3], .. labels[1..]])).Message);
        Assert.Throws<InvalidOperationException>(() => ((IDataset)InMemoryDataset.FromValues("mine", samples, new int[6], 2, 3)).ReadStepLabels(0, new int[1]));
        foreach (Augmentation moves in (Augmentation[])[new TimeShift(2), new TimeStretch(0.1)])
            Assert.Contains("away from their labels", Assert.Throws<ArgumentException>(() => new Loader(data, new LoaderOptions { Augment = [moves] })).Message);
        using var cut = new Loader(data, new LoaderOptions { BatchSize = 6, Augment = [new FirstStep()] });
        Assert.Contains("after the augmentations", Assert.Throws<InvalidDataException>(() => cut.Epoch(0).Count()).Message);
    }

    [RealDataFact("qtdb")]
    public void TheRealFiles()
    {
        DatasetSplits splits = DataRecipes.Open(new QtdbRecipe(), RealData.Of("qtdb"), null);
        Assert.Equal((556, 62, 141), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal(DataRecipes.Describe(new QtdbRecipe()) with { ClassNames = splits.Test.Info.ClassNames }, splits.Test.Info);
        // Counted by another program (Python's zlib and struct).
        Assert.Equal([24153, 10145, 9840, 9065, 55885, 55297], Counts(splits.Test));
        int[] train = [.. Counts(splits.Train).Zip(Counts(splits.Valid), (a, b) => a + b)];
        Assert.Equal([100530, 49485, 46503, 35776, 242792, 263147], train);

        static int[] Counts(IDataset part)
        {
            var counts = new int[6];
            var labels = new int[1301];
            for (int i = 0; i < part.Count; i++)
            {
                part.ReadStepLabels(i, labels);
                foreach (int label in labels.Where(label => label >= 0))
                    counts[label]++;
            }
            return counts;
        }
    }

    /// <summary>An augmentation of a user's that shortens samples.</summary>
    private sealed record FirstStep : Augmentation
    {
        public override void Apply(SampleBuffer sample, Rng random)
        {
            sample.OtherValues(1).Clear();
            sample.Swap(1);
        }
    }
}
