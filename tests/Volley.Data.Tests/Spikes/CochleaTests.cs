using System.Text.Json;
using Volley.Recipes;
using Volley.Testing;

namespace Volley.Data.Tests;

/// <summary>The loaders of SHD and SSC on the fixture: synthetic samples in the layout of the published files, not SHD.</summary>
public class CochleaTests
{
    private const string Data = "shd_fixture";

    [RealDataFact(Data)]
    public void StepsAreThoseOfTheSpikes()
    {
        using var folder = new TempFolder();
        foreach (string file in Files())
        {
            Copy(folder, file, "shd_train.h5", "shd_test.h5");
            DatasetSplits splits = DataRecipes.Open(new ShdRecipe(), folder.Root, null);
            Assert.Equal(new DatasetInfo("shd", SampleKind.Spikes, 140, 100, 20, splits.Train.Info.ClassNames), splits.Test.Info);
            Assert.Equal(24, splits.Test.Count);
            Fixture expected = Fixture.Read();
            for (int i = 0; i < 24; i++)
            {
                var bits = new ulong[100 * 3];
                splits.Test.ReadSpikes(i, bits);
                Assert.Equal(expected.Bits(i, channels: 5, bin: 0.01, steps: 100), bits);
                Assert.Equal(expected.Labels[i], splits.Test.Label(i));
            }
        }
    }

    [RealDataFact(Data)]
    public void OptionsChangeTheGrid()
    {
        using var folder = new TempFolder();
        Copy(folder, Files()[0], "shd_train.h5", "shd_test.h5");
        DatasetSplits splits = DataRecipes.Open(new ShdRecipe(Channels: 1, Bin: 0.004, Steps: 60), folder.Root, null);
        Assert.Equal((700, 60), (splits.Test.Info.Units, splits.Test.Info.MaxSteps));
        var bits = new ulong[60 * 11];
        splits.Test.ReadSpikes(7, bits);
        Assert.Equal(Fixture.Read().Bits(7, channels: 1, bin: 0.004, steps: 60), bits);
    }

    [RealDataFact(Data)]
    public void ValidationHasSpeakersOfItsOwn()
    {
        using var folder = new TempFolder();
        Copy(folder, Files()[0], "shd_train.h5", "shd_test.h5");
        Fixture expected = Fixture.Read();
        foreach (double fraction in (double[])[0, 0.1, 0.3, 0.9])
        {
            DatasetSplits splits = Cochlea.OpenShd(folder.Root, new CochleaOptions { Split = new SplitOptions(fraction) });
            var train = (Subset)splits.Train;
            var valid = (Subset)splits.Valid;
            Assert.Equal(24, train.Count + valid.Count);
            Assert.True(valid.Count >= fraction * 24);
            Assert.True(train.Count >= 2);
            int[] trained = [.. Enumerable.Range(0, train.Count).Select(i => expected.Speakers[train.SourceIndex(i)])];
            int[] held = [.. Enumerable.Range(0, valid.Count).Select(i => expected.Speakers[valid.SourceIndex(i)])];
            Assert.Empty(trained.Intersect(held));
        }
    }

    [RealDataFact(Data)]
    public void SscHasItsOwnParts()
    {
        using var folder = new TempFolder();
        Copy(folder, Files()[0], "ssc_train.h5", "ssc_valid.h5", "ssc_test.h5");
        DatasetSplits splits = DataRecipes.Open(new SscRecipe(Limit: 10), folder.Root, null);
        Assert.Equal((10, 24, 24), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal(("ssc", 35), (splits.Train.Info.Name, splits.Train.Info.Classes));
    }

    [RealDataFact(Data)]
    public void TheCacheHasTheSameSteps()
    {
        using var folder = new TempFolder();
        Copy(folder, Files()[0], "shd_train.h5", "shd_test.h5");
        var warnings = new List<string>();
        DatasetSplits first = DataRecipes.Open(new ShdRecipe(), folder.Root, folder["cache"], warnings.Add);
        Assert.Single(Directory.GetFiles(folder["cache"]));   // both parts are the same file here
        DatasetSplits second = DataRecipes.Open(new ShdRecipe(), folder.Root, folder["cache"], warnings.Add);
        Assert.Empty(warnings);
        ulong[] a = new ulong[300], b = new ulong[300];
        for (int i = 0; i < 24; i++)
        {
            first.Test.ReadSpikes(i, a);
            second.Test.ReadSpikes(i, b);
            Assert.Equal(a, b);
            Assert.Equal(first.Test.Label(i), second.Test.Label(i));
        }
        Assert.Equal(first.Valid.Count, second.Valid.Count);
        DataRecipes.Open(new ShdRecipe(Steps: 50), folder.Root, folder["cache"], warnings.Add);
        Assert.Equal(2, Directory.GetFiles(folder["cache"]).Length);
    }

    [Fact]
    public void AMissingOrOtherFileIsNamed()
    {
        using var folder = new TempFolder();
        Assert.Contains("has no shd_train.h5", Assert.Throws<FileNotFoundException>(() => Cochlea.OpenShd(folder.Root)).Message);
        Assert.Throws<DirectoryNotFoundException>(() => Cochlea.OpenSsc(folder["nothing"]));
        folder.Write("shd_train.h5", 1, 2, 3);
        folder.Write("shd_test.h5", 1, 2, 3);
        Assert.Contains("this is no HDF5 file", Assert.Throws<InvalidDataException>(() => Cochlea.OpenShd(folder.Root)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Cochlea.OpenShd(folder.Root, new CochleaOptions { Bin = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Cochlea.OpenShd(folder.Root, new CochleaOptions { Channels = 701 }));
    }

    [RealDataFact(Data)]
    public void ADamagedFileIsOneSentence()
    {
        using var folder = new TempFolder();
        byte[] good = File.ReadAllBytes(Files().Single(file => file.Contains("zlib", StringComparison.Ordinal)));
        var random = new Random(3);
        for (int i = 0; i < 200; i++)
        {
            byte[] bad = Mutations.Of(good, random);
            folder.Write("shd_train.h5", bad);
            folder.Write("shd_test.h5", bad);
            try
            {
                Cochlea.OpenShd(folder.Root);
            }
            catch (InvalidDataException failure)
            {
                Assert.EndsWith(".", failure.Message);
            }
        }
    }

    private static string[] Files() => [.. Directory.GetFiles(RealData.Of(Data), "*.h5").Order(StringComparer.Ordinal)];

    private static void Copy(TempFolder folder, string file, params string[] names)
    {
        foreach (string name in names)
            folder.Write(name, File.ReadAllBytes(file));
    }

    private sealed record Fixture(int[] Labels, int[] Speakers, double[][] Times, int[][] Units)
    {
        public static Fixture Read()
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(RealData.Of($"{Data}/expected.json")));
            return new Fixture(Of<int[]>("labels"), Of<int[]>("speaker"), Of<double[][]>("times"), Of<int[][]>("units"));
            T Of<T>(string name) => json.RootElement.GetProperty(name).Deserialize<T>()!;
        }

        public ulong[] Bits(int sample, int channels, double bin, int steps)
        {
            int words = (700 / channels + 63) / 64;
            var bits = new ulong[steps * words];
            foreach ((double time, int unit) in Times[sample].Zip(Units[sample]))
            {
                int step = (int)(time / bin), group = unit / channels;
                if (step < steps)
                    bits[step * words + group / 64] |= 1UL << group % 64;
            }
            return bits;
        }
    }
}
