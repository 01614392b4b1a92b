using System.Diagnostics;
using Volley.Recipes;

namespace Volley.Tests.Recipes;

/// <summary>Seeded damage to good recipes: a recipe or a RecipeException, nothing else, and quickly.</summary>
public sealed class RecipeFuzzTests
{
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "0", "1e308", "1e999", "-0.0", "99999999999999999999", "\"kind\"", "\"lif\"", "{}", "[]",
        "\\ud800", "\ud800", "\0", "//", "/*", "é", "\"\"", "[[[[", "\"kind\":\"residual\",\"layers\":[",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void MutationsNeverCrashTheReader(int seed)
    {
        var random = new Random(seed);
        string[] texts = [RecipeTexts.Short, RecipeTexts.Mnist, RecipeTexts.Layers, RecipeJson.Write(RecipeJson.Read(RecipeTexts.Layers, "r"))];
        int accepted = 0;
        const int mutations = 5_000;
        for (int i = 0; i < mutations; i++)
        {
            string text = texts[i % texts.Length];
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                int at = random.Next(text.Length + 1), cut = Math.Min(random.Next(8), text.Length - at);
                text = text.Remove(at, cut).Insert(at, random.Next(3) == 0 ? "" : Pieces[random.Next(Pieces.Length)]);
            }
            var clock = Stopwatch.StartNew();
            try
            {
                Recipe recipe = RecipeJson.Read(text, "fuzz");
                RecipeJson.Read(RecipeJson.Write(recipe), "again");
                accepted++;
            }
            catch (RecipeException failure)
            {
                Assert.StartsWith("fuzz: ", failure.Message, StringComparison.Ordinal);
                Assert.True(failure.Message.Length < 500);
            }
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"seed {seed}, mutation {i} took {clock.Elapsed}");
        }
        Assert.InRange(accepted, 1, mutations - 1);
    }

    [Fact]
    public void OddOverridesNeverCrash()
    {
        Recipe recipe = RecipeJson.Read(RecipeTexts.Mnist, "r");
        string[] paths = ["", ".", "[", "a[0", "training", "training.optimizer.kind", "model.hidden[0]", "model.hidden[99999999999]", "seeds", "\ud800", "name", "data.kind.kind"];
        foreach (string path in paths)
        {
            foreach (string value in Pieces.Append("{\"a\":1,\"a\":2}").Append("\"\\ud800\"").Append("{\"\\ud800\":1}").Append(""))
            {
                try
                {
                    RecipeJson.Override(recipe, path, value);
                }
                catch (RecipeException failure)
                {
                    Assert.StartsWith("--set ", failure.Message, StringComparison.Ordinal);
                }
            }
        }
    }
}
