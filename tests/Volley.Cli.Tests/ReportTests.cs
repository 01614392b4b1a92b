using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Volley.Cli.Runs;

namespace Volley.Cli.Tests;

/// <summary>Pages of one run and of several, from the command line.</summary>
public sealed class ReportTests
{
    [Fact]
    public void Several_runs_are_one_page_and_their_own_pages_stay()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("lif", "--set", "model.neuron=lif")).Succeeds();
        ToolRun.Of(place.Tiny("seeds", "--seeds", "1,2")).Succeeds();
        string own = Path.Combine(place["lif"], "report.html");
        File.WriteAllText(own, "mine");
        Assert.Contains("2 runs side by side", ToolRun.Of("report", place["lif"], place["seeds"], "--out", place["page.html"]).Succeeds().Out, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(own));
        string page = File.ReadAllText(place["page.html"]);
        foreach (string part in new[] { "<h1>lif · seeds</h1>", "model.neuron.kind", "Every run of seeds", "95% interval", "±", "Validation accuracy over time" })
            Assert.Contains(part, page, StringComparison.Ordinal);

        Assert.Equal("comparison", (string)ToolRun.Of("report", place["lif"], place["seeds"], "--out", place["page.html"], "--json").Succeeds().Last["event"]!);
        ToolRun.Of("report", place["lif"], place["nothing"], "--out", place["page.html"]).Fails(2, "nothing", "holds no run");
        ToolRun.Of("report", place["lif"], place["seeds"], "--out", place.Root).Fails(2, "is a folder");
    }

    [Fact]
    public void Folders_of_one_name_are_told_apart_by_their_paths()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("a/run")).Succeeds();
        ToolRun.Of(place.Tiny("b/run", "--seed", "2")).Succeeds();
        Assert.Equal([place["a/run"], place["b/run"]], RunReports.Groups([place["a/run"], place["b/run"]]).Select(g => g.Name));
        Assert.Equal(["run"], RunReports.Groups([place["a/run"] + "/"]).Select(g => g.Name));
    }

    [Fact]
    public void Seeds_and_folds_have_a_page_together()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("runs", "--seeds", "1,2", "--set", """folds={"path": "data.alpha", "values": ["1", "2"]}""")).Succeeds();
        string report = place["runs/report.html"];
        Assert.Contains("seed 2, 1", File.ReadAllText(report), StringComparison.Ordinal);
        File.Delete(report);
        ToolRun.Of("report", place["runs"]).Succeeds();
        Assert.True(File.Exists(report));
        Volley.Plots.RunGroup group = RunReports.Groups([place["runs"]]).Single();
        Assert.Equal((4, 2), (group.Runs.Count, group.Seeds));
        Assert.Equal((double)JsonNode.Parse(File.ReadAllText(place["runs/summary.json"]))!["test_accuracy_sd"]!, group.Over(r => r.Figures.TestAccuracy!.Rate).Deviation, 12);
        // The test samples of both folds, once.
        Assert.Equal(120, group.TestAccuracy!.Count);
    }

    [Fact]
    public void Right_and_wrong_samples_are_shown_with_membranes_that_fire_at_their_threshold()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("run", "--set", "training.epochs=1")).Succeeds();
        RunActivity activity = RunActivity.Read(place["run/activity.json"])!;
        Assert.Equal([true, true, false, false], activity.Samples.Select(s => s.Title.EndsWith("recognised", StringComparison.Ordinal)));
        foreach (string wrong in activity.Samples.Skip(2).Select(s => s.Title))
        {
            Match match = Regex.Match(wrong, "^class (.*), taken for (.*)$");
            Assert.True(match.Success && match.Groups[1].Value != match.Groups[2].Value, wrong);
        }
        MembraneTrace[] traces = [.. activity.Samples.SelectMany(s => s.Traces!)];
        int spikes = 0;
        foreach (MembraneTrace trace in traces.Where(t => t.Threshold.Count == 1))
        {
            spikes += trace.Spikes.Count;
            for (int t = 0; t < trace.Values.Count; t++)
            {
                double over = trace.Values[t] - trace.Threshold[0];
                Assert.True(Math.Abs(over) < 1e-3 || over > 0 == trace.Spikes.Contains(t), $"{trace.Layer} {trace.Name} step {t}: {over}");
            }
        }
        Assert.True(spikes > 0);
        // Of the readout's neurons those of the true and of the predicted class.
        Assert.Equal([1, 1, 2, 2], activity.Samples.Select(s => s.Traces!.Count(t => t.Name.StartsWith("class ", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("""{"kind":"masked-psn","order":5}""", 1, 1)]
    [InlineData("psn", 1, 1)]
    [InlineData("""{"kind":"sliding-psn","order":4}""", 0, 1)]
    [InlineData("cadlif", 0, 0)]
    public void What_was_learned_over_time_is_kept(string neuron, int matrices, int curves)
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("run", "--set", "model.neuron=" + neuron, "--set", "training.select=last")).Succeeds();
        RunActivity activity = RunActivity.Read(place["run/activity.json"])!;
        Assert.Equal((matrices, curves), (activity.Matrices!.Count, activity.Curves!.Count));
        if (curves > 0)
            Assert.NotEqual(activity.Curves[0].Lines[0].Before, activity.Curves[0].Lines[0].After);
        if (neuron.Contains("sliding", StringComparison.Ordinal))
            Assert.Equal([1, 0.5, 0.25, 0.125], activity.Curves[0].Lines[0].Before);
        if (matrices == 0)
            return;
        LearnedWeights weights = activity.Matrices[0];
        Assert.Equal((20, 20), (weights.Steps, weights.Size));
        for (int t = 0; t < 20; t++)
        {
            for (int s = 0; s < 20; s++)
                Assert.Equal(neuron != "psn" && (s > t || t - s >= 5), BitConverter.ToSingle(weights.After, 4 * (20 * t + s)) == 0);
        }
    }

    [Fact]
    public void Gradients_bear_the_names_of_layers()
    {
        using var place = new Place();
        ToolRun.Of(place.Tiny("run")).Succeeds();
        EpochMetrics epoch = EpochMetrics.Read(place["run/metrics.jsonl"])[0];
        Assert.Equal(8, epoch.Steps);
        Assert.Contains("0-dense.weight", epoch.Gradients!.Keys);
        Assert.Contains("2-cadlif.beta", epoch.Gradients.Keys);
        Assert.All(epoch.Gradients.Values, norm => Assert.True(norm > 0));
    }
}
