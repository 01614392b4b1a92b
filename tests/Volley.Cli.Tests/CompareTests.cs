using System.Text.Json.Nodes;

namespace Volley.Cli.Tests;

/// <summary>Several networks side by side from the command line, on a tiny task.</summary>
public sealed class CompareTests
{
    private static readonly string[] Tiny = ["--set", "data.trainPerClass=8", "--set", "data.validPerClass=2", "--set", "data.testPerClass=3", "--epochs", "2", "--threads", "1"];

    private static string[] Compare(Place place, params string[] args) => ["compare", .. args, .. Tiny, "--out", place["out"]];

    [Fact]
    public void Recipes_are_trained_alike_and_stand_in_one_table()
    {
        using var place = new Place();
        ToolRun run = ToolRun.Of(Compare(place, "quickstart", "quickstart-lif", "--seeds", "1,2")).Succeeds();
        Assert.Contains("µs/step", run.Out);
        JsonObject result = JsonNode.Parse(File.ReadAllText(place["out/comparison.json"]))!.AsObject();
        Assert.Equal([1, 2], result["seeds"]!.AsArray().Select(seed => (int)seed!));
        JsonObject[] entrants = [.. result["entrants"]!.AsArray().Select(e => e!.AsObject())];
        Assert.Equal(["quickstart", "quickstart-lif"], entrants.Select(e => (string)e["name"]!));
        foreach (JsonObject e in entrants)
        {
            Assert.Equal(2, (double)e["epochs"]!);
            foreach (string member in new[] { "parameters", "spikes_per_neuron", "synops_per_sample", "macs_per_sample", "energy_int8_nanojoules", "energy_float32_nanojoules", "seconds_per_epoch", "step_microseconds_median", "step_microseconds_p99" })
                Assert.True((double)e[member]! > 0, member);
            Assert.InRange((double)e["test_accuracy"]!, 0, 1);
            Assert.True((double)e["test_accuracy_sd"]! >= 0);
            Assert.Null(e["no_stream"]);
        }
        // Each entrant's folder is that of an ordinary run of two seeds.
        Assert.True(File.Exists(place["out/quickstart/seed-2/model.safetensors"]));
        Assert.True(File.Exists(place["out/quickstart-lif/summary.json"]));
        string page = File.ReadAllText(place["out/report.html"]);
        Assert.Contains("<svg", page);
        Assert.Contains("step, µs", page);

        // From its files alone, the same page again.
        File.Delete(place["out/report.html"]);
        ToolRun.Of("report", place["out"]).Succeeds();
        Assert.Equal(page, File.ReadAllText(place["out/report.html"]));
    }

