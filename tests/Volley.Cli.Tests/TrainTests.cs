using System.Text.Json.Nodes;
using Volley.Cli.Runs;
using Volley.Recipes;

namespace Volley.Cli.Tests;

/// <summary>Training from the command line, on a tiny task.</summary>
public sealed class TrainTests
{
    private static readonly string[] ResultMembers =
    [
        "recipe", "dataset", "seed", "epochs", "parameters", "train_accuracy", "valid_accuracy", "test_accuracy", "seconds_per_epoch", "peak_memory_mb",
        "spikes_per_neuron", "synops_per_sample", "selected_epoch", "last_test_accuracy",
    ];

    [Fact]
    public void A_run_leaves_everything_behind()
    {
        using var place = new Place();
        ToolRun run = ToolRun.Of(place.Tiny("run")).Succeeds();
        Assert.Contains("quickstart", run.Out);
        Assert.Contains("Test accuracy", run.Out);
        Assert.Contains("volley eval", run.Out);
        foreach (string file in new[] { "recipe.json", "data.json", "environment.json", "metrics.jsonl", "checkpoint.safetensors", "model.safetensors", "report.html", "result.json" })
            Assert.True(File.Exists(Path.Combine(place["run"], file)), file);
        Assert.False(File.Exists(Path.Combine(place["run"], "run.lock")));

        Recipe recipe = RecipeJson.Read(File.ReadAllText(place["run/recipe.json"]), "recipe.json");
        Assert.Equal(2, recipe.Training.Epochs);
        Assert.Equal([1], recipe.Seeds);
        JsonObject[] epochs = [.. File.ReadAllLines(place["run/metrics.jsonl"]).Select(line => JsonNode.Parse(line)!.AsObject())];
        Assert.Equal([1, 2], epochs.Select(e => (int)e["epoch"]!));
        foreach (string member in new[] { "train_loss", "train_accuracy", "valid_accuracy", "valid_loss", "rate", "seconds", "spikes_per_neuron" })
            Assert.All(epochs, e => Assert.True((double)e[member]! >= 0, member));
        Assert.Contains("<svg", File.ReadAllText(place["run/report.html"]));
    }

