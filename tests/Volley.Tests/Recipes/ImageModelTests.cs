using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;
using Volley.Serialization;
using Volley.Streaming;
using Volley.Tensors;
using Volley.Tests.Neurons;
using Volley.Training;

namespace Volley.Tests.Recipes;

/// <summary>The networks of Fang et al. 2023 by their recipes.</summary>
public sealed class ImageModelTests : IDisposable
{
    private static readonly NeuronRecipe s_psn = new PsnRecipe(), s_sliding = new SlidingPsnRecipe(32, SlidingInit.Uniform), s_order2 = new SlidingPsnRecipe(2);

    private readonly Cpu _cpu = new(1);

    public void Dispose() => _cpu.Dispose();

    /// <summary>The published numbers: weights and normalisation, then the neurons' own.</summary>
    public static TheoryData<string, long> Counts => new()
    {
        { "sequential cifar, psn", 513_418 + 7_392 },
        { "sequential cifar, sliding psn", 513_418 + 231 },
        { "sequential cifar 100, psn", 536_548 + 7_392 },
        { "cifar, psn", 70_113_034 + 140 },
        { "dvs vgg, sliding psn", 9_271_522 },
        // ResNet-18 has 11,689,512 parameters, ResNet-34 21,797,672; then 20 for each PSN of 4 steps, down-sample branches included, and 4 offsets.
        { "sew-resnet-18, psn", 11_689_512 + 20 * 20 + 4 },
        { "sew-resnet-34, psn", 21_797_672 + 36 * 20 + 4 },
    };

