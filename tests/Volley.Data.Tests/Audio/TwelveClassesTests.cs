using Volley.Data.Audio;
using Volley.Recipes;
using Volley.Testing;

namespace Volley.Data.Tests.Audio;

public sealed class TwelveClassesTests : IDisposable
{
    private const int Rate = 8000;

    private static readonly string[] Ten = ["yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go"], Others = ["bed", "cat", "tree"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Twenty recordings of each word, two to validate and four to test with; two files of noise whose sample n is the tenth in which n lies.</summary>
    private void Write()
    {
        var lists = new Dictionary<string, List<string>> { ["validation_list.txt"] = [], ["testing_list.txt"] = [] };
        foreach (string word in (string[])[.. Ten, .. Others])
        {
            Directory.CreateDirectory(_folder[word]);
            for (int i = 0; i < 20; i++)
            {
                string name = $"{word}/{i:00}_nohash_0.wav";
                _folder.Write(name, WavFiles.Pcm16(new short[100], Rate));
                if (i < 6)
                    lists[i < 2 ? "validation_list.txt" : "testing_list.txt"].Add(name);
            }
        }
        foreach ((string name, List<string> lines) in lists)
            File.WriteAllLines(_folder[name], lines);
        Directory.CreateDirectory(_folder["_background_noise_"]);
        foreach (int seconds in (int[])[10, 30])
            _folder.Write($"_background_noise_/{seconds}.wav", WavFiles.Pcm16([.. Enumerable.Range(0, seconds * Rate).Select(n => (short)(1000 * (1 + 10 * n / (seconds * Rate))))], Rate));
        File.WriteAllText(_folder["_background_noise_/README.md"], "none of them");
    }

    private DatasetSplits Open(TwelveClasses twelve) => SpeechCommands.Open(_folder.Root, new AudioOptions(new TwoNumbers(Rate, 100), "two numbers"), twelve);

    [Fact]
    public void ShareOfUnknownWordsAndSilenceInEveryPart()
    {
        Write();
        DatasetSplits splits = Open(new TwelveClasses());
        Assert.Equal(["_silence_", "_unknown_", .. Ten], splits.Train.Info.ClassNames);
        foreach ((IDataset part, int each) in (ReadOnlySpan<(IDataset, int)>)[(splits.Train, 14), (splits.Valid, 2), (splits.Test, 4)])
        {
            int[] counts = [.. Enumerable.Range(0, 12).Select(c => Enumerable.Range(0, part.Count).Count(i => part.Label(i) == c))];
            Assert.Equal([each, each, .. Enumerable.Repeat(each, 10)], counts);
        }
        DatasetSplits more = Open(new TwelveClasses(UnknownFraction: 5, SilenceFraction: 0.5));
        int[] test = [.. Enumerable.Range(0, more.Test.Count).Select(more.Test.Label)];
        // There are no more than twelve other recordings.
        Assert.Equal((20, 12), (test.Count(label => label == 0), test.Count(label => label == 1)));
    }

    [Fact]
    public void NoNoiseIsInTwoParts()
    {
        Write();
        DatasetSplits splits = Open(new TwelveClasses(SilenceFraction: 1));
        foreach ((IDataset part, int first, int last) in (ReadOnlySpan<(IDataset, int, int)>)[(splits.Train, 1, 8), (splits.Valid, 9, 9), (splits.Test, 10, 10)])
        {
            float least = float.MaxValue, most = 0;
            for (int i = 0; i < part.Count; i++)
            {
                if (part.Label(i) != 0)
                    continue;
                Assert.Equal(80, part.Length(i));
                var values = new float[160];
                part.ReadValues(i, values);
                // Within a piece the noise rises by whole tenths of the file; the volume is the same.
                float low = values.Where((_, k) => k % 2 == 1).Min(), high = values.Max();
                Assert.InRange(high / low, 1, (double)last / first + 1e-3);
                (least, most) = (Math.Min(least, low), Math.Max(most, high));
            }
            Assert.InRange(most, 0, 1000 * last / 32768f);
            Assert.True(least < 0.3 * 1000 * first / 32768f, "volumes reach down");
        }
    }

    [Fact]
    public void TheSeedDecidesAndNothingElse()
    {
        Write();
        List<Recording> words = SpeechCommands.List(_folder.Root);
        Assert.Equal(new TwelveClasses().Of(_folder.Root, words), new TwelveClasses().Of(_folder.Root, words));
        Assert.NotEqual(new TwelveClasses().Of(_folder.Root, words), new TwelveClasses(Seed: 2).Of(_folder.Root, words));
        List<Recording> pieces = [.. new TwelveClasses().Of(_folder.Root, words).Where(recording => recording.Class == "_silence_")];
        Assert.True(pieces.Select(piece => piece.Crop).Distinct().Count() == pieces.Count);
        Assert.Equal(2, pieces.Select(piece => piece.Path).Distinct().Count());
        var cache = new DiskCache(_folder["cache"]);
        var options = new AudioOptions(new TwoNumbers(Rate, 100), "two numbers") { Cache = cache };
        foreach (int _ in (int[])[1, 2])
        {
            DatasetSplits cached = SpeechCommands.Open(_folder.Root, options, new TwelveClasses()), plain = Open(new TwelveClasses());
            for (int i = 0; i < plain.Train.Count; i++)
            {
                var expected = new float[2 * plain.Train.Length(i)];
                var actual = new float[expected.Length];
                plain.Train.ReadValues(i, expected);
                cached.Train.ReadValues(i, actual);
                Assert.Equal(expected, actual);
            }
        }
    }

    [Fact]
    public void WhatIsMissingIsNamed()
    {
        Write();
        _folder.Write("_background_noise_/short.wav", WavFiles.Pcm16(new short[Rate * 9], Rate));
        Assert.Contains("10 s or more are needed", Assert.Throws<InvalidDataException>(() => Open(new TwelveClasses())).Message);
        Directory.Delete(_folder["_background_noise_"], recursive: true);
        Assert.Contains("silenceFraction 0 does without", Assert.Throws<FileNotFoundException>(() => Open(new TwelveClasses())).Message);
        Assert.Equal(12, Open(new TwelveClasses(SilenceFraction: 0)).Test.Info.Classes);
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(new TwelveClasses(UnknownFraction: -1)));
    }

