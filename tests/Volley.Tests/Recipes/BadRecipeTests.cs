using Volley.Recipes;

namespace Volley.Tests.Recipes;

/// <summary>One edit of a good recipe, and the exact sentence it earns.</summary>
public sealed class BadRecipeTests
{
    private const string Neurons = "if, lif, plif, cuba-lif, alif, adlif, cadlif, se-adlif, ef-adlif, leaky-integrator, linear, klif, glif, psn, masked-psn, sliding-psn";

    [Theory]
    [InlineData("\"epochs\": 20", "\"epoch\": 20", "'training.epoch' is unknown; did you mean 'epochs'?")]
    [InlineData("\"epochs\": 20", "\"Epochs\": 20", "'training.Epochs' is unknown; did you mean 'epochs'?")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20, \"colour\": 1",
        "'training.colour' is unknown; known here: epochs, batch, optimizer, schedule, loss, rateRegularizer, clipNorm, earlyStopping, truncate, select, augment.")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20, \"clip_norm\": 1", "'training.clip_norm' is unknown; did you mean 'clipNorm'?")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20, \"a\\nb\": 1",
        "'training.a\uFFFDb' is unknown; known here: epochs, batch, optimizer, schedule, loss, rateRegularizer, clipNorm, earlyStopping, truncate, select, augment.")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20, \"epochs\": 20", "'training.epochs' occurs twice.")]
    [InlineData("\"epochs\": 20,", "", "'training.epochs' is missing; it must be a whole number from 1 to 1000000.")]
    [InlineData("\"epochs\": 20", "\"epochs\": \"20\"", "'training.epochs' must be a whole number from 1 to 1000000, not \"20\".")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20.5", "'training.epochs' must be a whole number from 1 to 1000000, not 20.5.")]
    [InlineData("\"epochs\": 20", "\"epochs\": 99999999999", "'training.epochs' must be a whole number from 1 to 1000000, not 99999999999.")]
    [InlineData("\"epochs\": 20", "\"epochs\": null", "'training.epochs' must be a whole number from 1 to 1000000, not null.")]
    [InlineData("\"epochs\": 20", "\"epochs\": {}", "'training.epochs' must be a whole number from 1 to 1000000, not an object.")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20, \"clipNorm\": 0", "'training.clipNorm' must be a number above 0 and at most 1000000, not 0.")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20, \"clipNorm\": 1e999", "'training.clipNorm' must be a number above 0 and at most 1000000, not 1e999.")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20, \"select\": \"bets\"", "'training.select' must be one of best, last, not \"bets\"; did you mean 'best'?")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20, \"select\": 0", "'training.select' must be one of best, last, not 0.")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20, \"rateRegularizer\": {\"low\": 0.6}",
        "'training.rateRegularizer' does not fit together: 'high' is below 'low'.")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20, \"augment\": [{\"kind\": \"time-mask\", \"fill\": \"edge\"}]",
        "'training.augment[0]' does not fit together: 'fill' of a mask cannot be 'edge'.")]
    [InlineData("\"epochs\": 20", "\"epochs\": 20, \"augment\": [{\"kind\": \"gain\", \"p\": 0}]",
        "'training.augment[0].p' must be a number above 0 and at most 1, not 0.")]
    [InlineData("\"adam\"", "{\"kind\": \"adma\"}", "'training.optimizer.kind' must be one of sgd, adam, adamw, not \"adma\"; did you mean 'adam'?")]
    [InlineData("\"adam\"", "{\"rate\": 1}", "'training.optimizer.kind' is missing; it is one of sgd, adam, adamw.")]
    [InlineData("\"adam\"", "{\"kind\": 1}", "'training.optimizer.kind' must be one of sgd, adam, adamw, not 1.")]
    [InlineData("\"adam\"", "7", "'training.optimizer' must be an object with 'kind', or one of sgd, adam, adamw, not 7.")]
    [InlineData("\"adam\"", "null", "'training.optimizer' must be an object with 'kind', or one of sgd, adam, adamw, not null.")]
    [InlineData("\"adam\"", "{\"kind\": \"adam\", \"momentum\": 1}",
        "'training.optimizer.momentum' is unknown; known here: rate, betas, epsilon, weightDecay.")]
    [InlineData("\"adam\"", "{\"kind\": \"adam\", \"rate\": -1}", "'training.optimizer.rate' must be a number above 0 and at most 100, not -1.")]
    [InlineData("\"adam\"", "{\"kind\": \"adam\", \"betas\": [0.9]}", "'training.optimizer.betas' must be a list of 2 to 2 items, but has 1.")]
    [InlineData("\"adam\"", "{\"kind\": \"adam\", \"betas\": [0.9, 1]}", "'training.optimizer.betas[1]' must be a number from 0 and below 1, not 1.")]
    [InlineData("\"adam\"", "{\"kind\": \"adam\", \"kind\": \"adam\"}", "'training.optimizer.kind' occurs twice.")]
    [InlineData("\"cadlif\"", "\"cadlife\"", "'model.neuron' must be one of " + Neurons + ", not \"cadlife\"; did you mean 'cadlif'?")]
    [InlineData("\"cadlif\"", "{\"kind\": \"cadlif\", \"tauMembrane\": {\"min\": 0.02, \"max\": 0.01}}",
        "'model.neuron.tauMembrane' does not fit together: 'min' is 0.02, above 'max', which is 0.01.")]
    [InlineData("\"cadlif\"", "{\"kind\": \"cadlif\", \"tauMembrane\": 0}", "'model.neuron.tauMembrane' must be a number above 0 and at most 1000000, not 0.")]
    [InlineData("\"cadlif\"", "{\"kind\": \"cadlif\", \"tauMembrane\": \"long\"}", "'model.neuron.tauMembrane' must be an object, not \"long\".")]
    [InlineData("\"cadlif\"", "{\"kind\": \"cadlif\", \"a\": -1}",
        "'model.neuron' does not fit together: 'a' must not be negative; use 'adlif' for that.")]
    [InlineData("\"cadlif\"", "{\"kind\": \"cadlif\", \"spikes\": true}",
        "'model.neuron.spikes' is unknown; known here: tauMembrane, tauAdaptation, a, b, threshold, surrogate, initialState.")]
    [InlineData("\"cadlif\"", "\"leaky-integrator\"", "'model' does not fit together: 'neuron' must be one that spikes.")]
    [InlineData("\"cadlif\"", "\"cadlif\", \"readout\": \"spike-count\"",
        "'model' does not fit together: the readout 'spike-count' needs an 'output' that spikes.")]
    [InlineData("[128]", "[]", "'model.hidden' must be a list of 1 to 64 items, but has 0.")]
    [InlineData("[128]", "[128, \"x\"]", "'model.hidden[1]' must be a whole number from 1 to 1000000, not \"x\".")]
    [InlineData("[128]", "[null]", "'model.hidden[0]' must be a whole number from 1 to 1000000, not null.")]
    [InlineData("[128]", "128", "'model.hidden' must be a list of 1 to 64 items, not 128.")]
    [InlineData("\"randman\"", "{\"kind\": \"mnist\", \"permuted\": true}", "'data' does not fit together: 'permuted' needs \"as\": \"pixels\".")]
    [InlineData("\"randman\"", "{\"kind\": \"mnist\", \"permuted\": 1}", "'data.permuted' must be true or false, not 1.")]
    [InlineData("\"randman\"", "{\"kind\": \"listops\", \"maxLength\": 501}", "'data' does not fit together: 'maxLength' must be at least 'minLength' + 2.")]
    [InlineData("\"randman\"", "{\"kind\": \"pathfinder\", \"difficulty\": \"harder\"}", "'data.difficulty' must be one of easy, intermediate, hard, not \"harder\".")]
    [InlineData("\"randman\"", "{\"kind\": \"mnist\", \"first\": {\"train\": 10}}", "'data.first.valid' is missing; it must be a whole number from 0 to 2147483647.")]
    [InlineData("\"randman\"", "{\"kind\": \"randman\", \"validFraction\": 1}", "'data.validFraction' must be a number from 0 and below 1, not 1.")]
    [InlineData("\"short\"", "5", "'name' must be text, not 5.")]
    [InlineData("[1, 2, 3]", "[1, 1]", "the document does not fit together: 'seeds' has the same seed twice.")]
    [InlineData("[1, 2, 3]", "[1, 2, 3", "line 7, column 1: this is not valid JSON.")]
    [InlineData("\"short\"", "\"\\ud800\"", "the text is not valid Unicode.")]
    public void TheSentenceNamesPlaceExpectedAndFound(string good, string bad, string sentence)
    {
        string text = RecipeTexts.Short.Replace(good, bad, StringComparison.Ordinal);
        Assert.NotEqual(RecipeTexts.Short, text);
        Assert.Equal($"my.json: {sentence}", Assert.Throws<RecipeException>(() => RecipeJson.Read(text, "my.json")).Message);
    }

    [Theory]
    [InlineData("", "line 1, column 1: this is not valid JSON.")]
    [InlineData("null", "the document must be an object, not null.")]
    [InlineData("[]", "the document must be an object, not a list.")]
    [InlineData("{}", "'name' is missing; it must be text.")]
    [InlineData("{\"name\": \"x\"}", "'data' is missing; it must be one of randman, mnist, cifar10, cifar100, fsdd, speech-commands, wav, csv, npy, ts, shd, ssc, listops, text, retrieval, pathfinder, paths.")]
    public void TheWholeDocumentMayBeWrong(string text, string sentence) =>
        Assert.Equal($"my.json: {sentence}", Assert.Throws<RecipeException>(() => RecipeJson.Read(text, "my.json")).Message);

    // Not inline data: an attribute cannot hold half a surrogate pair.
    [Fact]
    public void HalfASurrogatePairIsNoText() => Assert.Equal("my.json: the text is not valid Unicode.",
        Assert.Throws<RecipeException>(() => RecipeJson.Read(RecipeTexts.Short.Replace("short", "\ud800", StringComparison.Ordinal), "my.json")).Message);

    [Fact]
    public void DepthAndSizeAreLimited()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"kind\": \"residual\", \"layers\": [", 2000));
        Assert.Equal("my.json: line 1, column 513: this is not valid JSON.", Assert.Throws<RecipeException>(() => RecipeJson.Read(deep, "my.json")).Message);
        Assert.Equal("my.json: the text has 1048577 bytes; at most 1048576 are allowed.",
            Assert.Throws<RecipeException>(() => RecipeJson.Read(new string(' ', (1 << 20) + 1), "my.json")).Message);
    }
}
