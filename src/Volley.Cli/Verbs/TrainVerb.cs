using System.CommandLine;
using Volley.Cli.Runs;
using Volley.Cli.Views;
using Volley.Kernels;
using Volley.Recipes;
using Volley.Recipes.Json;

namespace Volley.Cli.Verbs;

/// <summary><c>volley train [RECIPE]</c>.</summary>
internal sealed class TrainVerb
{
    private const double DefaultCheckpointSeconds = 30;

    private readonly Terminal _terminal;

    private readonly Argument<string?> _recipe = new("RECIPE")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = $"A name that 'volley recipes' lists, or a JSON file [default: {RecipeLibrary.Default}, which needs no data]",
    };

    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string?> _out = CommonOptions.Text("--out", "DIR", "The folder of the run [default: runs/RECIPE-SEED]; one that holds a run is never overwritten");
    private readonly Option<string?> _seed = CommonOptions.Text("--seed", "N", "The seed [default: the recipe's first]");
    private readonly Option<string?> _seeds = CommonOptions.Text("--seeds", "1,2,3", "A run for each of these seeds, and their mean and standard deviation");
    private readonly Option<string?> _fold = CommonOptions.Text("--fold", "NAME", "Only this fold of a recipe that has folds [default: all of them, and their mean]");
    private readonly Option<string?> _epochs = CommonOptions.Text("--epochs", "N", "Passes over the training samples; schedules are stretched to fit");
    private readonly Option<string?> _threads = CommonOptions.Threads();
    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<bool> _skipBad = CommonOptions.SkipBad();
    private readonly Option<bool> _resume = new("--resume") { Description = "Goes on with the run in --out; it needs nothing else" };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _cache = CommonOptions.Cache();
    private readonly Option<bool> _noCache = CommonOptions.NoCache();
    private readonly Option<string?> _checkpointEvery = CommonOptions.Text("--checkpoint-every", "SECONDS", "How often to save inside an epoch [default: 30]; every epoch's end is saved in any case");

    private readonly Option<bool> _tensorBoard = new("--tensorboard") { Description = "Also writes every epoch to events.out.tfevents.* in the run folder, for TensorBoard; a run that is gone on with goes on with it" };

    private TrainVerb(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var verb = new TrainVerb(terminal);
        var command = new Command("train", "Trains a network by a recipe and writes a run folder")
        {
            verb._recipe, verb._data, verb._out, verb._seed, verb._seeds, verb._fold, verb._epochs, verb._set, verb._threads, verb._skipBad, verb._resume, verb._json, verb._cache, verb._noCache,
            verb._checkpointEvery, verb._tensorBoard,
        };
        command.SetAction(verb.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        int threads = parsed.Threads(_threads);
        TimeSpan checkpointEvery = parsed.Seconds(_checkpointEvery, DefaultCheckpointSeconds);
        TrainView view = TrainView.For(_terminal, parsed.GetValue(_json));
        using var cpu = new Cpu(threads);
        TrainingRun Make(RunFolder folder, RunSetup setup) => new(folder, setup, cpu, view, _terminal, checkpointEvery, parsed.GetValue(_tensorBoard));
        bool done = parsed.GetValue(_resume) ? Resume(parsed, view, Make) : Start(parsed, view, Make);
        return done ? ExitCode.Done : ExitCode.Interrupted;
    }

    private bool Start(ParseResult parsed, TrainView view, Func<RunFolder, RunSetup, TrainingRun> make)
    {
        Recipe recipe = Configure(parsed);
        string? data = parsed.GetValue(_data), cache = CommonOptions.CacheFolder(parsed, _cache, _noCache);
        IReadOnlyList<int>? many = parsed.WholeNumbers(_seeds, 0, int.MaxValue);
        int seed = parsed.WholeNumber(_seed, 0, int.MaxValue) ?? recipe.Seeds[0];
        if (many is not null && parsed.GetValue(_seed) is not null)
            throw new UsageException("--seed and --seeds contradict each other; leave one out.");
        if (many is not null || recipe.Folds is not null)
        {
            IReadOnlyList<int> seeds = many ?? [seed];
            var folder = new RunFolder(parsed.GetValue(_out) ?? Path.Combine("runs", recipe.Name));
            var list = new SeedList(seeds, data is null ? null : Path.GetFullPath(data), cache);
            return new SeedRuns(folder, view, make).Start(recipe with { Seeds = seeds }, list);
        }
        string path = parsed.GetValue(_out) ?? Path.Combine("runs", FormattableString.Invariant($"{recipe.Name}-{seed}"));
        return make(new RunFolder(path), new RunSetup(recipe with { Seeds = [seed] }, data, cache)).Start() is not null;
    }

    /// <summary>The recipe with what the command line changes in it.</summary>
    private Recipe Configure(ParseResult parsed)
    {
        Recipe recipe = RecipeLibrary.Find(parsed.GetValue(_recipe) ?? RecipeLibrary.Default), changed = CommonOptions.Configure(recipe, parsed.GetValue(_set));
        if (parsed.WholeNumber(_epochs, 1, 1_000_000) is { } epochs)
            changed = changed with { Training = changed.Training with { Epochs = epochs } };
        if (parsed.GetValue(_fold) is { } fold)
            changed = OneFold(changed, fold);
        changed = changed with { Data = CommonOptions.SkipBad(parsed, _skipBad, changed.Data) };
        // What is expected of the recipe says nothing about another one.
        return changed == recipe ? recipe : changed with { Expected = null, Cost = null };
    }

    private static Recipe OneFold(Recipe recipe, string fold)
    {
        if (recipe.Folds is null)
            throw new UsageException($"--fold is '{Names.Shown(fold)}', but the recipe '{recipe.Name}' has no folds; leave it out.");
        if (!recipe.Folds.Values.Contains(fold))
            throw new UsageException($"--fold is '{Names.Shown(fold)}'; the recipe '{recipe.Name}' has {string.Join(", ", recipe.Folds.Values)}.");
        return recipe.Fold(fold);
    }

    private bool Resume(ParseResult parsed, TrainView view, Func<RunFolder, RunSetup, TrainingRun> make)
    {
        foreach (Option option in new Option[] { _seed, _seeds, _fold, _epochs, _set, _skipBad })
        {
            if (parsed.GetResult(option) is { Implicit: false })
                throw new UsageException($"{option.Name} cannot be changed by --resume, which goes on exactly as the run began; leave it out, or start a new run.");
        }
        var folder = new RunFolder(parsed.GetValue(_out) ?? throw new UsageException("--resume needs --out DIR, the folder of the run to go on with."));
        if (!folder.HoldsRun)
            throw new UsageException($"There is no run in '{folder.Path}' to go on with; start one without --resume.");
        Recipe recipe = RecipeLibrary.Read(folder.Recipe);
        if (parsed.GetValue(_recipe) is { } named && RecipeLibrary.Find(named).Name != recipe.Name)
            throw new UsageException($"The run in '{folder.Path}' is of the recipe '{recipe.Name}', not '{Names.Shown(named)}'; leave the recipe out.");
        string? moved = parsed.GetValue(_data);
        if (folder.HoldsSeeds)
            return new SeedRuns(folder, view, make).Resume(moved);
        if (folder.IsFinished)
        {
            view.AlreadyDone(folder, RunJson.Read<RunResult>(folder.Result));
            return true;
        }
        var data = RunJson.Read<RunData>(folder.Data);
        return make(folder, new RunSetup(recipe, moved ?? data.Folder, data.Cache)).Resume() is not null;
    }
}
