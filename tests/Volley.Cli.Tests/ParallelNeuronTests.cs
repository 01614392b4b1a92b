using System.Text.Json.Nodes;
using Volley.Recipes;
using Volley.Testing;

namespace Volley.Cli.Tests;

/// <summary>Networks of parallel spiking neurons from the command line.</summary>
public sealed class ParallelNeuronTests
{
    /// <summary>Manifolds where every input fires once: only times matter.</summary>
    [Theory]
    [InlineData("psn")]
    [InlineData("masked-psn")]
    [InlineData("{\"kind\":\"sliding-psn\",\"order\":16}")]
    public void They_learn_the_manifolds(string neuron)
    {
        using var place = new Place();
        JsonObject result = ToolRun.Of("train", "quickstart", "--out", place["run"], "--set", "model.neuron=" + neuron, "--set", "data.trainPerClass=150",
            "--set", "data.testPerClass=40", "--epochs", "6", "--json").Succeeds().Last;
        Assert.InRange((double)result["test_accuracy"]!, 0.9, 1);
    }

    [Fact]
    public void A_masked_network_streams_once_its_mask_is_closed_and_a_psn_never()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("masked", "--set", "model.neuron={\"kind\":\"masked-psn\",\"order\":5}", "--set", "training.epochs=3", "--set", "training.select=last")).Succeeds();
        JsonObject result = ToolRun.Of("eval", place["masked"], "--json", "--streaming").Succeeds().Last;
        Assert.True((bool)result["streaming_agrees"]!);
        ToolRun.Of(place.Tiny("psn", "--set", "model.neuron=psn")).Succeeds();
        ToolRun.Of("eval", place["psn"], "--streaming").Fails(1, "psn", "sliding PSN");
        Assert.Contains("psn", ToolRun.Of("inspect", place["psn"]).Succeeds().Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smnist-psn", 1_236_074)]
    [InlineData("smnist-sliding-psn", 9_581)]
    [InlineData("psmnist-psn", 1_236_074)]
    [InlineData("psmnist-masked-psn", 1_236_074)]
    [InlineData("psmnist-sliding-psn", 78_748)]
    public void Recipes_have_their_parameters(string recipe, int parameters) =>
        Assert.Equal(parameters, (int)ToolRun.Of("inspect", recipe, "--json").Succeeds().Last["parameters"]!);

    /// <summary>A few steps of each recipe; nothing where MNIST is not at hand.</summary>
    [MnistTheory]
    [InlineData("smnist-psn")]
    [InlineData("smnist-sliding-psn")]
    [InlineData("psmnist-masked-psn")]
    [InlineData("psmnist-sliding-psn")]
    public void Recipes_train(string name)
    {
        using var place = new Place();
        Recipe recipe = RecipeLibrary.BuiltIn(name);
        Assert.Equal(name, recipe.Name);
        JsonObject result = ToolRun.Of("train", name, "--data", RealData.Of("mnist"), "--out", place["run"], "--json", "--epochs", "1", "--set", "data.limit=60", "--set", "data.validFraction=0.001",
            "--set", "training.batch=20", "--set", "model.hidden=[8]").Succeeds().Last;
        Assert.True(double.IsFinite((double)result["test_accuracy"]!));
    }

    /// <summary>Skipped where MNIST is not at hand.</summary>
    private sealed class MnistTheoryAttribute : TheoryAttribute
    {
        public MnistTheoryAttribute() => Skip = RealData.Missing("mnist");
    }
}
