using Volley.Data;
using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;

namespace Volley.Cli.Tests;

/// <summary>The built-in recipes of the Long Range Arena are the published configurations (seeds.md 3.5) with the published numbers of parameters (3.7).</summary>
public sealed class LongRangeArenaTests
{
    /// <summary>A row of the table.</summary>
    /// <param name="Task">In the name of the recipe.</param>
    /// <param name="Steps">At most.</param>
    /// <param name="Network">Depth, H, sets, whether it normalises first, dropout.</param>
    /// <param name="Rates">The base rate, that of A and B, that of Δ, and weight decay.</param>
    /// <param name="Training">Batch and epochs.</param>
    /// <param name="Stack">Parameters of the blocks and the last normalisation: Binary S4D, GSU.</param>
    public sealed record Row(string Task, int Steps, (int Depth, int Width, int? Sets, bool Prenorm, double Dropout) Network, (double Base, double State, double Step, double Decay) Rates,
        (int Batch, int Epochs) Training, (int Binary, int Gated) Stack)
    {
        public override string ToString() => Task;
    }

    public static TheoryData<Row> Published =>
    [
        new("listops", 2000, (8, 128, null, false, 0), (.01, .001, .01, .05), (50, 40), (530_432, 400_384)),
        new("text", 4096, (6, 256, null, true, 0), (.01, .001, .01, .05), (16, 32), (1_189_376, 797_696)),
        new("retrieval", 4000, (6, 256, null, true, 0), (.01, .001, .01, .05), (64, 20), (1_189_376, 797_696)),
        new("image", 1024, (6, 512, 2, false, .1), (.01, .001, .01, .05), (50, 200), (3_558_912, 1_989_120)),
        new("pathfinder", 1024, (6, 256, null, true, 0), (.004, .001, .001, .03), (64, 200), (1_189_376, 797_696)),
        new("pathx", 16_384, (6, 256, null, true, 0), (.0005, .0005, .0005, .05), (16, 50), (1_189_376, 797_696)),
    ];

    [Theory]
    [MemberData(nameof(Published))]
    public void ARecipeIsThePublishedOne(Row row)
    {
        foreach ((string name, StateSpaceLayer layer, int stack) in ((string, StateSpaceLayer, int)[])[("binary-s4d", StateSpaceLayer.BinaryS4d, row.Stack.Binary), ("gsu", StateSpaceLayer.Gsu, row.Stack.Gated)])
        {
            Recipe recipe = RecipeLibrary.BuiltIn($"lra-{row.Task}-{name}");
            DatasetInfo data = DataRecipes.Describe(recipe.Data);
            Assert.InRange(data.MaxSteps, row.Steps - 1, row.Steps);
            Assert.Equal([0, 13, 2222], recipe.Seeds);

            var model = Assert.IsType<StateSpaceRecipe>(recipe.Model);
            Assert.Equal(layer, model.Layer);
            Assert.Equal(row.Network, (model.Depth, model.Width, model.Sets, model.Prenorm, model.Dropout));
            Assert.Equal((64, StateInit.Inverse, DiscretizationRule.Bilinear, true), (model.States, model.Init, model.Discretization, model.Bidirectional));
            Assert.Equal((row.Task == "pathx" ? .0001 : .001, .1), (model.MinStep, model.MaxStep));
            Assert.Equal(row.Task == "image" ? Normalization.Layer : Normalization.Batch, model.Norm);
            Assert.Equal(row.Task is "listops" or "text" or "retrieval" ? StateSpaceEncoder.Embedding : StateSpaceEncoder.Linear, model.Encoder);
            Assert.Equal((row.Task == "retrieval", row.Task == "pathfinder" ? Readout.Last : Readout.Mean), (model.Pair, model.Readout));
            Assert.False(model.LearnedThreshold);
            Assert.Equal(25, Assert.IsType<FastSigmoidRecipe>(model.Surrogate).Slope);

            TrainingRecipe training = recipe.Training;
            var optimizer = Assert.IsType<AdamWRecipe>(training.Optimizer);
            Assert.Equal(row.Rates.Base, optimizer.Rate);
            Assert.Equal(row.Rates.State, optimizer.Rate * model.StateRate, 1e-12);
            Assert.Equal(row.Rates.Step, optimizer.Rate * model.StepRate, 1e-12);
            Assert.Equal(row.Rates.Decay, optimizer.WeightDecay);
            Assert.Equal(row.Training, (training.Batch, training.Epochs));
            Assert.IsType<WarmupCosineScheduleRecipe>(training.Schedule);
            Assert.Null(training.ClipNorm);

            Model network = RecipeBuilder.Model(recipe.Model, data.StepShape, data.Classes, new Rng(1), data.MaxSteps);
            Assert.Equal(stack + Ends(model, network.Units, data.Classes), network.ParameterCount);
        }
    }

    /// <summary>Encoder and decoder.</summary>
    private static int Ends(StateSpaceRecipe model, int units, int classes)
    {
        int width = model.Width, decoder = (width + 1) * classes;
        if (model.Pair)
            return units / 2 * width + (4 * width + 1) * width + decoder;
        return model.Encoder == StateSpaceEncoder.Embedding ? units * width + decoder : (units + 1) * width + decoder;
    }
}
