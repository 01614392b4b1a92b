using System.Diagnostics;
using Volley.Data.Audio;
using Volley.Recipes;
using Volley.Testing;
using Xunit.Abstractions;

namespace Volley.Data.Tests.Audio;

/// <summary>The real 3000 recordings against what reference/fsdd.md says of them.</summary>
public sealed class FsddTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Speakers = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"];

    private readonly TempFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [RealDataFact("fsdd")]
    public void The_official_split_is_that_of_the_reference()
    {
        List<Recording> recordings = Fsdd.List(RealData.Of("fsdd"), null);
        Assert.Equal(
            FsddFiles.All().Select(take => $"{take.Digit}_{Speakers[take.Speaker]}_{take.Index}.wav"), recordings.Select(recording => Path.GetFileName(recording.Path)));
        Assert.Equal(
            FsddFiles.All().Select(take => take.Index < 5 ? Part.Test
                : take.Index % 10 == 9 && (take.Index < 49 || (take.Digit + take.Speaker) % 2 == 0) ? Part.Valid : Part.Train),
            recordings.Select(recording => recording.Part!.Value));
        Assert.Equal((2430, 270, 300), Count(recordings));
        Assert.All(recordings.Where(r => r.Part == Part.Valid).GroupBy(r => r.Class), group => Assert.Equal(27, group.Count()));
        Assert.All(recordings.Where(r => r.Part == Part.Valid).GroupBy(r => r.Speaker), group => Assert.Equal(45, group.Count()));
        // The folder with the files themselves will do, too.
        Assert.Equal(recordings, Fsdd.List(RealData.Of("fsdd/recordings"), null));
    }

    [RealDataFact("fsdd")]
    public void Leaving_a_speaker_out()
    {
        foreach (string speaker in Speakers)
        {
            List<Recording> recordings = Fsdd.List(RealData.Of("fsdd"), speaker);
            Assert.Equal((2250, 250, 500), Count(recordings));
            Assert.All(recordings, recording => Assert.Equal(recording.Speaker == speaker, recording.Part == Part.Test));
        }
        string message = Assert.Throws<ArgumentException>(() => Fsdd.List(RealData.Of("fsdd"), "teo")).Message;
        Assert.StartsWith("There is no speaker 'teo' to leave out; did you mean 'theo'?", message);
    }

    [RealDataFact("fsdd")]
    public void Standardised_log_mels_and_their_cache()
    {
        var recipe = new FsddRecipe(new LogMelRecipe(Steps: 100));
        var watch = Stopwatch.StartNew();
        DatasetSplits first = DataRecipes.Open(recipe, RealData.Of("fsdd"), _cache.Root);
        output.WriteLine($"decoded in {watch.ElapsedMilliseconds} ms");
        Assert.Equal((2430, 270, 300), (first.Train.Count, first.Valid.Count, first.Test.Count));
        Assert.Equal(new DatasetInfo("fsdd", SampleKind.Values, 40, 100, 10, first.Test.Info.ClassNames), first.Test.Info);

        InputDescription input = first.Input!;
        Assert.Equal(recipe.FrontEnd, input.FrontEnd);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], input.ClassNames!);
        foreach ((int channel, double mean, double sd) in new[] { (0, -10.54629, 4.50058), (1, -9.72689, 5.25584), (39, -11.03497, 3.79780) })
        {
            Assert.Equal(mean, input.Mean![channel], 1e-5);
            Assert.Equal(sd, input.Sd![channel], 1e-5);
        }
        // 0_george_0 is the first test sample; its log-mels before standardisation are given.
        var values = new float[100 * 40];
        first.Test.ReadValues(0, values);
        double[] raw = [-8.807625, -3.993863, 0.534396, 2.010131];
        for (int c = 0; c < 4; c++)
            Assert.Equal((raw[c] - input.Mean![c]) / input.Sd![c], values[c], 1e-5);

        watch.Restart();
        DatasetSplits second = DataRecipes.Open(recipe, RealData.Of("fsdd"), _cache.Root);
        output.WriteLine($"from the cache in {watch.ElapsedMilliseconds} ms");
        Assert.Equal(All(first.Train), All(second.Train));
        Assert.Equal(input.Mean, second.Input!.Mean);

        // A trained model brings its own statistics, whatever is to be evaluated.
        DatasetSplits other = DataRecipes.Open(recipe with { LeaveOut = "theo" }, RealData.Of("fsdd"), _cache.Root, null, input);
        Assert.Equal(input.Mean, other.Input!.Mean);
        Assert.Equal(500, other.Test.Count);
        Assert.NotEqual(input.Mean, DataRecipes.Open(recipe with { LeaveOut = "theo" }, RealData.Of("fsdd"), _cache.Root).Input!.Mean);
        Assert.Equal(3, Directory.GetFiles(_cache.Root).Length);
    }

    private static (int Train, int Valid, int Test) Count(List<Recording> recordings) =>
        (recordings.Count(r => r.Part == Part.Train), recordings.Count(r => r.Part == Part.Valid), recordings.Count(r => r.Part == Part.Test));

    private static float[] All(IDataset data)
    {
        int size = data.Info.MaxSteps * data.Info.Units;
        var values = new float[data.Count * size];
        for (int i = 0; i < data.Count; i++)
            data.ReadValues(i, values.AsSpan(i * size, size));
        return values;
    }
}
