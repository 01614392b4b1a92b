using System.CommandLine;
using Volley.Cli.Comparisons;
using Volley.Cli.Runs;
using Volley.Cli.Views;
using Volley.Kernels;
using Volley.Recipes;

namespace Volley.Cli.Verbs;

/// <summary><c>volley compare RECIPE…</c>.</summary>
internal sealed class CompareVerb
{
    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromSeconds(30);

    private readonly Terminal _terminal;

    private readonly Argument<string[]> _recipes = new("RECIPE")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = $"Two or more recipes on the same data; one with --neurons; or {BuiltInComparison.Quickstart.Name}: the neurons of all three systems on generated data",
    };

    private readonly Option<string?> _neurons = CommonOptions.Text("--neurons", "KIND,KIND", "Compares these neuron models in the one recipe given, such as lif,plif,cadlif");
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string?> _out = CommonOptions.Text("--out", "DIR", "The folder of the comparison [default: runs/compare-NAME]; an existing one is never overwritten");
    private readonly Option<string?> _seeds = CommonOptions.Text("--seeds", "1,2,3", "The seeds of every entrant [default: those of the first recipe]");
    private readonly Option<string?> _epochs = CommonOptions.Text("--epochs", "N", "Passes over the training samples, the same for all");
    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<string?> _threads = CommonOptions.Threads();
    private readonly Option<bool> _resume = new("--resume") { Description = "Goes on with the comparison in --out" };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _cache = CommonOptions.Cache();
    private readonly Option<bool> _noCache = CommonOptions.NoCache();

    private CompareVerb(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var verb = new CompareVerb(terminal);
        var command = new Command("compare", "Trains several networks under the same budget, seeds and split, and puts them side by side")
        {
            verb._recipes, verb._neurons, verb._data, verb._out, verb._seeds, verb._epochs, verb._set, verb._threads, verb._resume, verb._json, verb._cache, verb._noCache,
        };
        command.SetAction(verb.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        bool json = parsed.GetValue(_json);
        TrainView view = json ? new JsonView(_terminal.Out) : new ComparisonView(_terminal.Out);
        using var cpu = new Cpu(parsed.Threads(_threads));
        TrainingRun Make(RunFolder own, RunSetup setup) => new(own, setup, cpu, view, _terminal, CheckpointEvery, tensorBoard: false);
        (ComparisonFolder folder, ComparisonResult? result) = parsed.GetValue(_resume) ? Resume(parsed, view, Make) : Start(parsed, view, Make);
        if (result is null)
        {
            if (!json)
                _terminal.Out.WriteLine($"Go on with: volley compare --resume --out {Text.Argument(folder.Path)}");
            return ExitCode.Interrupted;
        }
        if (view is JsonView lines)
            lines.Write("comparison", result);
        else
            ComparisonView.Write(_terminal.Out, folder, result);
        return ExitCode.Done;
    }

    private (ComparisonFolder Folder, ComparisonResult? Result) Start(ParseResult parsed, TrainView view, Func<RunFolder, RunSetup, TrainingRun> make)
    {
        string[] recipes = parsed.GetValue(_recipes)!;
        string? neurons = parsed.GetValue(_neurons);
        BuiltInComparison? builtIn = neurons is null && recipes is [var only] && only == BuiltInComparison.Quickstart.Name ? BuiltInComparison.Quickstart : null;
        IReadOnlyList<Entrant> entrants = [.. (builtIn?.Entrants ?? Entrants(recipes, neurons)).Select(entrant => entrant with { Recipe = Configure(parsed, entrant.Recipe) })];
        if (entrants.Count < 2)
            throw new UsageException("A comparison needs two recipes or more, or one and --neurons KIND,KIND; the built-in one is: volley compare quickstart.");
        Entrant.CheckAlike(entrants);
        IReadOnlyList<int> seeds = parsed.WholeNumbers(_seeds, 0, int.MaxValue) ?? entrants[0].Recipe.Seeds;
        string? data = parsed.GetValue(_data);
        string name = builtIn?.Name ?? (neurons is not null ? recipes[0] : string.Join("-", entrants.Select(entrant => entrant.Name)));
        string title = builtIn?.Name ?? (neurons is not null ? $"neurons of {entrants[0].Recipe.Name}" : string.Join(", ", entrants.Select(entrant => entrant.Name)));
        var folder = new ComparisonFolder(parsed.GetValue(_out) ?? Path.Combine("runs", "compare-" + Path.GetFileNameWithoutExtension(name)));
        var list = new SeedList(seeds, data is null ? null : Path.GetFullPath(data), CommonOptions.CacheFolder(parsed, _cache, _noCache));
        return (folder, new ComparisonRuns(folder, _terminal, view, make).Start(title, entrants, list));
    }

    private static IReadOnlyList<Entrant> Entrants(string[] recipes, string? neurons)
    {
        if (neurons is null)
            return Entrant.Of(recipes);
        if (recipes.Length != 1)
            throw new UsageException($"--neurons compares neuron models in one recipe, and {recipes.Length} were given.");
        return Entrant.OfNeurons(RecipeLibrary.Find(recipes[0]), neurons.Split(',', StringSplitOptions.TrimEntries));
    }

    /// <summary>What the command line changes in every entrant.</summary>
    private Recipe Configure(ParseResult parsed, Recipe recipe)
    {
        Recipe changed = CommonOptions.Configure(recipe, parsed.GetValue(_set));
        if (parsed.WholeNumber(_epochs, 1, 1_000_000) is { } epochs)
            changed = changed with { Training = changed.Training with { Epochs = epochs } };
        return changed == recipe ? recipe : changed with { Expected = null, Cost = null };
    }

    private (ComparisonFolder Folder, ComparisonResult? Result) Resume(ParseResult parsed, TrainView view, Func<RunFolder, RunSetup, TrainingRun> make)
    {
        foreach (Option option in new Option[] { _neurons, _seeds, _epochs, _set })
        {
            if (parsed.GetResult(option) is { Implicit: false })
                throw new UsageException($"{option.Name} cannot be changed by --resume, which goes on exactly as the comparison began; leave it out, or start a new one.");
        }
        if (parsed.GetValue(_recipes) is { Length: > 0 })
            throw new UsageException("--resume needs no recipe: the comparison in --out knows its entrants.");
        var folder = new ComparisonFolder(parsed.GetValue(_out) ?? throw new UsageException("--resume needs --out DIR, the folder of the comparison to go on with."));
        if (!folder.HoldsComparison)
            throw new UsageException($"There is no comparison in '{folder.Path}' to go on with; start one without --resume.");
        return (folder, new ComparisonRuns(folder, _terminal, view, make).Resume(parsed.GetValue(_data)));
    }
}
