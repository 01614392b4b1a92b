using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;
using Volley.Tensors;
using Volley.Training;

namespace Volley.Cli.Tests;

/// <summary>The recipe of DelRec, on spikes of the shape of its data set: that is too large to lie here.</summary>
public sealed class RecurrentDelayTests
{
    private const int Units = 140, Classes = 35;

    // 140·256 + 2·256² + 256·35 weights forward, 3·256² back, 3·256 delays: the 0.37 M of the paper.
    [Fact]
    public void The_recipe_has_its_parameters() =>
        Assert.Equal(373_248, (int)ToolRun.Of("inspect", "ssc-delrec", "--json").Succeeds().Last["parameters"]!);

    [Fact]
    public void The_recipe_trains_on_spikes_of_its_shape()
    {
        Recipe recipe = RecipeLibrary.BuiltIn("ssc-delrec");
        Model model = RecipeBuilder.Model(recipe.Model, Units, Classes, new Rng(1));
        DelayedRecurrent[] layers = [.. model.Modules.OfType<DelayedRecurrent>()];
        Assert.Equal(3, layers.Length);
        // Noise drives the second and third layer too little to fire.
        foreach (NamedParameter forward in model.Parameters.Where(p => p.Path.EndsWith("weight", StringComparison.Ordinal) && !p.Path.Contains("feedback", StringComparison.Ordinal)))
        {
            foreach (ref float weight in forward.Parameter.Value.Data)
                weight *= 8;
        }
        float[][] drawn = [.. layers.Select(layer => layer.Delay!.Value.Data.ToArray())];
        using var cpu = new Cpu();
        using var trainer = new Trainer(model, RecipeBuilder.Optimizer(recipe.Training, model), cpu, RecipeBuilder.Options(recipe.Training, 1));
        Batch batch = RandomSpikes(4, 100);
        Assert.True(double.IsFinite(trainer.Step(batch, 1)));
        foreach ((DelayedRecurrent layer, float[] before) in layers.Zip(drawn))
        {
            float[] after = layer.Delay!.Value.Data.ToArray();
            // Adam's first step is the rate, wherever there was a gradient.
            Assert.Equal(0.05, after.Zip(before).Max(pair => Math.Abs(pair.First - pair.Second)), 1e-3);
            Assert.All(after, delay => Assert.InRange(delay, 0, 50));
        }
    }

    private static Batch RandomSpikes(int samples, int steps)
    {
        var spikes = Spikes.In(new Arena(), new Shape(samples, steps, Units));
        var values = new float[samples * steps * Units];
        var random = new Random(1);
        for (int i = 0; i < values.Length; i++)
            values[i] = random.NextDouble() < 0.1 ? 1 : 0;
        SpikeBits.FromFloats(values, spikes.Bits, samples * steps, Units, out _);
        return new Batch(spikes, Enumerable.Range(0, samples).ToArray());
    }
}
