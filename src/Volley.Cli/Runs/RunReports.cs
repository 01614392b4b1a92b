using System.Globalization;
using System.Runtime.InteropServices;
using Volley.Plots;
using Volley.Serialization;

namespace Volley.Cli.Runs;

/// <summary>Draws <c>report.html</c> from the files of a run alone.</summary>
internal static class RunReports
{
    /// <summary>Replaces the report.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="result">Its result; null while it is not finished.</param>
    public static void Write(RunFolder folder, RunResult? result) =>
        AtomicFile.WriteText(folder.Report, RunReport.Build(Record(folder, result)).ToHtml());

    private static RunRecord Record(RunFolder folder, RunResult? result)
    {
        string json = File.ReadAllText(folder.Recipe);
        Volley.Recipes.Recipe recipe = Volley.Recipes.RecipeJson.Read(json, folder.Recipe);
        RunActivity? activity = File.Exists(folder.Activity) ? RunJson.Read<RunActivity>(folder.Activity) : null;
        var data = RunJson.Read<RunData>(folder.Data);
        return new RunRecord
        {
            Name = recipe.Name,
            Dataset = data.Name,
            Seed = recipe.Seeds[0],
            RecipeJson = json,
            Environment = [.. Environment(folder), .. Data(data)],
            Epochs = [.. EpochMetrics.Read(folder.Metrics).Select(Row)],
            FinalMetrics = result is null ? [] : [.. Headline(result)],
            Layers = activity is null ? [] : [.. activity.Layers.Select(layer => new LayerActivity(layer.Name, layer.Rates))],
            Learned = activity?.Learned is null ? [] : [.. activity.Learned.Select(l => new LearnedDistribution(l.Layer, l.Name, l.Unit, l.Before, l.After))],
            Samples = activity is null ? [] : [.. activity.Samples.Select(Raster)],
            Confusion = activity is null ? null : new ConfusionCounts(activity.Classes, activity.Confusion),
        };
    }

    private static EpochRow Row(EpochMetrics e) =>
        new(e.Epoch, e.TrainLoss, e.TrainAccuracy, e.ValidAccuracy ?? double.NaN, e.Rate, e.Seconds, e.SpikesPerNeuron) { ValidLoss = e.ValidLoss ?? double.NaN };

    private static IEnumerable<Fact> Headline(RunResult result)
    {
        yield return Fact.Of("test accuracy", result.TestAccuracy ?? double.NaN, NumberFormat.Percent) with { Note = $"epoch {result.SelectedEpoch}, {(result.Selection == "best" ? "the best on validation samples" : "the last")}" };
        yield return Fact.Of("test accuracy of the last epoch", result.LastTestAccuracy ?? double.NaN, NumberFormat.Percent);
        if (result.InterpolatedTestAccuracy is { } interpolated)
            yield return Fact.Of("test accuracy with delays between steps", interpolated, NumberFormat.Percent) with { Note = "as training sees them; the figure above rounds them, as they are deployed" };
        yield return Fact.Of("parameters", result.Parameters, NumberFormat.Whole);
        yield return Fact.Of("spikes a neuron and sample", result.SpikesPerNeuron);
        yield return Fact.Of("synaptic operations a sample", Math.Round(result.SynopsPerSample), NumberFormat.Whole);
        yield return Fact.Of("time an epoch", result.SecondsPerEpoch ?? double.NaN, NumberFormat.Seconds);
    }

    private static IEnumerable<Fact> Environment(RunFolder folder)
    {
        if (!File.Exists(folder.Environment))
            yield break;
        var e = RunJson.Read<RunEnvironment>(folder.Environment);
        yield return new Fact("processor", $"{e.Cpu}, {e.Cores.ToString(CultureInfo.InvariantCulture)} cores, {e.Architecture}");
        yield return new Fact("threads", $"{e.Threads.ToString(CultureInfo.InvariantCulture)}, {e.Width}");
        yield return new Fact("system", $"{e.Os}, {e.Dotnet}");
        yield return new Fact("Volley", e.Commit is null ? e.Volley : $"{e.Volley}, commit {e.Commit}");
    }

    private static IEnumerable<Fact> Data(RunData data)
    {
        yield return new Fact("data", FormattableString.Invariant($"{data.Name}: {data.Train} training, {data.Valid} validation, {data.Test} test samples; {data.Steps} steps of {data.Units} inputs, {data.Classes} classes"));
        yield return new Fact("checksum of the data", data.Checksum);
    }

    private static SampleRaster Raster(SampleSpikes sample) => new(sample.Title,
        [.. sample.Layers.Select(layer => new SpikeRows(layer.Name, layer.Neurons, layer.Steps, MemoryMarshal.Cast<byte, ulong>(layer.Bits).ToArray()))]);
}
