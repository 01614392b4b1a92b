using System.Text.Json;
using Volley.Testing;

namespace Volley.Hdf5.Tests;

/// <summary>Files that other programs wrote.</summary>
public class RealDataTests
{
    [RealDataFact("shd_fixture")]
    public void TheLayoutOfShdIsReadToTheLastBit()
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(RealData.Of("shd_fixture/expected.json")));
        int[] labels = expected.RootElement.GetProperty("labels").Deserialize<int[]>()!, speakers = expected.RootElement.GetProperty("speaker").Deserialize<int[]>()!;
        double[][] times = expected.RootElement.GetProperty("times").Deserialize<double[][]>()!;
        int[][] units = expected.RootElement.GetProperty("units").Deserialize<int[][]>()!;
        string[] files = Directory.GetFiles(RealData.Of("shd_fixture"), "*.h5");
        Assert.Equal(4, files.Length);
        foreach (string path in files)
        {
            using var file = Hdf5File.Open(path);
            Assert.Equal(labels, file["labels"].ReadAll<int>());
            Assert.Equal(speakers, file["extra/speaker"].ReadAll<int>());
            Assert.Equal(times, file["spikes/times"].Rows<double>());
            Assert.Equal(units, file["spikes/units"].Rows<int>());
            Assert.Equal(20, file["extra/keys"].ReadTexts().Length);
            Assert.Equal(["age", "body_height", "gender"], file.Names("extra/meta_info"));
        }
    }

    [RealDataFact("nir")]
    public void EveryGraphIsRead()
    {
        string[] files = Directory.GetFiles(RealData.Of("nir"), "*.nir", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (string path in files)
        {
            using var file = Hdf5File.Open(path);
            Assert.Single(file["version"].ReadTexts());
            Assert.Equal(["NIRGraph"], file["node/type"].ReadTexts());
            int numbers = 0;
            Walk(file, "node", ref numbers);
            Assert.True(numbers > 0);
        }
    }

    private static void Walk(Hdf5File file, string group, ref int numbers)
    {
        foreach (string name in file.Names(group))
        {
            string path = $"{group}/{name}";
            if (IsGroup(file, path))
            {
                Walk(file, path, ref numbers);
                continue;
            }
            Hdf5Dataset dataset = file[path];
            numbers += dataset.Type.Kind == Hdf5Kind.Text ? 0 * dataset.ReadTexts().Length : dataset.ReadAll<double>().Length;
        }
    }

    private static bool IsGroup(Hdf5File file, string path)
    {
        try
        {
            file.Names(path);
            return true;
        }
        catch (InvalidDataException failure) when (failure.Message.Contains("is no group", StringComparison.Ordinal))
        {
            return false;
        }
    }
}
