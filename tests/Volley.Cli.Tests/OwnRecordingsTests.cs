using System.Globalization;

namespace Volley.Cli.Tests;

/// <summary>Somebody's own recordings, from files to an evaluated network.</summary>
public sealed class OwnRecordingsTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Csv_files_are_trained_on_and_evaluated()
    {
        WriteCsv();
        string last = ToolRun.Of(Train("run")).Succeeds().Last["test_accuracy"]!.ToJsonString();
        ToolRun eval = ToolRun.Of("eval", _place["run"], "--json", "--no-cache", "--streaming").Succeeds();
        Assert.Equal(last, eval.Last["accuracy"]!.ToJsonString());
        Assert.Equal("falling", (string)eval.Last["classes"]![0]!["name"]!);

        // The model knows its statistics and classes: a few recordings elsewhere are read as those it was trained on.
        Directory.CreateDirectory(_place["few/rising"]);
        foreach (int i in Enumerable.Range(0, 10))
            File.Copy(_place[$"data/rising/{i:00}.csv"], _place[$"few/rising/{i:00}.csv"]);
        ToolRun few = ToolRun.Of("eval", _place["run"], "--data", _place["few"], "--json", "--no-cache");
        Assert.Equal(0, few.Code);
        Assert.Contains("these are not the data of the run", few.Error);
        Directory.CreateDirectory(_place["few/flat"]);
        File.WriteAllText(_place["few/flat/1.csv"], "1,1\n1,1\n");
        ToolRun.Of("eval", _place["run"], "--data", _place["few"], "--no-cache").Fails(1, "1.csv' has the class 'flat'", "falling, rising");
    }

    [Fact]
    public void Bad_recordings_stop_or_are_left_out()
    {
        WriteCsv();
        File.WriteAllText(_place["data/rising/03.csv"], "1,2\n3,x\n");
        File.WriteAllText(_place["data/rising/04.csv"], "");
        ToolRun.Of(Train("run")).Fails(1, "04.csv', byte 0: the file is empty; --skip-bad goes on without such recordings.");
        Assert.False(Directory.Exists(_place["run"]));
        ToolRun run = ToolRun.Of(Train("run", "--skip-bad"));
        Assert.Equal(0, run.Code);
        Assert.Contains("2 of 40 recordings cannot be read and are left out (04.csv, 03.csv); the first one: ", run.Error);
        // The run remembers.
        Assert.Contains("\"skipBad\": true", File.ReadAllText(_place["run/recipe.json"]));
        ToolRun eval = ToolRun.Of("eval", _place["run"], "--no-cache");
        Assert.Equal(0, eval.Code);
        Assert.Contains("2 of 40 recordings", eval.Error);
        Assert.DoesNotContain("not the data of the run", eval.Error);
        ToolRun.Of("data", "verify", "csv", "--data", _place["data"]).Fails(1, "04.csv");
        System.Text.Json.Nodes.JsonObject facts = ToolRun.Of("data", "verify", "csv", "--data", _place["data"], "--skip-bad", "--json").Last;
        Assert.Equal(38, (int)facts["train"]! + (int)facts["valid"]! + (int)facts["test"]!);
    }

    [Fact]
    public void A_table_is_data_too()
    {
        WriteCsv();
        string[] rows =
        [
            .. new[] { "rising", "falling" }.SelectMany(name => Enumerable.Range(0, 20).SelectMany(i =>
                File.ReadAllLines(_place[$"data/{name}/{i:00}.csv"]).Skip(1).Select(line => $"{name}{i},{name},{line}"))),
        ];
        File.WriteAllLines(_place["all.csv"], ["id,label,x,y", .. rows]);
        string[] args = Train("run");
        args[Array.IndexOf(args, "--data") + 1] = _place["all.csv"];
        ToolRun.Of(args).Succeeds();
        ToolRun.Of("eval", _place["run"], "--no-cache").Succeeds();
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        ToolRun.Of("train", "own-wav", "--out", _place["run"]).Fails(2, "The data set 'wav' needs --data DIR, the folder with {class}/{*}.wav.");
        ToolRun.Of("train", "own-wav", "--out", _place["run"], "--data", _place["nowhere"]).Fails(1, "There is no folder '", "--data");
        Directory.CreateDirectory(_place["empty"]);
        ToolRun.Of("train", "own-wav", "--out", _place["run"], "--data", _place["empty"]).Fails(1, "has no file {class}/{*}.wav; it is empty");
        ToolRun.Of("train", "own-wav", "--out", _place["run"], "--data", _place["empty"], "--set", "data.pattern={clas}.wav")
            .Fails(2, "The pattern '{clas}.wav' cannot be used: {clas} is unknown");
        ToolRun.Of("train", "--skip-bad", "--out", _place["run"]).Fails(2, "--skip-bad is for data sets of recordings; 'randman' is none");
        ToolRun.Of("train", "--resume", "--skip-bad", "--out", _place["run"]).Fails(2, "--skip-bad cannot be changed by --resume");
    }

    [Fact]
    public void Nothing_needs_to_be_read_to_be_inspected()
    {
        Assert.Contains("Nobody has read the data yet: 10 classes are assumed.", ToolRun.Of("inspect", "own-wav").Succeeds().Out);
        Assert.Equal("10 classes and 10 channels", (string)ToolRun.Of("inspect", "own-csv", "--json").Succeeds().Last["assumed"]!);
        Assert.Null(ToolRun.Of("inspect", "quickstart", "--json").Succeeds().Last["assumed"]);
        string list = ToolRun.Of("data", "list").Succeeds().Out;
        foreach (string name in new[] { "fsdd: ", "speech-commands: ", "wav: ", "csv: ", "npy: ", "ts: " })
            Assert.Contains(name, list);
    }

    private string[] Train(string run, params string[] more) =>
    [
        "train", "own-csv", "--data", _place["data"], "--out", _place[run], "--no-cache", "--json", "--threads", "1", "--epochs", "2",
        "--set", "model.hidden=[8]", .. more,
    ];

    // 20 recordings of each class: two channels that rise or fall, of different length.
    private void WriteCsv()
    {
        foreach (string name in new[] { "rising", "falling" })
        {
            Directory.CreateDirectory(_place[$"data/{name}"]);
            for (int i = 0; i < 20; i++)
            {
                IEnumerable<string> rows = Enumerable.Range(0, 5 + i % 4)
                    .Select(t => string.Create(CultureInfo.InvariantCulture, $"{(name == "rising" ? t : -t) + 0.1 * i},{(i * 7 + t * 3) % 5}"));
                File.WriteAllLines(_place[$"data/{name}/{i:00}.csv"], ["x,y", .. rows]);
            }
        }
    }
}
