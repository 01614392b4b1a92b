using System.Text.Json.Nodes;
using Volley.Nn;
using Volley.Recipes;
using Volley.Serialization;

namespace Volley.Cli.Tests;

/// <summary>Evaluating, inspecting and reporting what training left behind.</summary>
public sealed class EvalTests(EvalTests.Trained trained) : IClassFixture<EvalTests.Trained>
{
    private string Run => trained.Run;

    [Fact]
    public void Evaluation_gives_the_runs_test_accuracy_again()
    {
        JsonObject result = ToolRun.Of("eval", Run, "--json").Succeeds().Last;
        JsonNode run = JsonNode.Parse(File.ReadAllText(Path.Combine(Run, "result.json")))!;
        foreach (string member in new[] { "test_accuracy", "spikes_per_neuron", "synops_per_sample", "parameters", "epochs", "seed", "valid_accuracy", "train_accuracy" })
            Assert.Equal((double)run[member]!, (double)result[member]!);
        Assert.Equal(60, result["classes"]!.AsArray().Sum(c => (int)c!["samples"]!));
        Assert.Equal((double)run["valid_accuracy"]!, (double)ToolRun.Of("eval", Run, "--json", "--split", "valid").Succeeds().Last["accuracy"]!);
        Assert.Equal(120, (int)ToolRun.Of("eval", Run, "--json", "--split", "train").Succeeds().Last["samples"]!);
    }

