using System.Text.Json.Serialization.Metadata;
using Volley.Recipes;
using Volley.Recipes.Json;

namespace Volley.Tests.Recipes;

public sealed class RecipeJsonTests
{
    [Theory]
    [MemberData(nameof(RecipeTexts.All), MemberType = typeof(RecipeTexts))]
    public void WritingIsCanonical(string text)
    {
        string canonical = RecipeJson.Write(RecipeJson.Read(text, "r"));
        Assert.Equal(canonical, RecipeJson.Write(RecipeJson.Read(canonical, "r")));
        Assert.DoesNotContain('\r', canonical);
        Assert.EndsWith("}\n", canonical, StringComparison.Ordinal);
    }

    [Fact]
    public void DefaultsAreWrittenOutInTheOrderOfTheRecord() => Assert.Equal("""
        {
          "name": "short",
          "data": {
            "kind": "randman",
            "classes": 10,
            "units": 50,
            "steps": 100,
            "dims": 2,
            "alpha": 2,
            "trainPerClass": 1000,
            "testPerClass": 200,
            "validPerClass": 100,
            "seed": 1,
            "validFraction": 0.1,
            "splitSeed": 1
          },
          "model": {
            "architecture": "feedforward",
            "hidden": [
              128
            ],
            "neuron": {
              "kind": "cadlif",
              "a": {
                "min": 0,
                "max": 1,
                "learned": true
              },
              "b": {
                "min": 0,
                "max": 2,
                "learned": true
              },
              "threshold": 1,
              "surrogate": {
                "kind": "boxcar",
                "halfWidth": 0.5
              },
              "initialState": "zero"
            },
            "recurrent": false,
            "normalization": "batch",
            "dropout": 0,
            "bias": false,
            "output": {
              "kind": "leaky-integrator"
            },
            "normMomentum": 0.1,
            "readout": "sum-softmax",
            "timeStep": 0.001
          },
          "training": {
            "epochs": 20,
            "batch": 128,
            "optimizer": {
              "kind": "adam",
              "rate": 0.001,
              "betas": [
                0.9,
                0.999
              ],
              "epsilon": 1E-08,
              "weightDecay": 0
            },
            "schedule": {
              "kind": "constant"
            },
            "loss": {
              "kind": "cross-entropy",
              "labelSmoothing": 0
            },
            "select": "best"
          },
          "seeds": [
            1,
            2,
            3
          ],
          "description": ""
        }

        """, RecipeJson.Write(RecipeJson.Read(RecipeTexts.Short, "r")));

    [Fact]
    public void EveryMemberArrives()
    {
        Recipe recipe = RecipeJson.Read(RecipeTexts.Mnist, "r");
        Assert.Equal(new MnistRecipe(MnistSequence.Pixels, Permuted: true, Limit: 1000, ValidFraction: 0.2, SplitSeed: 7), recipe.Data);
        var model = Assert.IsType<FeedforwardRecipe>(recipe.Model);
        Assert.Equal([128, 64], model.Hidden);
        Assert.Equal((true, Normalization.Layer, 0.25, true, Readout.SpikeCount, 0.004),
            (model.Recurrent, model.Normalization, model.Dropout, model.Bias, model.Readout, model.TimeStep));
        Assert.Equal(new CAdLifRecipe(new TauRecipe(0.005, 0.025), new TauRecipe(0.1), new RangeRecipe(0, 0.5), new RangeRecipe(1),
            Surrogate: new SlayerRecipe(4), InitialState: InitialState.Random), model.Neuron);
        Assert.Equal(new LifRecipe(Reset: Reset.None, DetachReset: true, DecayInput: false), model.Output);
        TrainingRecipe training = recipe.Training;
        var optimizer = Assert.IsType<AdamWRecipe>(training.Optimizer);
        Assert.Equal([0.8, 0.99], optimizer.Betas);
        Assert.Equal((0.01, 0.0), (optimizer.Rate, optimizer.WeightDecay));
        Assert.Equal(new OneCycleScheduleRecipe(0.02), training.Schedule);
        Assert.Equal(new TetRecipe(0.1), training.Loss);
        Assert.Equal(new RateRegularizerRecipe(), training.RateRegularizer);
        Assert.Equal((1.0, 5, 100, Selection.Last), (training.ClipNorm, training.EarlyStopping?.Patience, training.Truncate, training.Select));
        Assert.Equal(new ExpectedResult(0.98, 0.001, "bench/results"), recipe.Expected);
        Assert.Equal("5 min", recipe.Cost);
    }

