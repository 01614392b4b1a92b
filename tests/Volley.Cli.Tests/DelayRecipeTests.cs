using System.Text.Json.Nodes;
using Volley.Cli.Runs;
using Volley.Data;
using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Cli.Tests;

/// <summary>The networks with learned delays that were published: their sizes to the parameter, and that each takes a step of training.</summary>
public sealed class DelayRecipeTests
{
    [Theory]
    [InlineData("shd-d-cadlif", 75_264)]
    [InlineData("ssc-d-cadlif", 709_632)]
    [InlineData("gsc-d-cadlif", 607_232)]
    [InlineData("shd-dcls", 214_016)]
    [InlineData("ssc-dcls", 2_458_624)]
    [InlineData("shd-se-adlif", 450_020)]
    [InlineData("fsdd-d-cadlif", 72_734)]
    [InlineData("fsdd-d-lif", 71_966)]
    public void HasThePublishedNumberOfParametersAndTakesAStep(string name, long parameters)
    {
        Recipe recipe = RecipeLibrary.BuiltIn(name);
        DatasetInfo info = DataRecipes.Describe(recipe.Data);
        Model model = RunSetup.BuildModel(recipe, info, 1);
        Assert.Equal(parameters, model.ParameterCount);

        using var cpu = new Cpu(2);
        using var trainer = new Trainer(model, RecipeBuilder.Optimizer(recipe.Training, model), cpu, RecipeBuilder.Options(recipe.Training, 1));
        Signal input = info.Kind == SampleKind.Spikes ? Sparse(cpu, 2, 30, info.Units) : Random(cpu, 2, 30, info.Units);
        double loss = trainer.Step(new Batch(input, new[] { 0, 1 }), 10);
        Assert.True(double.IsFinite(loss));
    }

    /// <summary>SIG of DCLS-Delays: 12 in the first epoch, times 0.898633 each, 0.23 from a quarter of the epochs on.</summary>
    [Fact]
    public void TheWidthFallsAsPublished()
    {
        var options = new DelayOptions { Taps = 25 };
        Assert.Equal(12, options.SigmaAt(0, 150));
        Assert.Equal(12 * Math.Pow(0.898633, 10), options.SigmaAt(10, 150), 1e-3);
        Assert.Equal(0.23, options.SigmaAt(37, 150), 1e-4);
        Assert.Equal(0.23, options.SigmaAt(149, 150), 1e-4);
        Assert.Equal(0.23, options.SigmaAt(0, 3), 1e-6);
        Assert.Equal(15 * Math.Pow(0.75691, 3), new DelayOptions { Taps = 31 }.SigmaAt(3, 60), 1e-3);
    }

    /// <summary>Every input fires once: only delays and adaptation can tell the classes apart. The result holds both figures, and the stream agrees.</summary>
    [Fact]
    public void LearnsFromTheCommandLineAndStreams()
    {
        using var place = new Place();
        JsonObject result = ToolRun.Of("train", "quickstart", "--out", place["run"], "--json", "--epochs", "6", "--set", "data.classes=3", "--set", "data.units=20", "--set", "data.steps=30",
            "--set", "data.dims=1", "--set", "data.trainPerClass=100", "--set", "data.validPerClass=20", "--set", "data.testPerClass=30", "--set", "model.hidden=[32]",
            "--set", "model.delays={\"maxDelay\":0.011}").Succeeds().Last;
        Assert.True((double)result["test_accuracy"]! > 0.6, $"{result}");
        Assert.True((double)result["interpolated_test_accuracy"]! > 0.5, $"{result}");
        JsonObject streamed = ToolRun.Of("eval", place["run"], "--streaming", "--json").Succeeds().Last;
        Assert.True((bool)streamed["streaming_agrees"]!);
        string report = File.ReadAllText(place["run/report.html"]);
        Assert.Contains("Delay in", report, StringComparison.Ordinal);
        Assert.Contains("before training", report, StringComparison.Ordinal);
    }

    private static Spikes Sparse(Cpu cpu, int batch, int steps, int units)
    {
        Spikes spikes = Spikes.None(new Shape(batch, steps, units));
        SpikeBits.FromFloats([.. Random(cpu, batch, steps, units).Data.ToArray().Select(x => x > 0.9f ? 1f : 0)], spikes.Bits, batch * steps, units, out _);
        return spikes;
    }

    private static Tensor Random(Cpu cpu, int batch, int steps, int units)
    {
        var x = Tensor.Zeros(new Shape(batch, steps, units));
        new Rng(1).FillUniform(cpu, x.Data, -1, 1);
        return x;
    }
}