    [RealDataFact("gsc_v1_small")]
    public void TheRealWords()
    {
        List<Recording> words = SpeechCommands.List(RealData.Of("gsc_v1_small"));
        List<Recording> all = new TwelveClasses(SilenceFraction: 0).Of(RealData.Of("gsc_v1_small"), words);
        Assert.Equal(30, all.Count(recording => Ten.Contains(recording.Class)));
        foreach (Part part in Enum.GetValues<Part>())
        {
            int ten = words.Count(recording => recording.Part == part && Ten.Contains(recording.Class));
            Recording[] unknown = [.. all.Where(recording => recording.Part == part && recording.Class == "_unknown_")];
            Assert.Equal((ten + 9) / 10, unknown.Length);
            Assert.All(unknown, recording => Assert.DoesNotContain(Path.GetFileName(Path.GetDirectoryName(recording.Path)), Ten));
        }
        DatasetInfo info = DataRecipes.Describe(new SpeechCommandsRecipe(new KaldiFbankRecipe(), SpeechTask.Twelve));
        Assert.Equal((12, 40), (info.Classes, info.Units));
        DatasetSplits splits = DataRecipes.Open(new SpeechCommandsRecipe(new KaldiFbankRecipe(), SpeechTask.Twelve, SilenceFraction: 0), RealData.Of("gsc_v1_small"), null);
        Assert.Equal(info.ClassNames, splits.Train.Info.ClassNames);
    }
}