    [Fact]
    public void EveryKindHasAShortFormOrSaysWhatIsMissing()
    {
        foreach (string neuron in (string[])["if", "lif", "plif", "cuba-lif", "alif", "adlif", "cadlif", "se-adlif", "ef-adlif"])
            RecipeJson.Override(Good(), "model.neuron", neuron);
        foreach (string surrogate in (string[])["atan", "fast-sigmoid", "sigmoid", "boxcar", "triangle", "slayer", "multi-gaussian"])
            RecipeJson.Override(Good(), "model.neuron.surrogate", surrogate);
        foreach (string schedule in (string[])["constant", "step", "cosine", "one-cycle", "warmup-cosine", "plateau"])
            RecipeJson.Override(Good(), "training.schedule", schedule);
        foreach (string data in (string[])["randman", "mnist", "cifar10", "cifar100", "listops", "text", "retrieval", "pathfinder", "paths"])
            RecipeJson.Override(Good(), "data", data);
        Assert.Equal("--set training.optimizer=sgd: 'training.optimizer.rate' is missing; it must be a number above 0 and at most 100.",
            Assert.Throws<RecipeException>(() => RecipeJson.Override(Good(), "training.optimizer", "sgd")).Message);
    }

    [Fact]
    public void EveryNumberDeclaresItsRangeAndEveryListItsLength()
    {
        var problems = new List<string>();
        foreach (Type type in typeof(Recipe).Assembly.GetTypes().Where(type => type.IsClass && !type.IsAbstract))
        {
            if (type != typeof(ModelDescription) && (type.Namespace != "Volley.Recipes" || !type.Name.EndsWith("Recipe", StringComparison.Ordinal) && type != typeof(ExpectedResult)))
                continue;
            foreach (JsonPropertyInfo property in RecipeJson.RecipeType.Options.GetTypeInfo(type).Properties)
            {
                Type inner = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
                bool list = inner.IsGenericType;
                Type item = list ? inner.GetGenericArguments()[0] : inner;
                if ((item == typeof(int) || item == typeof(double)) && !Has<LimitsAttribute>(property) || list && !Has<ItemsAttribute>(property))
                    problems.Add($"{type.Name}.{property.Name}");
                // Null is written by leaving the member out, so it must be what a missing member means.
                if (property.AssociatedParameter is { HasDefaultValue: true, IsNullable: true, DefaultValue: not null })
                    problems.Add($"{type.Name}.{property.Name} is nullable with another default");
            }
        }
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("training.epochs", "7", "\"epochs\": 7")]
    [InlineData("data.limit", "100", "\"limit\": 100")]
    [InlineData("model.hidden[0]", "32", "32\n")]
    [InlineData("model.hidden.0", "33", "33\n")]
    [InlineData("model.hidden", "[4, 5]", "4,\n      5")]
    [InlineData("model.neuron", "lif", "\"kind\": \"lif\"")]
    [InlineData("model.neuron.kind", "lif", "\"kind\": \"lif\"")]
    [InlineData("model.neuron.threshold", "2.5", "\"threshold\": 2.5")]
    [InlineData("training.earlyStopping.patience", "3", "\"patience\": 3")]
    [InlineData("training.select", "last", "\"select\": \"last\"")]
    [InlineData("name", "other", "\"name\": \"other\"")]
    [InlineData("data.limit", "null", "\"name\": \"short\"")]
    public void SetReplacesOneMember(string path, string value, string expected) =>
        Assert.Contains(expected, RecipeJson.Write(RecipeJson.Override(Good(), path, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("training.epoch", "7", "'training.epoch' is unknown; did you mean 'epochs'?")]
    [InlineData("trainig.epochs", "7", "'trainig' is unknown; did you mean 'training'?")]
    [InlineData("training.epochs", "many", "'training.epochs' must be a whole number from 1 to 1000000, not \"many\".")]
    [InlineData("training.epochs", "0", "'training.epochs' must be a whole number from 1 to 1000000, not 0.")]
    [InlineData("training.epochs.x", "1", "'training.epochs' is a single value and has no member 'x'.")]
    [InlineData("name.x", "1", "'name' is text and has no member 'x'.")]
    [InlineData("model.hidden[3]", "1", "'model.hidden' is a list with the items 0 to 0.")]
    [InlineData("model.hidden[-1]", "1", "'model.hidden' is a list with the items 0 to 0.")]
    [InlineData("model.hidden.first", "1", "'model.hidden' is a list with the items 0 to 0.")]
    [InlineData("training..epochs", "1", "this is not a path like training.epochs or model.hidden[0].")]
    [InlineData("", "1", "this is not a path like training.epochs or model.hidden[0].")]
    [InlineData("model.neuron", "lyf", "'model.neuron' must be one of if, lif, plif, cuba-lif, alif, adlif, cadlif, se-adlif, ef-adlif, leaky-integrator, linear, klif, glif, psn, masked-psn, sliding-psn, not \"lyf\"; did you mean 'lif'?")]
    public void ABadSetIsOneSentence(string path, string value, string sentence) => Assert.Equal($"--set {path}={value}: {sentence}",
        Assert.Throws<RecipeException>(() => RecipeJson.Override(Good(), path, value)).Message);

    private static Recipe Good() => RecipeJson.Read(RecipeTexts.Short, "r");

    private static bool Has<T>(JsonPropertyInfo property) =>
        property.AssociatedParameter?.AttributeProvider?.IsDefined(typeof(T), false) == true || property.AttributeProvider?.IsDefined(typeof(T), false) == true;
}
