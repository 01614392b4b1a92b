using System.CommandLine;
using Volley.Cli.Runs;
using Volley.Cli.Views;
using Volley.Data;
using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;
using Volley.Serialization;
using Volley.Training;

namespace Volley.Cli.Verbs;

/// <summary><c>volley eval RUN|MODEL</c>.</summary>
internal sealed class EvalVerb
{
    private static readonly string[] Splits = ["train", "valid", "test"];

    private readonly Terminal _terminal;

    private readonly Argument<string> _target = new("RUN|MODEL") { Description = "A run folder, or a model.safetensors" };
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string?> _recipe = CommonOptions.Text("--recipe", "RECIPE", "Whose data and loss to evaluate with, for a model outside its run");
    private readonly Option<string?> _split = CommonOptions.Text("--split", "PART", "train, valid or test [default: test]");
    private readonly Option<bool> _streaming = new("--streaming") { Description = "One time step after another, as in a device: the same spikes, and the time of a step" };
    private readonly Option<bool> _cost = new("--cost") { Description = "Also what a sample costs, layer by layer: operations by spikes and without, sparsity, membrane updates, memory" };
    private readonly Option<bool> _skipBad = CommonOptions.SkipBad();
    private readonly Option<string?> _threads = CommonOptions.Threads();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _cache = CommonOptions.Cache();
    private readonly Option<bool> _noCache = CommonOptions.NoCache();

