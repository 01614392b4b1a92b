using System.Text;
using Volley.Recipes;

namespace Volley.Data.Tests;

public sealed class PathfinderTests
{
    private const int Side = 8;

    [Theory]
    [InlineData("pathfinder8/curv_contour_length_14", PathfinderDifficulty.Hard)]
    [InlineData("curv_contour_length_9", PathfinderDifficulty.Intermediate)]
    [InlineData("pathfinder8/curv_baseline", PathfinderDifficulty.Easy)]
    public void Folders_of_the_release(string inner, PathfinderDifficulty difficulty)
    {
        using var folder = new TempFolder();
        Write(Path.Combine(folder.Root, inner), samples: 100);
        var warnings = new List<string>();
        DatasetSplits splits = DataRecipes.Open(new PathfinderRecipe(Side, difficulty), folder.Root, null, warnings.Add);
        Assert.Equal((80, 10, 10), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal(new DatasetInfo("pathfinder", SampleKind.Values, 1, 64, 2, splits.Train.Info.ClassNames), splits.Test.Info);
        // Every sample once, with its own label and pixels, half of each class in each part.
        var seen = new HashSet<int>();
        foreach (IDataset part in new[] { splits.Train, splits.Valid, splits.Test })
        {
            Assert.Equal(part.Count / 2, Labels.Of(part).Sum());
            for (int i = 0; i < part.Count; i++)
            {
                var values = new float[64];
                part.ReadValues(i, values);
                int number = (int)Math.Round((values[0] + 1) * 127.5);
                Assert.True(seen.Add(number));
                Assert.Equal(number % 2, part.Label(i));
                Assert.Equal(Pixels(number).Select(p => (p / 255f - 0.5f) / 0.5f), values);
            }
        }
        Assert.Empty(warnings);
        DatasetSplits again = DataRecipes.Open(new PathfinderRecipe(Side, difficulty, Limit: 20), folder.Root, null);
        Assert.Equal((20, 10), (again.Train.Count, again.Test.Count));
        Assert.Equal(Labels.Of(splits.Test), Labels.Of(again.Test));
        Assert.NotEqual(Labels.Of(splits.Test), Labels.Of(DataRecipes.Open(new PathfinderRecipe(Side, difficulty, SplitSeed: 9), folder.Root, null).Test));
    }

    [Fact]
    public void An_empty_image_is_left_out_and_told_of()
    {
        using var folder = new TempFolder();
        string root = Write(folder["curv_contour_length_14"], samples: 21);
        File.WriteAllBytes(Path.Combine(root, "imgs/0/sample_3.png"), []);
        var warnings = new List<string>();
        DatasetSplits splits = DataRecipes.Open(new PathfinderRecipe(Side), folder.Root, null, warnings.Add);
        Assert.Equal(20, splits.Train.Count + splits.Valid.Count + splits.Test.Count);
        Assert.Contains("1 empty image, left out", Assert.Single(warnings));
    }

    [Theory]
    [InlineData("imgs/0 sample_0.png 0", "line 1: expected folder, image, a number and the class 0 or 1")]
    [InlineData("imgs/0 sample_0.png 0 2 1", "line 1: expected folder")]
    [InlineData("imgs/0 sample_0.png 0 1\nimgs/0 nothing.png 0 1", "nothing.png' is not there")]
    [InlineData("imgs/../.. passwd.png 0 1", "are no imgs/{n} and name of an image")]
    [InlineData("imgs/0 ../../secret.png 0 1", "are no imgs/{n} and name of an image")]
    [InlineData("/etc passwd 0 1", "are no imgs/{n} and name of an image")]
    [InlineData("\n\n", "name no image")]
    public void One_wrong_line_is_found(string content, string says)
    {
        using var folder = new TempFolder();
        string root = Write(folder["curv_contour_length_14"], samples: 2);
        File.WriteAllText(Path.Combine(root, "metadata/0.npy"), content);
        string message = Assert.Throws<InvalidDataException>(() => Pathfinder.Open(folder.Root, new PathfinderOptions { Size = Side })).Message;
        Assert.Contains("metadata", message);
        Assert.Contains(says, message);
    }

    [Fact]
    public void A_damaged_image_is_found_when_it_is_read()
    {
        using var folder = new TempFolder();
        string root = Write(folder["curv_contour_length_14"], samples: 20);
        foreach (string path in Directory.GetFiles(Path.Combine(root, "imgs/0")))
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..40]);
        IDataset train = Pathfinder.Open(folder.Root, new PathfinderOptions { Size = Side }).Train;
        Assert.Contains("sample_", Assert.Throws<InvalidDataException>(() => train.ReadValues(0, new float[64])).Message);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        using var folder = new TempFolder();
        Assert.Contains("/nowhere", Assert.Throws<DirectoryNotFoundException>(() => Pathfinder.Open("/nowhere")).Message);
        Assert.Contains("curv_contour_length_14", Assert.Throws<FileNotFoundException>(() => Pathfinder.Open(folder.Root)).Message);
        Directory.CreateDirectory(folder["curv_contour_length_14/metadata"]);
        Assert.Contains("{n}.npy", Assert.Throws<FileNotFoundException>(() => Pathfinder.Open(folder.Root)).Message);
    }

    [Fact]
    public void Any_list()
    {
        using var folder = new TempFolder();
        string root = Write(folder["curv_contour_length_14"], samples: 20), list = Path.Combine(root, "metadata/0.npy");
        byte[] good = File.ReadAllBytes(list);
        var random = new Random(20261128);
        int read = 0, refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            File.WriteAllBytes(list, Mutations.Of(good, random));
            try
            {
                Pathfinder.Open(folder.Root, new PathfinderOptions { Size = Side });
                read++;
            }
            catch (InvalidDataException failure)
            {
                Assert.Contains("metadata", failure.Message);
                refused++;
            }
        }
        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    /// <summary>Image n has the class n mod 2, and n as its first pixel; lists of 10, whose numbers sort otherwise than their names.</summary>
    private static string Write(string root, int samples)
    {
        Directory.CreateDirectory(Path.Combine(root, "metadata"));
        for (int list = 0; list * 10 < samples; list++)
        {
            Directory.CreateDirectory(Path.Combine(root, $"imgs/{list}"));
            var lines = new StringBuilder();
            for (int n = 10 * list; n < Math.Min(samples, 10 * list + 10); n++)
            {
                File.WriteAllBytes(Path.Combine(root, $"imgs/{list}/sample_{n}.png"), PngFiles.Of(Pixels(n), Side, 1, y => y % 5));
                lines.Append($"imgs/{list} sample_{n}.png {n} {n % 2} 1.5 2 0.25\n");
            }
            File.WriteAllText(Path.Combine(root, $"metadata/{list}.npy"), lines.ToString());
        }
        return root;
    }

    private static byte[] Pixels(int number) => [.. Enumerable.Range(0, Side * Side).Select(i => i == 0 ? (byte)number : (byte)(17 * i + number))];
}
