using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Volley.Plots;
using Volley.Serialization;
using Volley.Training.Costs;

namespace Volley.Cli.Runs;

/// <summary>Draws pages from the files of runs alone.</summary>
internal static class RunReports
{
    /// <summary>Replaces the report of a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="result">Its result; null while it is not finished.</param>
    /// <param name="file">The page; null for the run's own <c>report.html</c>.</param>
    public static void Write(RunFolder folder, RunResult? result, string? file = null) =>
        AtomicFile.WriteText(file ?? folder.Report, RunReport.Build(Record(folder, result)).ToHtml());

    /// <summary>Replaces the page of several runs side by side.</summary>
    /// <param name="paths">Run folders, and folders that hold a run for each seed; each is a group of its own, by the name of its folder.</param>
    /// <param name="file">The page.</param>
    /// <exception cref="UsageException">A folder holds no run.</exception>
    /// <exception cref="InvalidDataException">A file of a run is damaged.</exception>
    public static void WriteComparison(IReadOnlyList<string> paths, string file) => WriteComparison(Groups(paths), file);

    /// <summary>Replaces the page of several groups of runs side by side.</summary>
    public static void WriteComparison(IReadOnlyList<RunGroup> groups, string file, string? title = null) =>
        AtomicFile.WriteText(file, ComparisonReport.Build(groups, title).ToHtml());

    /// <summary>What is compared: a group for each folder, named by the folder, or by the path as it was given where two folders bear the same name.</summary>
    /// <exception cref="UsageException">A folder holds no run.</exception>
    public static IReadOnlyList<RunGroup> Groups(IReadOnlyList<string> paths)
    {
        string[] names = [.. paths.Select(path => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))))];
        bool unique = names.Distinct(StringComparer.Ordinal).Count() == names.Length;
        return [.. paths.Select((path, i) => new RunGroup(unique ? names[i] : path, [.. RunFolder.Runs(path).Select(Record)]))];
    }

    /// <summary>What a run left behind.</summary>
    public static RunRecord Record(RunFolder folder) => Record(folder, folder.IsFinished ? RunJson.Read<RunResult>(folder.Result) : null);

    private static RunRecord Record(RunFolder folder, RunResult? result)
    {
        string json = File.ReadAllText(folder.Recipe);
        Volley.Recipes.Recipe recipe = Volley.Recipes.RecipeJson.Read(json, folder.Recipe);
        RunActivity? activity = RunActivity.Read(folder.Activity);
        var data = RunJson.Read<RunData>(folder.Data);
        var confusion = activity is null ? null : new ConfusionCounts(activity.Classes, activity.Confusion);
        RunFigures figures = Figures(result, data, confusion);
        return new RunRecord
        {
            Name = recipe.Name,
            Dataset = data.Name,
            DataChecksum = data.Checksum,
            Seed = recipe.Seeds[0],
            Fold = folder.Fold(recipe.Seeds[0]),
            RecipeJson = json,
            Environment = [.. Environment(folder), .. Data(data)],
            Epochs = [.. EpochMetrics.Read(folder.Metrics).Select(Row)],
            FinalMetrics = result is null ? [] : [.. Headline(result, figures)],
            Figures = figures,
            Layers = activity is null ? [] : [.. activity.Layers.Select(layer => new LayerActivity(layer.Name, layer.Rates))],
            Learned = activity?.Learned is null ? [] : [.. activity.Learned.Select(l => new LearnedDistribution(l.Layer, l.Name, l.Unit, l.Before, l.After))],
            Matrices = [.. (activity?.Matrices ?? []).Select(m => new LearnedMatrix(m.Layer, m.Steps, m.Size, Floats(m.Before), Floats(m.After)))],
            Curves = [.. (activity?.Curves ?? []).Select(c => new LearnedCurves(c.Layer, c.Name, c.X, [.. c.Lines.Select(l => new Volley.Plots.LearnedLine(l.Name, l.Before, l.After))]))],
            Samples = activity is null ? [] : [.. activity.Samples.Select(Raster)],
            Confusion = confusion,
            Cost = activity?.Cost is { } cost ? Cost(cost) : null,
        };
    }

    private static RunFigures Figures(RunResult? result, RunData data, ConfusionCounts? confusion) => result is null ? new() : new()
    {
        TestAccuracy = result.TestAccuracy is { } rate ? new Proportion(rate, confusion?.Total ?? data.Test) { Of = confusion is null || confusion.Total == data.Test ? "samples" : "time steps" } : null,
        Parameters = result.Parameters,
        SpikesPerNeuron = result.SpikesPerNeuron,
        SynopsPerSample = result.SynopsPerSample,
        SecondsPerEpoch = result.SecondsPerEpoch ?? double.NaN,
        PeakMemoryMb = result.PeakMemoryMb,
    };

    private static RunCost Cost(CostReport cost) => new(
        [.. cost.Layers.Select(layer => new LayerCosts(layer.Layer)
        {
            Parameters = layer.Parameters,
            Bytes = layer.FootprintBytes,
            ConnectionSparsity = layer.ConnectionSparsity ?? double.NaN,
            ActivationSparsity = layer.ActivationSparsity ?? double.NaN,
            Additions = layer.EffectiveAcs,
            MultiplyAdds = layer.EffectiveMacs,
            Dense = layer.Dense,
            MembraneUpdates = layer.MembraneUpdates,
            NeuronMultiplyAdds = layer.NeuronMacs,
            SequenceMultiplyAdds = layer.SequenceMacs,
        })],
        cost.Energy.Int8Nanojoules, cost.Energy.Float32Nanojoules);

    private static EpochRow Row(EpochMetrics e) =>
        new(e.Epoch, e.TrainLoss, e.TrainAccuracy, e.ValidAccuracy ?? double.NaN, e.Rate, e.Seconds, e.SpikesPerNeuron)
        {
            ValidLoss = e.ValidLoss ?? double.NaN,
            SecondsPerStep = e.SecondsPerStep ?? double.NaN,
            PeakMemoryMb = e.PeakMemoryMb ?? double.NaN,
            Gradients = e.Gradients ?? new Dictionary<string, double>(),
        };

    private static IEnumerable<Fact> Headline(RunResult result, RunFigures figures)
    {
        yield return Fact.Of("test accuracy", result.TestAccuracy ?? double.NaN, NumberFormat.Percent) with
        {
            Note = $"{(figures.TestAccuracy?.Describe() is { Length: > 0 } interval ? $"95% interval {interval}; " : "")}epoch {result.SelectedEpoch}, {(result.Selection == "best" ? "the best on validation samples" : "the last")}",
        };
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
        [.. sample.Layers.Select(layer => new SpikeRows(layer.Name, layer.Neurons, layer.Steps, MemoryMarshal.Cast<byte, ulong>(layer.Bits).ToArray()))])
    {
        Traces = [.. (sample.Traces ?? []).Select(t => new Trace($"{t.Layer}, {t.Name}", t.Values)
        {
            Threshold = t.Threshold.Count == 1 ? t.Threshold[0] : null,
            MovingThreshold = t.Threshold.Count > 1 ? t.Threshold : null,
            Spikes = t.Spikes,
        })],
    };

    private static double[] Floats(byte[] bytes)
    {
        var values = new double[bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return values;
    }
}