    private EvalVerb(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var verb = new EvalVerb(terminal);
        var command = new Command("eval", "Evaluates a trained network: accuracy of every class, spikes, operations")
        {
            verb._target, verb._data, verb._recipe, verb._split, verb._streaming, verb._cost, verb._skipBad, verb._threads, verb._json, verb._cache, verb._noCache,
        };
        command.SetAction(verb.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string split = parsed.GetValue(_split) ?? "test";
        if (!Splits.Contains(split))
            throw new UsageException($"--split is '{Recipes.Json.Names.Shown(split)}'; expected train, valid or test.");
        using var cpu = new Cpu(parsed.Threads(_threads));
        var target = Target.Find(parsed.GetValue(_target)!, parsed.GetValue(_recipe));
        Model model = ModelFile.Open(target.Model);
        string? folder = parsed.GetValue(_data) ?? target.Data?.Folder, cache = CommonOptions.CacheFolder(parsed, _cache, _noCache);
        DatasetSplits data = RunSetup.OpenData(CommonOptions.SkipBad(parsed, _skipBad, target.Recipe.Data), folder, cache, _terminal.Warn, model.Input);
        Check(target, model, data);
        IDataset part = split switch { "train" => data.Train, "valid" => data.Valid, _ => data.Test };

        TrainingRecipe training = target.Recipe.Training;
        using Loader batches = RunSetup.InOrder(part, training.Batch) ?? throw new InvalidDataException($"The data set '{part.Info.Name}' has no {split} samples.");
        using var trainer = new Trainer(model, RecipeBuilder.Optimizer(training, model), cpu, RecipeBuilder.Options(training, (ulong)target.Recipe.Seeds[0]));
        Evaluation whole = trainer.Evaluate(batches, measureCost: true);
        StreamEvaluation? stream = parsed.GetValue(_streaming) ? StreamEvaluation.Run(model, part, _terminal.Interrupted) : null;
        EvalResult result = Result(target, model, split, part, whole, stream) with { Cost = parsed.GetValue(_cost) ? whole.Cost : null };
        if (parsed.GetValue(_json))
            new JsonView(_terminal.Out).Write("result", result);
        else
            Print(result, target.Model);
        if (result.StreamingAgrees == false)
            throw new InvalidDataException("Streaming and evaluation over whole sequences disagree; please report this as a bug, with the model file.");
        return ExitCode.Done;
    }

    private void Check(Target target, Model model, DatasetSplits data)
    {
        DatasetInfo info = data.Test.Info;
        if (info.Units != model.Units || info.Classes != model.Classes)
        {
            throw new InvalidDataException(
                $"The model takes {model.Units} inputs and knows {model.Classes} classes, but the data have {info.Units} inputs and {info.Classes} classes; pass the recipe that it was trained by.");
        }
        if (target.Data?.Difference(RunData.Of(data, null, null)) is { } difference)
            _terminal.Warn($"these are not the data of the run: {difference}.");
    }

    private static EvalResult Result(Target target, Model model, string split, IDataset part, Evaluation whole, StreamEvaluation? stream)
    {
        RunResult? run = target.Result;
        double[] accuracy = whole.ClassAccuracy();
        long neuronSamples = part.Count * whole.Rates.Layers.Sum(layer => (long)layer.Counts.Length);
        return new EvalResult
        {
            Recipe = target.Recipe.Name,
            Dataset = part.Info.Name,
            Seed = run?.Seed,
            Epochs = run?.Epochs,
            Parameters = model.ParameterCount,
            Split = split,
            Samples = part.Count,
            Labels = whole.Count,
            Accuracy = whole.Accuracy,
            Loss = whole.Loss,
            TrainAccuracy = split == "train" ? whole.Accuracy : run?.TrainAccuracy,
            ValidAccuracy = split == "valid" ? whole.Accuracy : run?.ValidAccuracy,
            TestAccuracy = split == "test" ? whole.Accuracy : run?.TestAccuracy,
            SecondsPerEpoch = run?.SecondsPerEpoch,
            PeakMemoryMb = RunEnvironment.PeakMemoryMb(),
            SpikesPerNeuron = stream is null || neuronSamples == 0 ? whole.Rates.SpikesPerNeuron : (double)stream.Spikes.Sum(layer => layer.Sum()) / neuronSamples,
            SynopsPerSample = whole.Cost!.EffectiveAcs,
            Streaming = stream is not null,
            StreamingAgrees = stream?.Agrees(whole),
            StepMicrosecondsMedian = Finite(stream?.MedianMicroseconds),
            StepMicrosecondsP99 = Finite(stream?.P99Microseconds),
            Classes = [.. Enumerable.Range(0, model.Classes).Select(c => Class(part.Info.ClassNames, whole.Confusion, c, accuracy[c]))],
        };
    }

    private static ClassResult Class(IReadOnlyList<string> names, int[,] confusion, int c, double accuracy)
    {
        int[] row = [.. Enumerable.Range(0, names.Count).Select(p => confusion[c, p])];
        int other = Enumerable.Range(0, names.Count).Where(p => p != c).DefaultIfEmpty(c).MaxBy(p => row[p]);
        return new ClassResult(names[c], row.Sum(), Finite(accuracy), other != c && row[other] > 0 ? names[other] : null);
    }

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;

    private void Print(EvalResult result, string model)
    {
        TextWriter output = _terminal.Out;
        output.WriteLine($"{model} on the {result.Split} samples of {result.Dataset}: {Text.Percent(result.Accuracy)} of {Text.Whole(result.Labels)}{(result.Labels == result.Samples ? "" : " time steps")} recognised, loss {Text.Number(result.Loss, "0.0000")}.");
        output.WriteLine();
        var table = new TextTable("class", result.Labels == result.Samples ? ">samples" : ">steps", ">accuracy", "mostly taken for");
        foreach (ClassResult c in result.Classes)
            table.Add(c.Name, Text.Whole(c.Samples), Text.Percent(c.Accuracy), c.MostlyTakenFor ?? "");
        table.Write(output, "  ");
        output.WriteLine();
        output.WriteLine($"  {Text.Number(result.SpikesPerNeuron, "0.00")} spikes a neuron and sample, {Text.Whole((long)Math.Round(result.SynopsPerSample))} synaptic operations a sample, {Text.Whole(result.Parameters)} parameters");
        if (result.Streaming)
        {
            output.WriteLine($"  step by step: {(result.StreamingAgrees == true ? "the same predictions, and every neuron fired exactly as often as over whole sequences" : "NOT the same as over whole sequences")}");
            output.WriteLine($"  a step takes {Text.Number(result.StepMicrosecondsMedian, "0.0")} µs (median; 99 % take at most {Text.Number(result.StepMicrosecondsP99, "0.0")} µs) on one thread");
        }
        if (result.Cost is { } cost)
        {
            output.WriteLine();
            CostTable.Write(output, cost, result.PeakMemoryMb);
        }
    }

    /// <summary>What there is to evaluate.</summary>
    private sealed record Target(string Model, Recipe Recipe, RunData? Data, RunResult? Result)
    {
        public static Target Find(string what, string? recipe)
        {
            if (Directory.Exists(what))
                return OfRun(new RunFolder(what), recipe);
            if (!File.Exists(what))
                throw new UsageException($"There is no run or model '{what}'; pass a run folder or a model.safetensors.");
            string own = Path.GetDirectoryName(Path.GetFullPath(what))!;
            var folder = new RunFolder(own);
            if (recipe is null && !folder.HoldsRun)
                throw new UsageException($"A model does not know its data: pass --recipe, a recipe's name or file, for '{what}'.");
            return recipe is null ? OfRun(folder, null) with { Model = what } : new Target(what, RecipeLibrary.Find(recipe), null, null);
        }

        private static Target OfRun(RunFolder folder, string? recipe)
        {
            if (folder.HoldsSeeds)
                throw new UsageException($"'{folder.Path}' holds several runs; pass one of them, such as '{SeedRuns.All(folder).First().Path}'.");
            if (!folder.HoldsRun)
                throw new UsageException($"'{folder.Path}' holds no run: there is no recipe.json in it.");
            if (!File.Exists(folder.Model))
                throw new InvalidDataException($"The run in '{folder.Path}' has no model yet: it is written when the first epoch ends.");
            return new Target(
                folder.Model,
                recipe is null ? RecipeLibrary.Read(folder.Recipe) : RecipeLibrary.Find(recipe),
                recipe is null && File.Exists(folder.Data) ? RunJson.Read<RunData>(folder.Data) : null,
                folder.IsFinished ? RunJson.Read<RunResult>(folder.Result) : null);
        }
    }
}
