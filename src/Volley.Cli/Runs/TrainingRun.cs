using System.Diagnostics;
using System.Text.Json;
using Volley.Cli.Runs.TensorBoard;
using Volley.Cli.Views;
using Volley.Data;
using Volley.Data.Audio;
using Volley.Kernels;
using Volley.Nn;
using Volley.Recipes;
using Volley.Serialization;
using Volley.Training;

namespace Volley.Cli.Runs;

/// <summary>Trains one seed into a folder, from the start or from where it stood.</summary>
/// <remarks>
/// What makes a kill at any moment harmless: <c>recipe.json</c> is written last of what a new run needs; an epoch's line is in
/// <c>metrics.jsonl</c> before the checkpoint that stands behind the epoch; on resuming, lines behind the checkpoint are cut and computed
/// again; <c>result.json</c> is the last file, so a run without it goes on. Every file but the metrics is replaced as a whole.
/// </remarks>
internal sealed class TrainingRun(RunFolder folder, RunSetup setup, Cpu cpu, TrainView view, Terminal terminal, TimeSpan checkpointEvery, bool tensorBoard)
{
    private readonly CheckpointStore _checkpoints = folder.Checkpoints;
    private readonly TrainView _view = view;
    private readonly TimeSpan _checkpointEvery = checkpointEvery;
    private int? _resumedAt;

    private TrainingRecipe Training => setup.Recipe.Training;

    /// <summary>Trains in a new folder.</summary>
    /// <param name="ready">What is done once the data are open and the network is built, before anything is written.</param>
    /// <returns>The result; null where it was interrupted.</returns>
    public RunResult? Start(Action? ready = null)
    {
        folder.RequireNew();
        DatasetSplits data = setup.OpenData(terminal.Warn);
        if (data.Input?.FrontEnd is { } frontEnd && FrontEnds.Create(frontEnd).TimeStep is var hop && Math.Abs(hop - setup.Recipe.Model.TimeStep) > 1e-9)
            terminal.Warn(FormattableString.Invariant($"a step of the front end takes {hop} s, but model.timeStep is {setup.Recipe.Model.TimeStep} s; time constants mean what they say only where the two agree."));
        Model model = setup.BuildModel(data.Train.Info);
        LoaderOptions loading = setup.BuildLoaderOptions(data.Train.Info);
        var facts = RunData.Of(data, setup.DataFolder, setup.CacheFolder);
        ready?.Invoke();
        folder.Create();
        using IDisposable alone = folder.Lock();
        RunJson.Write(folder.Data, facts);
        RunJson.Write(folder.Environment, RunEnvironment.Of(cpu));
        AtomicFile.WriteText(folder.Recipe, RecipeJson.Write(setup.Recipe));
        return Train(data, facts, model, loading);
    }

    /// <summary>Goes on where the run in the folder stands.</summary>
    /// <returns>The result; null where it was interrupted.</returns>
    /// <exception cref="InvalidDataException">The data are not those that the run started with, or no checkpoint can be used.</exception>
    public RunResult? Resume()
    {
        using IDisposable alone = folder.Lock();
        var facts = RunJson.Read<RunData>(folder.Data);
        DatasetSplits data = setup.OpenData(terminal.Warn);
        if (facts.Difference(RunData.Of(data, setup.DataFolder, setup.CacheFolder)) is { } difference)
            throw new InvalidDataException($"The data are not those that the run in '{folder.Path}' started with: {difference}; pass the original folder by --data.");
        RunJson.Write(folder.Environment, RunEnvironment.Of(cpu));
        return Train(data, facts, setup.BuildModel(data.Train.Info), setup.BuildLoaderOptions(data.Train.Info));
    }

    private RunResult? Train(DatasetSplits data, RunData facts, Model model, LoaderOptions loading)
    {
        model.Input = data.Input;
        using var trainer = new Trainer(model, RecipeBuilder.Optimizer(Training, model), cpu, RecipeBuilder.Options(Training, (ulong)setup.Seed));
        Restore(trainer);
        var plan = new RunPlan(setup, facts, model, folder, cpu, trainer.State.Epoch, trainer.State.Batch);
        _view.Begin(plan);
        bool done = false;
        _view.While(() => done = Fit(trainer, data, loading));
        if (!done)
        {
            _view.Interrupted(folder, trainer.State.Epoch, Training.Epochs);
            return null;
        }
        RunResult result = Finish(trainer, data, facts);
        _view.Finish(plan, result);
        return result;
    }

    /// <summary>Puts the trainer and the metrics where the newest good checkpoint stands; at the start where there is none.</summary>
    private void Restore(Trainer trainer)
    {
        if (_checkpoints.Any)
        {
            (Checkpoint checkpoint, string? warning) = _checkpoints.Load();
            if (warning is not null)
                terminal.Warn(warning);
            TrainerCheckpoint.Load(trainer, checkpoint);
        }
        JsonLines.TruncateAfter(folder.Metrics, "epoch", trainer.State.Epoch);
        if (trainer.State.Batch > 0)
            _resumedAt = trainer.State.Batch;
    }

