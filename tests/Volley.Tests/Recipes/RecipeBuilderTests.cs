using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;
using Volley.Tensors;
using Volley.Tests.Nn;
using Volley.Tests.Training;
using Volley.Training;

namespace Volley.Tests.Recipes;

public sealed class RecipeBuilderTests
{
    private static ModelRecipe Read(string model) =>
        RecipeJson.Read($$"""{ "name": "r", "data": "randman", "model": {{model}}, "training": { "epochs": 2, "batch": 4, "optimizer": "adam" }, "seeds": [1] }""", "r").Model;

    private static Model Build(string model, int units = Networks.Units, int classes = Networks.Classes, ulong seed = 1, int? steps = null) =>
        RecipeBuilder.Model(Read(model), units, classes, new Rng(seed), steps);

    private static void Train(Model model)
    {
        using var cpu = new Cpu();
        using var trainer = new Trainer(model, new Adam(model.Parameters), cpu, Run.Options(1));
        Assert.True(double.IsFinite(trainer.Step(new ToyBatches(1, 4)[0], 1)));
        Assert.True(double.IsFinite(trainer.Evaluate(new ToyBatches(1, 4)).Loss));
    }

    public static TheoryData<string> SpikingNeurons => ["if", "lif", "plif", "klif", "glif", "cuba-lif", "alif", "adlif", "cadlif", "se-adlif", "ef-adlif"];

    [Theory]
    [MemberData(nameof(SpikingNeurons))]
    public void EverySpikingNeuronTrainsInFrontOfARecurrentAndAFeedforwardNetwork(string neuron)
    {
        foreach (string recurrent in (string[])["false", "true"])
        {
            Model model = Build($$"""{ "architecture": "feedforward", "hidden": [7, 6], "neuron": "{{neuron}}", "recurrent": {{recurrent}}, "dropout": 0.2 }""");
            Assert.Equal("6-7-6-4", model.Name);
            Train(model);
        }
    }

    [Theory]
    [InlineData("psn", "psn", 12 * 12 + 12, true)]
    [InlineData("masked-psn", "masked-psn", 12 * 12 + 12, true)]
    [InlineData("""{ "kind": "masked-psn", "order": 3, "surrogate": "triangle" }""", "masked-psn", 12 * 12 + 12, true)]
    [InlineData("sliding-psn", "sliding-psn", 33, false)]
    [InlineData("""{ "kind": "sliding-psn", "order": 4, "init": "uniform" }""", "sliding-psn", 5, false)]
    public void ParallelNeuronsTrainWhereTheNumberOfStepsIsKnown(string neuron, string kind, int parameters, bool needsSteps)
    {
        string json = neuron[0] == '{' ? neuron : $"\"{neuron}\"";
        string recipe = $$"""{ "architecture": "layers", "layers": [ { "kind": "dense", "units": 8 }, "batch-norm", { "kind": "neuron", "neuron": {{json}} }, { "kind": "residual", "layers": [ "layer-norm", { "kind": "neuron", "neuron": {{json}} } ] }, "dense" ] }""";
        Model model = Build(recipe, steps: 12);
        Train(model);
        Module[] neurons = [.. model.Modules.Where(module => module.Kind == kind)];
        Assert.Equal(2, neurons.Length);
        Assert.All(neurons, module => Assert.Equal(parameters, module.Parameters.Sum(p => p.Value.Shape.Count)));
        Assert.Equal(needsSteps, model.Description!.Contains("\"steps\": 12", StringComparison.Ordinal));
        if (needsSteps)
            Assert.Contains(kind, Assert.Throws<ArgumentException>(() => Build(recipe)).Message, StringComparison.Ordinal);
        else
            Build(recipe);
    }