    [Fact]
    public void The_cost_of_a_sample_is_told_layer_by_layer()
    {
        JsonObject result = ToolRun.Of("eval", Run, "--json", "--cost").Succeeds().Last;
        JsonNode cost = result["cost"]!, kept = JsonNode.Parse(File.ReadAllText(Path.Combine(Run, "activity.json")))!["cost"]!;
        Assert.True(JsonNode.DeepEquals(kept, cost));
        Assert.Equal(20 * (12 * 16 + 16 * 3), (double)cost["dense"]!);
        Assert.Equal((double)result["synops_per_sample"]!, (double)cost["effective_acs"]!);
        Assert.Equal((double)result["parameters"]!, (double)cost["parameters"]!);
        JsonArray layers = cost["layers"]!.AsArray();
        foreach (string member in new[] { "effective_acs", "effective_macs", "dense", "membrane_updates", "neuron_macs", "parameters", "footprint_bytes" })
            Assert.Equal((double)cost[member]!, layers.Sum(layer => (double)layer![member]!), 1e-6);
        Assert.Contains(layers, layer => (string)layer!["layer"]! == "0-dense" && layer["activation_sparsity"] is null && (double)layer["connection_sparsity"]! == 0);
        Assert.Null(ToolRun.Of("eval", Run, "--json").Succeeds().Last["cost"]);

        string told = ToolRun.Of("eval", Run, "--cost").Succeeds().Out;
        foreach (string part in new[] { "membrane updates", "0-dense", "footprint", "45 nm", "memory is left out" })
            Assert.Contains(part, told, StringComparison.Ordinal);
        Assert.DoesNotContain("footprint", ToolRun.Of("eval", Run).Succeeds().Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("feedforward")]
    [InlineData("recurrent")]
    public void Streaming_is_the_same_bit_for_bit(string kind)
    {
        using var place = new Place();
        string run = Run;
        if (kind == "recurrent")
        {
            run = place["run"];
            ToolRun.Of(place.Tiny("run", "--set", "model.recurrent=true", "--set", "model.hidden=[16,20]", "--set", "model.neuron=adlif", "--set", "model.readout=max", "--set", "model.dropout=0.2")).Succeeds();
        }
        JsonObject whole = ToolRun.Of("eval", run, "--json").Succeeds().Last, stream = ToolRun.Of("eval", run, "--json", "--streaming").Succeeds().Last;
        Assert.True((bool)stream["streaming_agrees"]!);
        foreach (string member in new[] { "accuracy", "spikes_per_neuron" })
            Assert.Equal((double)whole[member]!, (double)stream[member]!);
        Assert.True((double)stream["spikes_per_neuron"]! > 0);
        Assert.True((double)stream["step_microseconds_median"]! > 0);
        Assert.Contains("step by step: the same predictions", ToolRun.Of("eval", run, "--streaming").Succeeds().Out);
    }

    [Fact]
    public void A_model_alone_needs_to_be_told_its_recipe()
    {
        using var place = new Place();
        string model = place["m.safetensors"];
        File.Copy(Path.Combine(Run, "model.safetensors"), model);
        ToolRun.Of("eval", model).Fails(2, "--recipe");
        JsonObject alone = ToolRun.Of("eval", model, "--recipe", Path.Combine(Run, "recipe.json"), "--json").Succeeds().Last;
        Assert.Equal((double)ToolRun.Of("eval", Run, "--json").Succeeds().Last["accuracy"]!, (double)alone["accuracy"]!);
        Assert.Null(alone["epochs"]);
        string other = place.Write("r.json", File.ReadAllText(Path.Combine(Run, "recipe.json")).Replace("\"units\": 12", "\"units\": 13", StringComparison.Ordinal));
        ToolRun.Of("eval", model, "--recipe", other).Fails(1, "12 inputs", "13 inputs");
    }

    [Fact]
    public void A_damaged_model_is_one_sentence()
    {
        using var place = new Place();
        byte[] bytes = File.ReadAllBytes(Path.Combine(Run, "model.safetensors"));
        foreach (byte[] bad in new[] { [], bytes[..100], bytes[..^1], Flipped(bytes, 20), Flipped(bytes, bytes.Length - 1) })
        {
            File.WriteAllBytes(place["m.safetensors"], bad);
            ToolRun.Of("eval", place["m.safetensors"], "--recipe", "quickstart").Fails(1, "m.safetensors");
            ToolRun.Of("inspect", place["m.safetensors"]).Fails(1, "m.safetensors");
        }
    }

    [Fact]
    public void Inspecting_says_what_a_model_takes()
    {
        using var place = new Place();
        Model model = ModelFile.Open(Path.Combine(Run, "model.safetensors"));
        Assert.DoesNotContain("takes", ToolRun.Of("inspect", Path.Combine(Run, "model.safetensors")).Succeeds().Out);
        model.Input = new InputDescription(new LogMelRecipe(Channels: model.Units), [.. Enumerable.Repeat(0.5, model.Units)], [.. Enumerable.Repeat(2.0, model.Units)]);
        ModelFile.Save(model, place["m.safetensors"]);
        string expected = $"takes recordings at 8 000 Hz: log-mel, values of {model.Units} channels every 10 ms; standardised by the training samples";
        Assert.Contains(expected, ToolRun.Of("inspect", place["m.safetensors"]).Succeeds().Out);
        Assert.Contains(expected["takes ".Length..], ToolRun.Of("inspect", place["m.safetensors"], "--json").Succeeds().Out);
    }

    [Fact]
    public void Inspecting_needs_no_data()
    {
        int parameters = (int)ToolRun.Of("inspect", Run, "--json").Succeeds().Last["parameters"]!;
        Assert.Equal(12 * 16 + 2 * 16 + 4 * 16 + 16 * 3, parameters);
        Assert.Equal(parameters, (int)ToolRun.Of("inspect", Path.Combine(Run, "model.safetensors"), "--json").Succeeds().Last["parameters"]!);
        Assert.Equal(parameters, (int)ToolRun.Of("inspect", Path.Combine(Run, "recipe.json"), "--json").Succeeds().Last["parameters"]!);
        Assert.Contains("weight [28, ", ToolRun.Of("inspect", "mnist-rows-cadlif").Succeeds().Out);
    }

    [Fact]
    public void The_report_can_be_written_again()
    {
        using var place = new Place();
        string report = Path.Combine(Run, "report.html"), before = File.ReadAllText(report);
        File.Delete(report);
        Assert.Contains("test accuracy", ToolRun.Of("report", Run).Succeeds().Out);
        Assert.Equal(before, File.ReadAllText(report));
        Assert.Equal("report", (string)ToolRun.Of("report", Run, "--json").Succeeds().Last["event"]!);
    }

    [Fact]
    public void Every_built_in_recipe_can_be_listed_and_built()
    {
        Assert.Equal("quickstart", RecipeLibrary.Names[0]);
        Assert.Contains("mnist-rows-cadlif", RecipeLibrary.Names);
        ToolRun list = ToolRun.Of("recipes", "--json").Succeeds();
        Assert.Equal(RecipeLibrary.Names, list.Json.Select(line => (string)line["recipe"]!));
        Assert.Contains("quickstart", ToolRun.Of("recipes").Succeeds().Out);
        foreach (string name in RecipeLibrary.Names)
            Assert.Equal(name, RecipeLibrary.BuiltIn(name).Name);
    }

    [Fact]
    public void Data_sets_can_be_listed_and_verified()
    {
        Assert.Contains("mnist", ToolRun.Of("data", "list").Succeeds().Out);
        Assert.Equal(21, ToolRun.Of("data", "list", "--json").Succeeds().Json.Length);
        Assert.Equal(120, (int)ToolRun.Of("data", "verify", Path.Combine(Run, "recipe.json"), "--json").Succeeds().Last["train"]!);
        Assert.Contains("every sample", ToolRun.Of("data", "verify", Path.Combine(Run, "recipe.json")).Succeeds().Out);
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        byte[] copy = [.. bytes];
        copy[at] ^= 0x10;
        return copy;
    }

    /// <summary>One run for all tests that only read it.</summary>
    public sealed class Trained : IDisposable
    {
        private readonly Place _place = new();

        public Trained() => ToolRun.Of(_place.Tiny("run")).Succeeds();

        public string Run => _place["run"];

        public void Dispose() => _place.Dispose();
    }
}