    [Fact]
    public void Json_is_one_object_a_line_and_ends_with_the_result()
    {
        using var place = new Place();
        ToolRun run = ToolRun.Of(place.Tiny("run", "--json", "--seed", "7")).Succeeds();
        Assert.Equal(["start", "epoch", "epoch", "result"], run.Json.Select(line => (string)line["event"]!));
        foreach (string member in ResultMembers)
            Assert.NotNull(run.Last[member]);
        Assert.Equal(7, (int)run.Last["seed"]!);
        Assert.Equal("randman", (string)run.Last["dataset"]!);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_whatever_the_threads_and_another_seed_others()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("a")).Succeeds();
        ToolRun.Of([.. place.Tiny("b")[..^1], "3"]).Succeeds();
        ToolRun.Of(place.Tiny("c", "--seed", "2")).Succeeds();
        foreach (string file in new[] { "model.safetensors", "checkpoint.safetensors" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(place["a"], file)), File.ReadAllBytes(Path.Combine(place["b"], file)));
            Assert.NotEqual(File.ReadAllBytes(Path.Combine(place["a"], file)), File.ReadAllBytes(Path.Combine(place["c"], file)));
        }
    }

    [Fact]
    public void A_run_is_never_overwritten()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("run")).Succeeds();
        byte[] model = File.ReadAllBytes(place["run/model.safetensors"]);
        ToolRun.Of(place.Tiny("run", "--seed", "2")).Fails(2, "--resume", "--out");
        ToolRun.Of(place.Tiny("run", "--seeds", "1,2")).Fails(2, "--resume", "--out");
        Assert.Equal(model, File.ReadAllBytes(place["run/model.safetensors"]));
    }

    [Fact]
    public void Resuming_a_finished_run_says_so()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("run")).Succeeds();
        Assert.Contains("finished", ToolRun.Of("train", "--resume", "--out", place["run"]).Succeeds().Out);
        Assert.Contains("finished", ToolRun.Of("train", "quickstart", "--resume", "--out", place["run"]).Succeeds().Out);
        Assert.Equal("result", (string)ToolRun.Of("train", "--resume", "--json", "--out", place["run"]).Succeeds().Last["event"]!);
        ToolRun.Of("train", "mnist-rows-cadlif", "--resume", "--out", place["run"]).Fails(2, "quickstart");
        ToolRun.Of("train", "--resume", "--seed", "3", "--out", place["run"]).Fails(2, "--seed");
    }

    [Fact]
    public void Interrupted_is_130_and_resumed_is_the_same_as_never_interrupted()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("whole")).Succeeds();
        ToolRun stopped = ToolRun.With(new CancellationToken(canceled: true), place.Tiny("run"));
        Assert.Equal(130, stopped.Code);
        Assert.Contains("volley train --resume --out", stopped.Out);
        ToolRun.Of("eval", place["run"]).Fails(1, "no model yet");
        Assert.Equal(0, ToolRun.Of("report", place["run"]).Code);
        ToolRun.Of("train", "--resume", "--out", place["run"], "--threads", "2").Succeeds();
        Assert.Equal(File.ReadAllBytes(place["whole/model.safetensors"]), File.ReadAllBytes(place["run/model.safetensors"]));
    }

    [Fact]
    public void A_damaged_checkpoint_falls_back_to_the_one_before()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("run")).Succeeds();
        byte[] model = File.ReadAllBytes(place["run/model.safetensors"]);
        File.Delete(place["run/result.json"]);
        byte[] checkpoint = File.ReadAllBytes(place["run/checkpoint.safetensors"]);
        checkpoint[^1] ^= 1;
        File.WriteAllBytes(place["run/checkpoint.safetensors"], checkpoint);
        File.AppendAllText(place["run/metrics.jsonl"], "{\"epoch\": 3, \"tor");

        ToolRun run = ToolRun.Of("train", "--resume", "--out", place["run"]);
        Assert.Equal(0, run.Code);
        Assert.Contains("warning: The newest checkpoint cannot be used", run.Error);
        Assert.Equal(model, File.ReadAllBytes(place["run/model.safetensors"]));
        Assert.Equal(2, File.ReadAllLines(place["run/metrics.jsonl"]).Length);

        File.Delete(place["run/result.json"]);
        File.WriteAllText(place["run/checkpoint.safetensors"], "");
        File.WriteAllText(place["run/checkpoint.previous.safetensors"], "x");
        ToolRun.Of("train", "--resume", "--out", place["run"]).Fails(1, "No checkpoint", "another folder");
    }

    [Fact]
    public void Other_data_are_refused_on_resuming()
    {
        using var place = new Place();
        ToolRun.With(new CancellationToken(canceled: true), place.Tiny("run"));
        string recipe = File.ReadAllText(place["run/recipe.json"]);
        File.WriteAllText(place["run/recipe.json"], recipe.Replace("\"testPerClass\": 20", "\"testPerClass\": 21", StringComparison.Ordinal));
        ToolRun.Of("train", "--resume", "--out", place["run"]).Fails(1, "not those", "120/30/63");
    }

    [Fact]
    public void Several_seeds_make_a_folder_each_and_a_summary()
    {
        using var place = new Place();
        ToolRun run = ToolRun.Of(place.Tiny("runs", "--json", "--seeds", "1,2,5")).Succeeds();
        double[] accuracy = [.. new[] { 1, 2, 5 }.Select(seed => (double)JsonNode.Parse(File.ReadAllText(place[$"runs/seed-{seed}/result.json"]))!["test_accuracy"]!)];
        double mean = accuracy.Average(), sd = Math.Sqrt(accuracy.Sum(a => (a - mean) * (a - mean)) / 2);
        Assert.Equal("summary", (string)run.Last["event"]!);
        Assert.Equal(mean, (double)run.Last["test_accuracy"]!, 12);
        Assert.Equal(sd, (double)run.Last["test_accuracy_sd"]!, 12);
        Assert.True(File.Exists(place["runs/summary.json"]));

        ToolRun.Of("eval", place["runs"]).Fails(2, "seed-1");
        ToolRun.Of("report", place["runs"]).Succeeds();
        Directory.Delete(place["runs/seed-5"], recursive: true);
        Assert.Equal(mean, (double)ToolRun.Of("train", "--resume", "--json", "--out", place["runs"]).Succeeds().Last["test_accuracy"]!, 12);
    }

    [Fact]
    public void What_could_not_begin_leaves_nothing_behind()
    {
        using var place = new Place();
        foreach (string[] seeds in new[] { new[] { "--seed", "1" }, ["--seeds", "1,2"] })
        {
            ToolRun.Of(["train", "mnist-rows-cadlif", "--data", place.Root, "--out", place["run"], .. seeds]).Fails(1, "train-images", "--data");
            Assert.False(Directory.Exists(place["run"]));
            ToolRun.Of(place.Tiny("run", ["--set", "data.dims=0", .. seeds])).Fails(2, "dims");
            Assert.False(Directory.Exists(place["run"]));
        }
        ToolRun.Of(place.Tiny("run", "--seeds", "1,2")).Succeeds();
    }

    [Fact]
    public void Folds_are_averaged_before_seeds()
    {
        using var place = new Place();
        const string Folds = """folds={"path": "data.alpha", "values": ["1", "2"]}""";
        ToolRun run = ToolRun.Of(place.Tiny("runs", "--json", "--seeds", "1,2", "--set", Folds)).Succeeds();
        double Accuracy(int seed, string fold) => (double)JsonNode.Parse(File.ReadAllText(place[$"runs/seed-{seed}-{fold}/result.json"]))!["test_accuracy"]!;
        double first = (Accuracy(1, "1") + Accuracy(1, "2")) / 2, second = (Accuracy(2, "1") + Accuracy(2, "2")) / 2;
        Assert.Equal((first + second) / 2, (double)run.Last["test_accuracy"]!, 12);
        Assert.Equal(Math.Abs(first - second) / Math.Sqrt(2), (double)run.Last["test_accuracy_sd"]!, 12);
        Assert.Equal((Accuracy(1, "2") + Accuracy(2, "2")) / 2, (double)run.Last["folds"]![1]!["test_accuracy"]!, 12);
        Assert.Contains("\"alpha\": 2", File.ReadAllText(place["runs/seed-1-2/recipe.json"]), StringComparison.Ordinal);

        ToolRun.Of(place.Tiny("one", "--set", Folds, "--fold", "2")).Succeeds();
        Assert.Equal(Accuracy(1, "2"), (double)JsonNode.Parse(File.ReadAllText(place["one/result.json"]))!["test_accuracy"]!);
        ToolRun.Of(place.Tiny("bad", "--set", Folds, "--fold", "3")).Fails(2, "--fold", "1, 2");
        ToolRun.Of(place.Tiny("bad", "--fold", "3")).Fails(2, "has no folds");
        ToolRun.Of(place.Tiny("bad", "--set", """folds={"path": "data.alpah", "values": ["1", "2"]}""")).Fails(2, "alpah", "alpha");
        ToolRun.Of(place.Tiny("bad", "--set", """folds={"path": "data.alpha", "values": ["../1", "2"]}""")).Fails(2, "letters");
    }

    [Fact]
    public void A_number_that_is_not_finite_stops_the_run_and_keeps_the_checkpoint()
    {
        using var place = new Place();
        // A linear net under a squared loss, with a rate far above what is stable, doubles its weights until they overflow.
        ToolRun run = ToolRun.Of(place.Tiny("run", "--set", """model={"architecture": "layers", "layers": [{"kind": "dense"}], "readout": "mean"}""",
            "--set", """training.loss={"kind": "tet", "lambda": 1}""", "--set", """training.optimizer={"kind": "sgd", "rate": 100}""",
            "--set", "training.schedule.kind=constant", "--set", "training.epochs=100", "--checkpoint-every", "0"));
        run.Fails(1, "not finite", "at epoch", "step", "last good checkpoint is kept");
        Assert.True(Volley.Serialization.Checkpoint.Read(place["run/checkpoint.safetensors"]).Arrays.Count > 0);
    }

    [Fact]
    public void Epochs_and_settings_are_in_the_runs_recipe()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("run", "--set", "training.optimizer.rate=0.002", "--set", "training.select=last", "--set", "data.limit=50")).Succeeds();
        Recipe recipe = RecipeLibrary.Read(place["run/recipe.json"]);
        Assert.Equal(0.002, recipe.Training.Optimizer.Rate);
        Assert.Equal(50, RunJson.Read<RunData>(place["run/data.json"]).Train);
        Assert.Equal("last", RunJson.Read<RunResult>(place["run/result.json"]).Selection);
    }

    [Fact]
    public void Two_processes_cannot_train_into_one_folder()
    {
        using var place = new Place();
        ToolRun.With(new CancellationToken(canceled: true), place.Tiny("run"));
        using (new RunFolder(place["run"]).Lock())
            ToolRun.Of("train", "--resume", "--out", place["run"]).Fails(1, "Another process");
        ToolRun.Of("train", "--resume", "--out", place["run"]).Succeeds();
    }
}
