namespace Volley.Cli.Tests;

/// <summary>Wrong usage: exit code 2 and one sentence that says what to do.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("trian", "did you mean 'train'")]
    [InlineData("train quickstrat", "did you mean 'quickstart'")]
    [InlineData("train no/such.json", "There is no recipe file")]
    [InlineData("train --threads 0", "--threads is '0'")]
    [InlineData("train --threads 2000", "from 1 to 1024")]
    [InlineData("train --threads two", "--threads is 'two'")]
    [InlineData("train --epochs 0", "--epochs is '0'")]
    [InlineData("train --seed -1", "--seed is '-1'")]
    [InlineData("train --seeds 1,1", "twice")]
    [InlineData("train --seeds 1,x", "--seeds is 'x'")]
    [InlineData("train --seed 1 --seeds 1,2", "contradict")]
    [InlineData("train --cache c --no-cache", "contradict")]
    [InlineData("train --checkpoint-every soon", "number of seconds")]
    [InlineData("train --epoch 3", "did you mean '--epochs'")]
    [InlineData("train --set training", "PATH=VALUE")]
    [InlineData("train --set training.epoch=3", "did you mean 'epochs'")]
    [InlineData("train --set training.epochs=many", "training.epochs")]
    [InlineData("train --set training.augment=[\"noise\"]", "augment[0] (Noise) does not fit 'randman'")]
    [InlineData("train --set training.augment=[\"nois\"]", "did you mean 'noise'")]
    [InlineData("train --set model.hidden=[1000000,1000000]", "cannot be built")]
    [InlineData("train --resume", "--out")]
    [InlineData("train --resume --out no-such-folder", "no run")]
    [InlineData("train --resume --out x --epochs 3", "--epochs cannot be changed")]
    [InlineData("train mnist-rows-cadlif", "--data")]
    [InlineData("eval", "RUN|MODEL")]
    [InlineData("eval no-such-run", "no run or model")]
    [InlineData("eval no-such-run --split tests", "train, valid or test")]
    [InlineData("inspect no-such-thing", "There is no recipe")]
    [InlineData("report no-such-run", "holds no run")]
    [InlineData("data", "command")]
    [InlineData("data verify nothing", "There is no recipe 'nothing'")]
    [InlineData("data download mnist --data x", "no known address for the data set 'mnist'; there is one for shd, ssc, speech-commands")]
    [InlineData("data download shd", "Pass --data DIR")]
    [InlineData("train --set model.readout=each-step", "the samples of 'randman' have one each")]
    [InlineData("train --set model.readout=each-step --set training.loss=tet", "needs the loss 'cross-entropy'")]
    [InlineData("bench nothing", "no benchmark group")]
    [InlineData("bench --threads 0", "--threads is '0'")]
    public void Says_what_is_wrong(string line, string words) => ToolRun.Of(line.Split(' ')).Fails(2, words);

    [Fact]
    public void A_recipe_file_with_an_unknown_field_names_it()
    {
        using var place = new Place();
        string good = File.ReadAllText(Path.Combine(Repository.Root, "recipes", "quickstart", "recipe.json"));
        string file = place.Write("r.json", good.Replace("\"epochs\"", "\"epoks\"", StringComparison.Ordinal));
        ToolRun.Of("train", file, "--out", place["run"]).Fails(2, "r.json", "training.epoks", "epochs");
        Assert.False(Directory.Exists(place["run"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1, 2]")]
    [InlineData("{\"name\": 3}")]
    [InlineData("\0\0\0\0")]
    public void A_recipe_file_that_is_none_is_refused(string text)
    {
        using var place = new Place();
        ToolRun.Of("train", place.Write("r.json", text), "--out", place["run"]).Fails(2, "r.json");
    }

    [Fact]
    public void Missing_data_files_are_listed()
    {
        using var place = new Place();
        ToolRun.Of("train", "mnist-rows-cadlif", "--data", place.Root, "--out", place["run"]).Fails(1, "train-images-idx3-ubyte", "--data");
        ToolRun.Of("data", "verify", "mnist", "--data", place["none"]).Fails(1, "There is no folder", "none");
    }

    [Fact]
    public void A_damaged_data_file_is_one_sentence()
    {
        using var place = new Place();
        foreach (string name in new[] { "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte" })
            place.Write(name, "not idx");
        ToolRun.Of("train", "mnist-rows-cadlif", "--data", place.Root, "--out", place["run"], "--no-cache").Fails(1, "train-images-idx3-ubyte");
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        using var place = new Place();
        string file = place.Write("file", "in the way");
        ToolRun.Of(place.Tiny("file")).Fails(1, file, "--out");
        Assert.Equal("in the way", File.ReadAllText(file));
        if (OperatingSystem.IsLinux())
            ToolRun.Of([.. place.Tiny("x"), "--out", "/proc/volley"]).Fails(2);
    }

    [Fact]
    public void Help_and_version_are_there()
    {
        Assert.Contains("train", ToolRun.Of().Succeeds().Out);
        Assert.Contains("--resume", ToolRun.Of("train", "--help").Succeeds().Out);
        Assert.Matches("^[0-9]+[.][0-9]+", ToolRun.Of("--version").Succeeds().Out);
    }
}