    private static Model Build(string name) => name switch
    {
        "sequential cifar, psn" => RecipeBuilder.Model(new SequentialCifarRecipe(s_psn), new Shape(32, 3), 10, new Rng(1), 32),
        "sequential cifar, sliding psn" => RecipeBuilder.Model(new SequentialCifarRecipe(s_sliding), new Shape(32, 3), 10, new Rng(1), 32),
        "sequential cifar 100, psn" => RecipeBuilder.Model(new SequentialCifarRecipe(s_psn), new Shape(32, 3), 100, new Rng(1), 32),
        "cifar, psn" => RecipeBuilder.Model(new CifarRecipe(s_psn), new Shape(32, 32, 3), 10, new Rng(1), 1),
        "dvs vgg, sliding psn" => RecipeBuilder.Model(new DvsVggRecipe(s_order2), new Shape(48, 48, 2), 10, new Rng(1), 10),
        "sew-resnet-18, psn" => RecipeBuilder.Model(new SewResNetRecipe(s_psn, 18), new Shape(224, 224, 3), 1000, new Rng(1), 1),
        _ => RecipeBuilder.Model(new SewResNetRecipe(s_psn, 34), new Shape(224, 224, 3), 1000, new Rng(1), 1),
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void ANetworkHasAsManyParametersAsThePublishedOne(string name, long parameters) => Assert.Equal(parameters, Build(name).ParameterCount);

    public static TheoryData<string> Small => [.. s_small.Keys];

    private static readonly Dictionary<string, (ModelRecipe Recipe, Shape Step, int Steps)> s_small = new()
    {
        ["sequential-cifar, psn"] = (new SequentialCifarRecipe(s_psn, 6), new Shape(8, 3), 5),
        ["sequential-cifar, glif"] = (new SequentialCifarRecipe(new GlifRecipe(), 6), new Shape(8, 3), 5),
        ["sequential-cifar, sliding psn"] = (new SequentialCifarRecipe(s_sliding, 6), new Shape(8, 3), 5),
        ["cifar, masked psn"] = (new CifarRecipe(new MaskedPsnRecipe(2), 5), new Shape(8, 8, 3), 1),
        ["dvs-vgg, sliding psn"] = (new DvsVggRecipe(s_order2, 4), new Shape(16, 16, 2), 3),
        ["sew-resnet-18, psn"] = (new SewResNetRecipe(s_psn, 18, 4), new Shape(32, 32, 3), 1),
        ["sew-resnet-34, psn"] = (new SewResNetRecipe(s_psn, 34, 4), new Shape(32, 32, 3), 1),
        ["sew-resnet-18, lif"] = (new SewResNetRecipe(new LifRecipe(), 18, 4, StepOffset: false), new Shape(32, 32, 3), 1),
    };

    /// <summary>The gradient reaches the first weights, and a few steps on one batch lower its loss.</summary>
    [Theory]
    [MemberData(nameof(Small))]
    public void ANetworkLearnsARandomBatch(string name)
    {
        (ModelRecipe recipe, Shape step, int steps) = s_small[name];
        Model model = Loud(RecipeBuilder.Model(recipe, step, 3, new Rng(2), steps));
        using var trainer = new Trainer(model, new Adam(model.Parameters), _cpu, new TrainerOptions { Epochs = 1, Rate = 0.003f });
        Batch batch = Random(step, steps);
        double first = trainer.Step(batch, 1000), last = first;
        Assert.All(model.Parameters, p => Assert.True(Elementwise.AllFinite(_cpu, p.Parameter.Gradient.Data), p.Path));
        Assert.Contains(model.Parameters.First(p => p.Path.EndsWith("weight", StringComparison.Ordinal)).Parameter.Gradient.Data.ToArray(), g => g != 0);
        for (int i = 0; i < 12; i++)
            last = trainer.Step(batch, 1000);
        Assert.True(last < first, $"The loss went from {first} to {last}.");
    }

    /// <summary>Narrow networks hardly fire at first; this one does.</summary>
    private static Model Loud(Model model)
    {
        foreach (NamedParameter parameter in model.Parameters)
        {
            if (parameter.Path.EndsWith("gamma", StringComparison.Ordinal))
                parameter.Parameter.Value.Data.Fill(2.5f);
        }
        foreach (Dense dense in model.Modules.OfType<Dense>().SkipLast(1))
        {
            foreach (ref float w in dense.Weight.Value.Data)
                w *= 8;
        }
        return model;
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void AModelFileHoldsTheShapeOfAStep(string name)
    {
        (ModelRecipe recipe, Shape step, int steps) = s_small[name];
        Model model = RecipeBuilder.Model(recipe, step, 3, new Rng(2), steps);
        string path = Path.GetTempFileName();
        try
        {
            ModelFile.Save(model, path);
            Model opened = ModelFile.Open(path);
            Assert.Equal(step, opened.InputShape);
            using var arena = new Arena();
            Batch batch = Random(step, steps);
            SameBits.Check(Scores(model, batch, arena), Scores(opened, batch, arena), "scores of the model in the file");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A stream gives the scores of the whole sequence, image by image.</summary>
    [Theory]
    [InlineData("sequential-cifar, sliding psn")]
    [InlineData("sequential-cifar, glif")]
    [InlineData("dvs-vgg, sliding psn")]
    public void ACausalNetworkStreams(string name)
    {
        (ModelRecipe recipe, Shape step, int steps) = s_small[name];
        Model model = Loud(RecipeBuilder.Model(recipe, step, 3, new Rng(2), steps));
        Batch batch = Random(step, steps);
        using (var trainer = new Trainer(model, new Adam(model.Parameters), _cpu, new TrainerOptions { Epochs = 1, Rate = 0.01f }))
            trainer.Step(batch, 1000);
        using var arena = new Arena();
        float[] whole = Scores(model, batch, arena), input = ((Tensor)batch.Input).Data.ToArray();
        for (int b = 0; b < batch.Count; b++)
        {
            var stream = new ModelStream(model, _cpu, spikes: false);
            float[] scores = [];
            for (int t = 0; t < steps; t++)
            {
                input.AsSpan((b * steps + t) * step.Count, step.Count).CopyTo(stream.Input.Values);
                scores = stream.Step().ToArray();
            }
            SameBits.Check(whole.AsSpan(3 * b, 3).ToArray(), scores, $"scores of sample {b}");
        }
    }

    [Fact]
    public void EveryLayerForImagesCanStandInAList()
    {
        ModelRecipe recipe = RecipeJson.Read("""
            { "name": "r", "data": "randman", "training": { "epochs": 2, "batch": 4, "optimizer": "adam" }, "seeds": [1],
              "model": { "architecture": "layers", "readout": "mean", "layers": [
                { "kind": "repeat", "times": 3 }, "step-offset", { "kind": "conv2d", "channels": 4, "kernel": 5, "groups": 2, "bias": true, "init": "kaiming-normal-fan-out" },
                { "kind": "neuron", "neuron": "psn" }, { "kind": "max-pool", "size": 3, "stride": 2, "padding": 1 },
                { "kind": "residual", "layers": [{ "kind": "conv2d", "channels": 6, "stride": 2 }], "shortcut": [{ "kind": "conv2d", "channels": 6, "kernel": 1, "stride": 2 }] },
                { "kind": "dropout", "rate": 0.2, "wholeChannels": true }, "average-pool", "global-average-pool", "dense" ] } }
            """, "r").Model;
        Model model = RecipeBuilder.Model(recipe, new Shape(16, 16, 2), 3, new Rng(1), 1);
        Assert.Equal(new Shape(5, 5, 1, 4), ((Conv2d)model.Modules.First(module => module is Conv2d)).Weight.Value.Shape);
        using var trainer = new Trainer(model, new Adam(model.Parameters), _cpu, new TrainerOptions { Epochs = 1, Rate = 0.01f });
        Assert.True(double.IsFinite(trainer.Step(Random(new Shape(16, 16, 2), 1), 1)));

        ModelRecipe signal = RecipeJson.Read("""
            { "name": "r", "data": "randman", "training": { "epochs": 2, "batch": 4, "optimizer": "adam" }, "seeds": [1],
              "model": { "architecture": "layers", "layers": [{ "kind": "conv1d", "channels": 4, "padding": 0 }, { "kind": "average-pool", "size": 2 }, "flatten", "dense"] } }
            """, "r").Model;
        Assert.Equal(new Shape(12, 3), ((Dense)RecipeBuilder.Model(signal, new Shape(8, 2), 3, new Rng(1)).Modules[^1]).Weight.Value.Shape);
        Assert.Contains("'padding' must be smaller than the window", Assert.Throws<RecipeException>(() => RecipeJson.Read(
            """{ "name": "r", "data": "randman", "model": { "architecture": "layers", "layers": [{ "kind": "conv1d", "channels": 4, "padding": 3 }] }, "training": { "epochs": 2, "batch": 4, "optimizer": "adam" }, "seeds": [1] }""", "r")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void StepsThatAreNoImagesAreRefusedByTheLayerThatNeedsThem()
    {
        var refused = Assert.Throws<ArgumentException>(() => RecipeBuilder.Model(new CifarRecipe(s_psn, 4), new Shape(32, 3), 10, new Rng(1), 1));
        Assert.Contains("conv2d takes images with steps [H, W, 3], not [32, 3]", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'depth' must be 18 or 34", Assert.Throws<RecipeException>(() => RecipeJson.Read(
            """{ "name": "r", "data": "randman", "model": { "architecture": "sew-resnet", "depth": 20, "neuron": "psn" }, "training": { "epochs": 2, "batch": 4, "optimizer": "adam" }, "seeds": [1] }""", "r")).Message,
            StringComparison.Ordinal);
    }

    /// <summary>A network that was made for rows of numbers takes steps of any axes, as data sets came to have them.</summary>
    [Fact]
    public void AFeedforwardNetworkTakesImagesAsRows()
    {
        Model model = RecipeBuilder.Model(new FeedforwardRecipe([4], new LifRecipe()), new Shape(2, 3), 3, new Rng(1));
        Assert.Equal(new Shape(6), model.InputShape);
        using var arena = new Arena();
        Batch image = Random(new Shape(2, 3), 5);
        var row = new Batch(((Tensor)image.Input).Reshaped(new Shape(6, 5, 6)), image.Labels);
        SameBits.Check(Scores(model, row, arena), Scores(model, image, arena), "scores");
    }

    private float[] Scores(Model model, Batch batch, Arena arena) => model.Forward(new Tape(_cpu, arena, training: false), batch.Input).Scores.Data.ToArray();

    private static Batch Random(Shape step, int steps)
    {
        var random = new Random(3);
        var input = Tensor.Zeros(Shape.Sequence(6, steps, step));
        foreach (ref float x in input.Data)
            x = (float)(4 * random.NextDouble() - 2);
        return new Batch(input, new[] { 0, 1, 2, 0, 1, 2 });
    }
}
