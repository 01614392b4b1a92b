using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;
using Volley.Serialization;
using Volley.Tensors;
using Volley.Tests.Neurons;
using Volley.Tests.Nn;
using Volley.Training;

namespace Volley.Tests.Serialization;

public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cpu _cpu = new();

    public void Dispose()
    {
        _folder.Dispose();
        _cpu.Dispose();
    }

    private static LayerInput Input => LayerInput.Random(InputKind.Spikes, 3, 15, Networks.Units, 0.3, [15, 9, 12]);

    /// <summary>A model that has seen a batch, so that its running statistics are not those it was made with.</summary>
    private Model Trained(string model)
    {
        ModelRecipe recipe = RecipeJson.Read($$"""{ "name": "r", "data": "randman", "model": {{model}}, "training": { "epochs": 1, "batch": 4, "optimizer": "adam" }, "seeds": [1] }""", "r").Model;
        Model built = RecipeBuilder.Model(recipe, Networks.Units, Networks.Classes, new Rng(3));
        ModelRun.Of(_cpu, built, Input, [1, 2, 3], new CrossEntropyLoss());
        new Adam(built.Parameters).Step(_cpu, 0.01f);
        return built;
    }

    private Model Trained() => Trained("""{ "architecture": "feedforward", "hidden": [7, 5], "neuron": "cadlif", "recurrent": true, "dropout": 0.3 }""");

    private float[] Scores(Model model)
    {
        using var arena = new Arena();
        return model.Forward(new Tape(_cpu, arena, training: false), Input.In(arena)).Scores.Data.ToArray();
    }

    [Theory]
    [InlineData("""{ "architecture": "feedforward", "hidden": [7, 5], "neuron": "cadlif", "recurrent": true, "dropout": 0.3 }""")]
    [InlineData("""{ "architecture": "feedforward", "hidden": [7], "neuron": "se-adlif", "normalization": "layer", "bias": true, "readout": "mean", "timeStep": 0.004 }""")]
    [InlineData("""
        { "architecture": "layers", "readout": "max", "layers": [ { "kind": "dense", "units": 6 }, "batch-norm", { "kind": "neuron", "neuron": "plif" },
          { "kind": "residual", "layers": [ { "kind": "recurrent", "neuron": "alif" } ] }, "dense", { "kind": "neuron", "neuron": "leaky-integrator" } ] }
        """)]
    public void AModelOpensAsItWasSaved(string recipe)
    {
        Model model = Trained(recipe);
        string path = _folder.File("m.safetensors");
        ModelFile.Save(model, path);
        Model opened = ModelFile.Open(path);
        SameBits.Check(Scores(model), Scores(opened), "scores");
        Assert.Equal((model.Name, model.ParameterCount, model.Description, model.Readout), (opened.Name, opened.ParameterCount, opened.Description, opened.Readout));
        string again = _folder.File("again.safetensors");
        ModelFile.Save(opened, again);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(again));
    }

    [Fact]
    public void EveryDamagedByteIsFoundInOneSentenceAndTheModelIsLeftAlone()
    {
        Model model = Trained();
        string path = _folder.File("m.safetensors");
        ModelFile.Save(model, path);
        byte[] good = File.ReadAllBytes(path);
        Snapshot before = Snapshot.Of(model);
        var random = new Random(2);
        for (int i = 0; i < 60; i++)
        {
            byte[] bad = i < 20 ? good[..random.Next(good.Length)] : [.. good];
            if (i >= 20)
                bad[random.Next(good.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, bad);
            foreach (Action use in (Action[])[() => ModelFile.Open(path), () => ModelFile.Load(model, path)])
                OneSentence(Assert.Throws<InvalidDataException>(use).Message);
        }
        foreach ((string name, float[] values) in Snapshot.Of(model).Values)
            SameBits.Check(before.Values[name], values, name);
    }

    private static void OneSentence(string message)
    {
        Assert.DoesNotContain('\n', message);
        Assert.Contains("m.safetensors", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileOfAnotherModelSaysWhatIsMissing()
    {
        string path = _folder.File("m.safetensors");
        ModelFile.Save(Trained("""{ "architecture": "feedforward", "hidden": [7, 5], "neuron": "lif" }"""), path);
        string message = Assert.Throws<InvalidDataException>(() => ModelFile.Load(Trained(), path)).Message;
        OneSentence(message);
        Assert.Contains("2.neurons.alpha", message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsTheOtherWayRoundAreNotTaken()
    {
        // [7, 6] holds as many numbers as [6, 7].
        Model model = Trained("""{ "architecture": "feedforward", "hidden": [7], "neuron": "lif", "normalization": "none" }""");
        string path = _folder.File("m.safetensors");
        new SafeTensorsFile(new Dictionary<string, string>(), model.Parameters.Select(p => SafeTensor.Of(p.Path, p.Parameter.Value.Data,
            [p.Parameter.Value.Shape[1], p.Parameter.Value.Shape[0]]))).Write(path);
        string message = Assert.Throws<InvalidDataException>(() => ModelFile.Load(model, path)).Message;
        OneSentence(message);
        Assert.Contains("[7, 6]", message, StringComparison.Ordinal);
        Assert.Contains("[6, 7]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void IntegersWhereWeightsShouldBeAreRefused()
    {
        Model model = Trained("""{ "architecture": "feedforward", "hidden": [7], "neuron": "lif", "normalization": "none" }""");
        string path = _folder.File("m.safetensors");
        new SafeTensorsFile(new Dictionary<string, string>(), model.Parameters.Select(p => SafeTensor.Of(p.Path, new long[p.Parameter.Value.Shape.Count],
            [p.Parameter.Value.Shape[0], p.Parameter.Value.Shape[1]]))).Write(path);
        OneSentence(Assert.Throws<InvalidDataException>(() => ModelFile.Load(model, path)).Message);
    }

    [Fact]
    public void AFileWithoutADescriptionCannotBeOpenedButLoaded()
    {
        Model model = Networks.Model("cadlif");
        string path = _folder.File("m.safetensors");
        ModelFile.Save(model, path);
        OneSentence(Assert.Throws<InvalidDataException>(() => ModelFile.Open(path)).Message);
        Model other = Networks.Model("cadlif");
        foreach (NamedParameter parameter in other.Parameters)
            parameter.Parameter.Value.Data.Clear();
        ModelFile.Load(other, path);
        SameBits.Check(Scores(model), Scores(other), "scores");
    }

    [Fact]
    public void ADescriptionWhoseLayersDoNotFitIsBadData()
    {
        string path = _folder.File("m.safetensors");
        const string description = """{"model":{"architecture":"layers","layers":[{"kind":"dense","units":9}]},"inputs":6,"classes":4}""";
        new SafeTensorsFile(new Dictionary<string, string> { [ModelDescription.Key] = description }, []).Write(path);
        OneSentence(Assert.Throws<InvalidDataException>(() => ModelFile.Open(path)).Message);
    }

    [Fact]
    public void AMissingFileIsMissing() => Assert.ThrowsAny<IOException>(() => ModelFile.Open(_folder.File("none")));
}