    [Fact]
    public void NeuronsThatTakeAllStepsAtOnceCannotRecur()
    {
        foreach (string recipe in (string[])["""{ "architecture": "feedforward", "hidden": [7], "neuron": "psn", "recurrent": true }""",
            """{ "architecture": "layers", "layers": [ { "kind": "recurrent", "neuron": "sliding-psn" } ] }"""])
        {
            Assert.Contains("one step after another", Assert.Throws<RecipeException>(() => Read(recipe)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AMaskCannotBeWiderThanTheSequence() => Assert.Contains("between 1 and its 5 steps",
        Assert.ThrowsAny<ArgumentException>(() => Build("""{ "architecture": "feedforward", "hidden": [7], "neuron": { "kind": "masked-psn", "order": 6 } }""", steps: 5)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("atan")]
    [InlineData("fast-sigmoid")]
    [InlineData("sigmoid")]
    [InlineData("boxcar")]
    [InlineData("triangle")]
    [InlineData("slayer")]
    [InlineData("multi-gaussian")]
    public void EverySurrogateTrains(string surrogate) =>
        Train(Build($$"""{ "architecture": "feedforward", "hidden": [7], "neuron": { "kind": "lif", "surrogate": "{{surrogate}}", "reset": "zero", "initialState": "random" } }"""));

    [Theory]
    [InlineData("leaky-integrator", "sum-softmax")]
    [InlineData("linear", "mean")]
    [InlineData("cadlif", "spike-count")]
    [InlineData("lif", "max")]
    [InlineData("leaky-integrator", "last")]
    public void EveryOutputAndReadoutTrains(string output, string readout)
    {
        foreach (string normalization in (string[])["batch", "layer", "none"])
        {
            Train(Build($$"""
                { "architecture": "feedforward", "hidden": [7], "neuron": "cadlif", "output": "{{output}}", "readout": "{{readout}}", "normalization": "{{normalization}}", "bias": true }
                """));
        }
    }

    [Fact]
    public void EveryLayerKindTrainsAndSaysWhatItIs()
    {
        Model model = Build("""
            { "architecture": "layers", "readout": "mean", "layers": [
              { "kind": "dense", "units": 8, "bias": true }, "batch-norm", { "kind": "neuron", "neuron": "plif" },
              { "kind": "residual", "layers": [ { "kind": "dense", "units": 8 }, "layer-norm", { "kind": "recurrent", "neuron": "se-adlif" } ] },
              { "kind": "dropout", "rate": 0.5 }, "dense", { "kind": "neuron", "neuron": "leaky-integrator" } ] }
            """);
        Assert.Equal(["chain", "0-dense", "1-batch-norm", "2-lif", "3-residual", "3.inner-chain", "3.inner.0-dense", "3.inner.1-layer-norm", "3.inner.2-recurrent-se-adlif",
            "3.inner.2.neurons-se-adlif", "3.inner.2.feedback-dense", "4-dropout", "5-dense", "6-li"], model.Modules.Select(module => module.ToString()));
        Train(model);
    }

    [Fact]
    public void DelaysOfAxonsAndOfReturningSpikesTrain()
    {
        Model model = Build("""
            { "architecture": "layers", "readout": "mean", "timeStep": 0.01, "layers": [
              { "kind": "dense", "units": 8 }, { "kind": "recurrent", "neuron": "lif", "delays": { "maxDelay": 0.06, "spread": 2, "sigma": 3, "dropout": 0.2 } },
              { "kind": "axonal-delay", "delays": { "maxDelay": 0.09, "interpolation": "triangle" } }, "dense" ] }
            """);
        Assert.Equal(["chain", "0-dense", "1-delayed-recurrent-lif", "1.neurons-lif", "1.feedback-dense", "2-axonal-delay", "3-dense"], model.Modules.Select(module => module.ToString()));
        Assert.Equal((4, true), (model.ExtraSteps, model.HasLearnedDelays));
        Assert.Equal(6 * 8 + 8 * 8 + 8 + 8 + 8 * 4, model.ParameterCount);
        Train(model);
        Assert.Contains("kernels", Assert.Throws<RecipeException>(() => Read("""{ "architecture": "layers", "layers": [ { "kind": "axonal-delay", "delays": { "kernels": 2 } }, "dense" ] }""")).Message,
            StringComparison.Ordinal);
        Assert.Contains("5000 time steps", Assert.Throws<ArgumentException>(() =>
            Build("""{ "architecture": "layers", "layers": [ { "kind": "recurrent", "neuron": "lif", "delays": { "maxDelay": 5 } }, "dense" ] }""")).Message, StringComparison.Ordinal);
    }

    // reference/fsdd.md: 40-128-128-10 with batch norm also in front of the readout, whose decay is learned, one a class.
    [Theory]
    [InlineData(40, """ "cadlif" """, 24_350)]
    [InlineData(40, """ { "kind": "lif", "tauMembrane": { "min": 0.01, "max": 0.25 } } """, 23_582)]
    [InlineData(140, """ "cadlif" """, 37_150)]
    [InlineData(140, """ { "kind": "lif", "tauMembrane": { "min": 0.01, "max": 0.25 } } """, 36_382)]
    public void ParameterCountsAreThoseOfTheReferenceNetworks(int units, string neuron, long parameters)
    {
        string block = $$"""{ "kind": "dense", "units": 128 }, { "kind": "batch-norm", "momentum": 0.05 }, { "kind": "neuron", "neuron": {{neuron}} }, { "kind": "dropout", "rate": 0.25 }""";
        Model model = Build($$"""
            { "architecture": "layers", "timeStep": 0.01, "layers": [ {{block}}, {{block}}, "dense", { "kind": "batch-norm", "momentum": 0.05 },
              { "kind": "neuron", "neuron": { "kind": "leaky-integrator", "tauMembrane": { "min": 0.05, "max": 0.25 } } } ] }
            """, units, 10);
        Assert.Equal(parameters, model.ParameterCount);
    }

    // 140·128 + 128·128 + 128·10 weights, 2·256 of batch norm, 4·256 of cAdLIF; the output's leak is fixed. Recurrence adds 2·128².
    [Theory]
    [InlineData("false", 37_120)]
    [InlineData("true", 69_888)]
    public void ParameterCountsOfTheFeedforwardRecipe(string recurrent, long parameters) => Assert.Equal(parameters,
        Build($$"""{ "architecture": "feedforward", "hidden": [128, 128], "neuron": "cadlif", "recurrent": {{recurrent}} }""", 140, 10).ParameterCount);

    [Fact]
    public void TimeConstantsAreSecondsAgainstTheTimeStep()
    {
        float Decay(string step) => ((Volley.Nn.Neurons.NeuronLayer)Build($$"""
            { "architecture": "feedforward", "hidden": [3], "neuron": { "kind": "lif", "tauMembrane": 0.02 }, "normalization": "none", "timeStep": {{step}} }
            """).Modules[2]).ParametersIn(new Arena()).Data[0];

        Assert.Equal(Math.Exp(-1 / 20.0), Decay("0.001"), 1e-6);
        Assert.Equal(Math.Exp(-1 / 5.0), Decay("0.004"), 1e-6);
    }

    [Fact]
    public void RecurrentWeightsAreOrthogonalAndAllOthersFanIn()
    {
        Model model = Build("""{ "architecture": "feedforward", "hidden": [20, 20], "neuron": "cadlif", "recurrent": true }""");
        Dense feedback = model.Modules.OfType<Dense>().Single(dense => dense.Path == "2.feedback"), dense = model.Modules.OfType<Dense>().Single(dense => dense.Path == "3");
        for (int a = 0; a < 20; a++)
        {
            double norm = 0;
            for (int i = 0; i < 20; i++)
                norm += Math.Pow(feedback.Weight.Value.Data[a * 20 + i], 2);
            Assert.Equal(1, norm, 1e-5);
        }
        Assert.InRange(dense.Weight.Value.Data.ToArray().Max(Math.Abs), 0.9 / Math.Sqrt(20), 1 / Math.Sqrt(20));
        // Each layer draws from a stream of its own.
        Assert.NotEqual(feedback.Weight.Value.Data.ToArray(), model.Modules.OfType<Dense>().Single(d => d.Path == "5.feedback").Weight.Value.Data.ToArray());
    }

    [Fact]
    public void TheSeedDecides()
    {
        float[] Draw(ulong seed) => [.. Build("""{ "architecture": "feedforward", "hidden": [7], "neuron": "cadlif", "recurrent": true }""", seed: seed)
            .Parameters.SelectMany(p => p.Parameter.Value.Data.ToArray())];
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void OptimisersSchedulesAndLossesAreWhatTheRecipeSays()
    {
        TrainingRecipe Training(string text) => RecipeJson.Read(
            $$"""{ "name": "r", "data": "randman", "model": { "architecture": "feedforward", "hidden": [4], "neuron": "lif" }, "training": { "epochs": 10, "batch": 4, {{text}} }, "seeds": [1] }""", "r").Training;

        TrainerOptions cycle = RecipeBuilder.Options(Training("""
            "optimizer": { "kind": "adam", "rate": 0.001 }, "schedule": { "kind": "one-cycle", "peakRate": 0.02, "rise": 0.4, "cycleMomentum": true },
            "loss": { "kind": "cross-entropy", "labelSmoothing": 0.1 }, "clipNorm": 2, "truncate": 7, "earlyStopping": { "patience": 3 }, "rateRegularizer": {}
            """), seed: 9);
        Assert.Equal(new OneCycleSchedule(0.4), cycle.Schedule);
        Assert.Equal((0.02f, 10, 2f, 7, 3, 9ul), (cycle.Rate, cycle.Epochs, cycle.ClipNorm!.Value, cycle.Truncate, cycle.Patience, cycle.Seed));
        Assert.Equal(new CrossEntropyLoss(0.1f), cycle.Loss);
        Assert.Equal(new RateRegularizer(0.01f, 0.5f, 0.5f), cycle.RateRegularizer);

        TrainerOptions plateau = RecipeBuilder.Options(Training(""" "optimizer": { "kind": "sgd", "rate": 0.1 }, "schedule": { "kind": "plateau", "minRate": 0.001 }, "loss": "tet" """), 1);
        Assert.Equal(new PlateauSchedule(0.7, 1, 0.01), plateau.Schedule);
        Assert.Equal(new TetLoss(), plateau.Loss);
        Assert.Equal((0.1f, 0, 0), (plateau.Rate, plateau.Truncate, plateau.Patience));
        Assert.Null(plateau.ClipNorm);
        Assert.Null(plateau.RateRegularizer);

        foreach ((string schedule, Schedule expected) in ((string, Schedule)[])[("constant", new ConstantSchedule()), ("cosine", new CosineSchedule()), ("step", new StepSchedule(0.25, 0.1)),
            ("warmup-cosine", new WarmupCosineSchedule(0.05))])
        {
            Assert.Equal(expected, RecipeBuilder.Options(Training($$""" "optimizer": "adamw", "loss": "mse-count", "schedule": "{{schedule}}" """), 1).Schedule);
        }
        Model model = Build("""{ "architecture": "feedforward", "hidden": [7], "neuron": "cadlif" }""");
        Assert.IsType<Sgd>(RecipeBuilder.Optimizer(Training(""" "optimizer": { "kind": "sgd", "rate": 0.1 } """), model));
        Assert.IsType<Adam>(RecipeBuilder.Optimizer(Training(""" "optimizer": "adamw" """), model));
    }

    [Fact]
    public void LayersThatDoNotFitSayWhich()
    {
        var refused = Assert.Throws<ArgumentException>(() => Build("""{ "architecture": "layers", "layers": [ { "kind": "residual", "layers": [ { "kind": "dense", "units": 9 } ] }, "dense" ] }"""));
        Assert.Contains("residual", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Build("""{ "architecture": "layers", "layers": [ { "kind": "dense", "units": 9 } ] }"""));
    }
}
