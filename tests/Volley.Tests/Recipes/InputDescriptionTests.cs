using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;
using Volley.Serialization;
using Volley.Tests.Serialization;

namespace Volley.Tests.Recipes;

/// <summary>What goes into a model is kept in its file and read back strictly.</summary>
public sealed class InputDescriptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly InputDescription Input = new(
        new KaldiFbankRecipe(Rate: 8000, Steps: 100, Channels: 2, Level: LevelNormalization.RunningChannels, LevelTau: 0.3, Standardize: true),
        [0.1, -1 / 3.0], [Math.PI, 1e-300], ["yes", "nö"]);

    private static Model Built() => RecipeBuilder.Model(
        RecipeJson.Read("""{ "name": "r", "data": "randman", "model": { "architecture": "feedforward", "hidden": [3], "neuron": "lif" }, "training": { "epochs": 1, "batch": 4, "optimizer": "adam" }, "seeds": [1] }""", "r").Model,
        2, 2, new Rng(1));

    [Fact]
    public void AModelFileCarriesItsInput()
    {
        Model model = Built();
        model.Input = Input;
        string path = _folder.File("m.safetensors"), again = _folder.File("again.safetensors");
        ModelFile.Save(model, path);
        Model opened = ModelFile.Open(path);
        InputDescription read = opened.Input!;
        Assert.Equal(Input.FrontEnd, read.FrontEnd);
        Assert.Equal(Input.Mean, read.Mean);
        Assert.Equal(Input.Sd, read.Sd);
        Assert.Equal(Input.ClassNames, read.ClassNames);
        ModelFile.Save(opened, again);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(again));
        Assert.Equal("kaldi-fbank", read.FrontEnd!.Name);
    }

    [Fact]
    public void WithoutOneNothingIsStored()
    {
        string path = _folder.File("m.safetensors");
        ModelFile.Save(Built(), path);
        Assert.Null(ModelFile.Open(path).Input);
        Assert.DoesNotContain(InputDescription.Key, SafeTensorsFile.Read(path).Metadata.Keys);
    }

    [Theory]
    [InlineData("{\"mean\":[1],\"sd\":[1]}", "'mean' and 'sd' have 1 values for 2 input units")]
    [InlineData("{\"mean\":[1,2],\"sd\":[1,2,3]}", "'mean' has 2 values and 'sd' has 3")]
    [InlineData("{\"mean\":[1,2]}", "'mean' and 'sd' go together")]
    [InlineData("{\"mean\":[1,2],\"sd\":[1,0]}", "channel 1 has mean 2 and standard deviation 0, which must be finite and above 0")]
    [InlineData("{\"mean\":[1,2],\"sd\":[-1,1]}", "channel 0 has mean 1 and standard deviation -1")]
    [InlineData("{\"mean\":[1,1e999],\"sd\":[1,1]}", "'mean[1]' must be a number, not 1e999")]
    [InlineData("{\"mean\":[1,NaN],\"sd\":[1,1]}", "this is not valid JSON")]
    [InlineData("{\"mean\":[1,\"NaN\"],\"sd\":[1,1]}", "'mean[1]' must be a number, not \"NaN\"")]
    [InlineData("{\"frontEnd\":\"mel\"}", "'frontEnd' must be one of log-mel, kaldi-fbank, mel-db, mel-spikes, not \"mel\"")]
    [InlineData("{\"frontEnd\":{\"kind\":\"log-mel\",\"fft\":300}}", "'frontEnd' does not fit together: 'fft' is 300, which is no power of two")]
    [InlineData("{\"frontEnd\":{\"kind\":\"log-mel\",\"channels\":2000000000}}", "'frontEnd.channels' must be a whole number from 1 to 4096")]
    [InlineData("{\"frontEnd\":{\"kind\":\"mel-spikes\",\"standardize\":true}}", "'frontEnd.standardize' is unknown")]
    [InlineData("{\"classNames\":[\"a\"]}", "'classNames' has 1 names for 2 classes")]
    [InlineData("{\"classNames\":[\"a\",1]}", "'classNames[1]' must be text, not 1")]
    [InlineData("{\"meen\":[1,2]}", "'meen' is unknown; did you mean 'mean'?")]
    [InlineData("[]", "the document must be an object, not a list")]
    [InlineData("", "this is not valid JSON")]
    [InlineData("{", "this is not valid JSON")]
    public void HostileContentIsOneSentence(string json, string sentence)
    {
        string path = _folder.File("m.safetensors");
        Model model = Built();
        model.InputDescription = json;
        ModelFile.Save(model, path);
        Assert.Equal(json, SafeTensorsFile.Read(path).Metadata[InputDescription.Key]);
        string message = Assert.Throws<InvalidDataException>(() => ModelFile.Open(path)).Message;
        Assert.Contains(sentence, message, StringComparison.Ordinal);
        Assert.Contains("m.safetensors", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    /// <summary>Every member that is written is one that is read: defaults, and members that a kind has not.</summary>
    [Fact]
    public void EveryFrontEndIsReadAsItWasWritten()
    {
        foreach (FrontEndRecipe recipe in (FrontEndRecipe[])[
            new LogMelRecipe(), new LogMelRecipe(16_000, 99, 0.03, 0.015, 1024, 64, 100, 7000, 1e-9, LevelNormalization.Recording, 2, 40, true, false),
            new KaldiFbankRecipe(), new MelDbRecipe(), new MelDbRecipe(Steps: 101), new MelSpikesRecipe(), new MelSpikesRecipe(Reference: -20, Range: 60)])
        {
            string json = new InputDescription(recipe).ToJson();
            Assert.Equal(recipe, InputDescription.Parse(json, "j").FrontEnd);
            Assert.Equal(json, InputDescription.Parse(json, "j").ToJson());
            Assert.Contains($"\"kind\": \"{recipe.Name}\"", json, StringComparison.Ordinal);
        }
    }
}
