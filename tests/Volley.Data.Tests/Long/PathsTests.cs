using System.Security.Cryptography;
using Volley.Kernels;
using Volley.Recipes;

namespace Volley.Data.Tests;

public sealed class PathsTests
{
    [Theory]
    [InlineData(32, 6, 2)]
    [InlineData(32, 9, 0)]
    [InlineData(128, 14, 4)]
    [InlineData(24, 2, 1)]
    public void The_dots_are_on_one_curve_or_on_two(int size, int dashes, int distractors)
    {
        // Which dashes are one curve is found again from where they are: the gap within a curve is 0.4 of the pitch, between curves 0.8.
        var options = new PathsOptions { Size = size, Dashes = dashes, Distractors = distractors };
        double pitch = PathImage.Pitch(options);
        for (int i = 0; i < 300; i++)
        {
            PathScene scene = PathImage.Compose(options, i % 2 == 1, new Rng(7).Fork(i));
            int[] curve = Curves(scene.Dashes, 0.7 * pitch);
            int expected = 2 * dashes + distractors * Math.Max(1, dashes / 2);
            Assert.Equal(expected, scene.Dashes.Count);
            Assert.Equal(2 + distractors, curve.Distinct().Count());
            int first = Of(scene, curve, scene.First), second = Of(scene, curve, scene.Second);
            Assert.Equal(i % 2 == 1, first == second);
            // Each dot is at an end of a long curve, and no end has both.
            Assert.Equal((dashes, dashes), (curve.Count(c => c == first), curve.Count(c => c == second)));
            Assert.True(scene.First.Distance(scene.Second) > 0.7 * pitch);
        }
    }

    [Fact]
    public void Pixels_are_dots_dashes_and_nothing_else()
    {
        var options = new PathsOptions { Train = 20, Valid = 2, Test = 2 };
        IDataset train = Paths.Generate(options).Train;
        Rng random = new Rng(options.Seed).Fork("volley.data.paths").Fork("train");
        var values = new float[1024];
        for (int i = 0; i < train.Count; i++)
        {
            train.ReadValues(i, values);
            PathScene scene = PathImage.Compose(options, i % 2 == 1, random.Fork(i));
            for (int at = 0; at < values.Length; at++)
            {
                var place = new Place(at % 32, at / 32);
                double dash = scene.Dashes.Min(d => d.Distance(place)), dot = Math.Min(scene.First.Distance(place), scene.Second.Distance(place));
                double inside = Math.Max(0.5 - dash, 1.4 - dot);   // from the nearest edge
                Assert.Equal(Math.Clamp(inside + 0.5, 0, 1) * 2 - 1, values[at], 0.005);
            }
        }
    }

    [Fact]
    public void Classes_are_balanced_and_samples_keep_when_more_are_made()
    {
        DatasetSplits few = DataRecipes.Open(new PathsRecipe(Train: 50, Valid: 10, Test: 20), null, null);
        Assert.Equal(DataRecipes.Describe(new PathsRecipe()) with { ClassNames = few.Train.Info.ClassNames }, few.Train.Info);
        Assert.Equal((25, 5, 10), (Labels.Of(few.Train).Sum(), Labels.Of(few.Valid).Sum(), Labels.Of(few.Test).Sum()));
        DatasetSplits more = DataRecipes.Open(new PathsRecipe(Train: 70, Valid: 12, Test: 30), null, null);
        Assert.Equal(Hash(few.Train), Hash(more.Train.Slice(0, 50)));
        Assert.Equal(Hash(few.Test), Hash(more.Test.Slice(0, 20)));
        Assert.NotEqual(Hash(few.Train), Hash(DataRecipes.Open(new PathsRecipe(Train: 50, Seed: 2), null, null).Train));
        Assert.NotEqual(Hash(few.Valid), Hash(few.Test.Slice(0, 10)));
        Assert.Equal(30, DataRecipes.Open(new PathsRecipe(Train: 50, Limit: 30), null, null).Train.Count);
    }

    [Fact]
    public void The_same_everywhere_and_for_ever() =>
        Assert.Equal("4B7DC5E4276E950C", Hash(Paths.Generate(new PathsOptions { Train = 100, Valid = 2, Test = 2 }).Train));

    [Fact]
    public void The_distance_of_the_dots_says_little()
    {
        // The best threshold on iton it, chosen on these very images, is right in so many of them; 50 % is chance.
        var options = new PathsOptions();
        (double Distance, bool Joined)[] all =
        [
            .. Enumerable.Range(0, 4000).Select(i => (PathImage.Compose(options, i % 2 == 1, new Rng(1).Fork(i)), i % 2 == 1))
                .Select(s => (s.Item1.First.Distance(s.Item1.Second), s.Item2)).OrderBy(s => s.Item1),
        ];
        int right = all.Count(s => s.Joined), best = right;
        foreach ((_, bool joined) in all)
        {
            right += joined ? -1 : 1;
            best = Math.Max(best, Math.Max(right, all.Length - right));
        }
        Assert.InRange(best / 4000.0, 0.5, 0.525);
    }

    [Fact]
    public void The_cache_has_the_same_images()
    {
        using var folder = new TempFolder();
        var recipe = new PathsRecipe(Train: 10, Valid: 4, Test: 4);
        string first = Hash(DataRecipes.Open(recipe, null, folder.Root).Test);
        Assert.Equal(3, Directory.GetFiles(folder.Root).Length);
        Assert.Equal(first, Hash(DataRecipes.Open(recipe, null, folder.Root).Test));
        Assert.Equal(3, Directory.GetFiles(folder.Root).Length);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Contains("ask for fewer", Assert.Throws<ArgumentException>(() => Paths.Generate(new PathsOptions { Size = 24, Dashes = 32, Distractors = 32 })).Message);
        Assert.Contains("Size is 23", Assert.Throws<ArgumentOutOfRangeException>(() => Paths.Generate(new PathsOptions { Size = 23 })).Message);
        Assert.Contains("Train is 10000000", Assert.Throws<ArgumentOutOfRangeException>(() => Paths.Generate(new PathsOptions { Size = 256, Train = 10_000_000 })).Message);
    }

    private static int Of(PathScene scene, int[] curve, Place dot) =>
        curve[Enumerable.Range(0, curve.Length).Single(i => Math.Min(scene.Dashes[i].From.Distance(dot), scene.Dashes[i].To.Distance(dot)) < 1e-9)];

    /// <summary>Dashes of one number are joined by gaps shorter than <paramref name="gap"/>.</summary>
    private static int[] Curves(IReadOnlyList<Dash> dashes, double gap)
    {
        int[] number = [.. Enumerable.Range(0, dashes.Count)];
        for (int i = 0; i < dashes.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                bool near = new[] { dashes[i].From, dashes[i].To }.Any(p => dashes[j].Distance(p) < gap) || new[] { dashes[j].From, dashes[j].To }.Any(p => dashes[i].Distance(p) < gap);
                int from = number[i], to = number[j];
                for (int k = 0; near && k < number.Length; k++)
                    number[k] = number[k] == from ? to : number[k];
            }
        }
        return number;
    }

    private static string Hash(IDataset data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var values = new float[data.Info.MaxSteps];
        for (int i = 0; i < data.Count; i++)
        {
            data.ReadValues(i, values);
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));
            hash.AppendData([(byte)data.Label(i)]);
        }
        return Convert.ToHexString(hash.GetHashAndReset(), 0, 8);
    }
}