    [Fact]
    public void Neuron_models_of_one_recipe_are_compared_and_one_that_cannot_stream_says_so()
    {
        using var place = new Place();
        ToolRun run = ToolRun.Of(Compare(place, "quickstart", "--neurons", "lif,psn", "--seeds", "3", "--json")).Succeeds();
        Assert.Equal("comparison", (string)run.Last["event"]!);
        JsonObject[] entrants = [.. run.Last["entrants"]!.AsArray().Select(e => e!.AsObject())];
        Assert.Equal(["lif", "psn"], entrants.Select(e => (string)e["name"]!));
        Assert.Null(entrants[1]["step_microseconds_median"]);
        Assert.Contains("psn", (string)entrants[1]["no_stream"]!, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_comparison_that_was_interrupted_goes_on_to_the_same_table()
    {
        using var place = new Place();
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        ToolRun stopped = ToolRun.With(interrupt.Token, Compare(place, "quickstart", "quickstart-lif", "--seeds", "1"));
        Assert.Equal(ExitCode.Interrupted, stopped.Code);
        Assert.Contains("compare --resume", stopped.Out);
        ToolRun.Of("compare", "--resume", "--out", place["out"], "--threads", "1").Succeeds();

        using var other = new Place();
        ToolRun.Of(Compare(other, "quickstart", "quickstart-lif", "--seeds", "1")).Succeeds();
        foreach (string model in new[] { "out/quickstart/seed-1/model.safetensors", "out/quickstart-lif/seed-1/model.safetensors" })
            Assert.Equal(File.ReadAllBytes(other[model]), File.ReadAllBytes(place[model]));
    }

    [Theory]
    [InlineData("two recipes or more", "quickstart-lif")]
    [InlineData("data", "quickstart", "smnist-psn")]
    [InlineData("twice", "quickstart-lif", "quickstart-lif")]
    [InlineData("one recipe", "quickstart", "quickstart-lif", "--neurons", "lif,psn")]
    [InlineData("twice", "quickstart", "--neurons", "lif,lif")]
    [InlineData("model.neuron", "quickstart", "--neurons", "lif,lief")]
    [InlineData("no recipe", "quickstart", "quickstrat-lif")]
    public void What_cannot_be_compared_is_refused_in_a_sentence(string word, params string[] args)
    {
        using var place = new Place();
        ToolRun run = ToolRun.Of(Compare(place, args));
        run.Fails(run.Code, word);
        Assert.NotEqual(ExitCode.Done, run.Code);
        Assert.False(Directory.Exists(place["out"]));
    }

    [Fact]
    public void Different_budgets_are_refused_and_one_for_all_is_taken()
    {
        using var place = new Place();
        string longer = place["longer.json"];
        File.WriteAllText(longer, File.ReadAllText(Path.Combine(Repository.Root, "recipes/quickstart-lif/recipe.json")).Replace("\"epochs\": 15", "\"epochs\": 3"));
        ToolRun.Of("compare", "quickstart", longer, "--out", place["out"]).Fails(ExitCode.WrongUsage, "15 epochs", "3", "--epochs");
        ToolRun.Of(Compare(place, "quickstart", longer, "--seeds", "1")).Succeeds();
    }

    [Fact]
    public void A_test_part_too_short_to_time_a_stream_leaves_its_time_open()
    {
        using var place = new Place();
        ToolRun.Of("compare", "quickstart", "quickstart-lif", "--set", "data.trainPerClass=8", "--set", "data.validPerClass=2", "--set", "data.testPerClass=1", "--set", "data.steps=12", "--seeds", "1",
            "--epochs", "1", "--threads", "1", "--out", place["out"]).Succeeds();
        JsonNode first = JsonNode.Parse(File.ReadAllText(place["out/comparison.json"]))!["entrants"]![0]!;
        Assert.Null(first["step_microseconds_median"]);
        Assert.Null(first["no_stream"]);
    }

    /// <summary>What is set is set for the built-in comparison too.</summary>
    [Fact]
    public void The_budget_of_the_built_in_comparison_can_be_changed()
    {
        using var place = new Place();
        ToolRun run = ToolRun.Of(
            "compare", "quickstart", "--set", "training.epochs=1", "--set", "seeds=[7]", "--set", "data.trainPerClass=2", "--set", "data.validPerClass=1", "--set", "data.testPerClass=1", "--threads", "1",
            "--json", "--out", place["out"]).Succeeds();
        Assert.Equal([7], run.Last["seeds"]!.AsArray().Select(seed => (int)seed!));
        Assert.All(run.Last["entrants"]!.AsArray(), entrant => Assert.Equal(1, (double)entrant!["epochs"]!));
    }

    [Fact]
    public void A_folder_with_anything_in_it_is_left_alone()
    {
        using var place = new Place();
        Directory.CreateDirectory(place["out"]);
        File.WriteAllText(place["out/mine.txt"], "mine");
        ToolRun.Of(Compare(place, "quickstart", "quickstart-lif")).Fails(ExitCode.WrongUsage, "not empty");
        Assert.Equal(["mine.txt"], Directory.GetFiles(place["out"]).Select(Path.GetFileName));
    }

    [Fact]
    public void A_damaged_plan_is_one_sentence()
    {
        using var place = new Place();
        Directory.CreateDirectory(place["out"]);
        foreach (string plan in new[] { "", "{}", "{\"name\":\"x\",\"entrants\":[]}", "{\"name\":\"x\",\"entrants\":[\"../..\"]}", "{\"name\":\"x\",\"entrants\":[null]}",
            "{\"name\":\"x\",\"entrants\":[\"..\"]}", "{\"name\":\"x\",\"entrants\":[\".\"]}", "{\"name\":\"x\",\"entrants\":[\"\"]}", "{\"name\":\"x\",\"entrants\":[\"a\",\"A\"]}", "{\"name\":\"x\",\"entrants\":[\"report.html\"]}" })
        {
            File.WriteAllText(place["out/compare.json"], plan);
            ToolRun.Of("compare", "--resume", "--out", place["out"]).Fails(ExitCode.Failed, "compare.json");
        }
        ToolRun.Of("compare", "--resume", "--out", place["nowhere"]).Fails(ExitCode.WrongUsage, "no comparison");
        ToolRun.Of("compare", "--resume").Fails(ExitCode.WrongUsage, "--out");
    }
}