    /// <summary>Trains the epochs that are left; false where it was interrupted.</summary>
    private bool Fit(Trainer trainer, DatasetSplits data, LoaderOptions loading)
    {
        using var train = new Loader(data.Train, loading);
        using Loader? valid = RunSetup.InOrder(data.Valid, Training.Batch);
        using var metrics = new JsonLinesWriter(folder.Metrics);
        using TensorBoardFile? events = tensorBoard || TensorBoardFile.IsIn(folder.Path) ? new TensorBoardFile(folder.Path, trainer.State.Epoch, TimeProvider.System) : null;
        var steps = new Steps(this, trainer);
        try
        {
            foreach (EpochReport report in trainer.Fit(train, valid, steps, terminal.Interrupted))
            {
                var line = EpochMetrics.Of(report, trainer.Model, _resumedAt);
                _resumedAt = null;
                Append(metrics, line);
                events?.Append(line);
                if (Training.Select == Selection.Last || report.IsBest || valid is null)
                    ModelFile.Save(trainer.Model, folder.Model);
                steps.Save();
                _view.Epoch(line);
            }
        }
        catch (TrainingFailedException failure) when (_checkpoints.Any)
        {
            throw new TrainingFailedException($"{failure.Message} The last good checkpoint is kept in '{folder.Path}'.");
        }
        bool done = trainer.State.Epoch >= Training.Epochs || trainer.State.Stopped;
        if (!done)
            steps.Save();
        return done;
    }

    /// <summary>Tests the last and the kept parameters, and writes what is left of the run.</summary>
    private RunResult Finish(Trainer trainer, DatasetSplits data, RunData facts)
    {
        using Loader test = RunSetup.InOrder(data.Test, Training.Batch) ?? throw new InvalidDataException($"The data set '{facts.Name}' has no test samples.");
        bool best = Training.Select == Selection.Best && trainer.State.Best is not null;
        int selected = best ? trainer.State.BestEpoch + 1 : trainer.State.Epoch;
        bool keepsLast = selected == trainer.State.Epoch;
        Evaluation last = trainer.Evaluate(test, measureCost: keepsLast), kept = last;
        if (!keepsLast)
        {
            trainer.State.Best!.CopyTo(trainer.Model);
            kept = trainer.Evaluate(test, measureCost: true);
        }
        ModelFile.Save(trainer.Model, folder.Model);
        Model drawn = setup.BuildModel(data.Train.Info);
        RunJson.Write(folder.Activity, ActivityProbe.Of(trainer.Model, cpu, data.Test, kept) with
        {
            Learned = LearnedProbe.Of(drawn, trainer.Model, setup.Recipe.Model.TimeStep),
            Matrices = LearnedOverTime.Matrices(drawn, trainer.Model),
            Curves = LearnedOverTime.Curves(drawn, trainer.Model, data.Train.Info.MaxSteps),
        });
        IReadOnlyList<EpochMetrics> epochs = EpochMetrics.Read(folder.Metrics);
        EpochMetrics? chosen = epochs.FirstOrDefault(e => e.Epoch == selected);
        var result = new RunResult
        {
            Recipe = setup.Recipe.Name,
            Dataset = facts.Name,
            Seed = setup.Seed,
            Epochs = trainer.State.Epoch,
            Parameters = trainer.Model.ParameterCount,
            TrainAccuracy = chosen?.TrainAccuracy,
            ValidAccuracy = chosen?.ValidAccuracy,
            TestAccuracy = kept.Accuracy,
            TestLoss = kept.Loss,
            SelectedEpoch = selected,
            Selection = best ? "best" : "last",
            LastTestAccuracy = last.Accuracy,
            InterpolatedTestAccuracy = trainer.Model.HasLearnedDelays ? trainer.Evaluate(test, interpolateDelays: true).Accuracy : null,
            SecondsPerEpoch = EpochMetrics.SecondsPerEpoch(epochs),
            PeakMemoryMb = RunEnvironment.PeakMemoryMb(),
            SpikesPerNeuron = kept.Rates.SpikesPerNeuron,
            SynopsPerSample = kept.Cost!.EffectiveAcs,
        };
        RunReports.Write(folder, result);
        RunJson.Write(folder.Result, result);
        return result;
    }

    private static void Append(JsonLinesWriter metrics, EpochMetrics line)
    {
        using JsonDocument document = JsonDocument.Parse(RunJson.Line(line));
        metrics.Append(json =>
        {
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
                member.WriteTo(json);
        });
    }

    /// <summary>Shows every step and saves now and then; when, depends on the clock, and nothing else does.</summary>
    private sealed class Steps(TrainingRun run, Trainer trainer) : IProgress<StepReport>
    {
        private long _saved = Stopwatch.GetTimestamp();

        public void Report(StepReport value)
        {
            run._view.Step(value);
            if (Stopwatch.GetElapsedTime(_saved) >= run._checkpointEvery)
                Save();
        }

        public void Save()
        {
            run._checkpoints.Save(TrainerCheckpoint.Save(trainer));
            _saved = Stopwatch.GetTimestamp();
        }
    }
}
