using Volley.Cli.Views;
using Volley.Recipes;
using Volley.Serialization;

namespace Volley.Cli.Runs;

/// <summary>A run for each of several seeds, and for each fold of the recipe, in folders of their own, and their summary.</summary>
internal sealed class SeedRuns(RunFolder folder, TrainView view, Func<RunFolder, RunSetup, TrainingRun> make)
{
    /// <summary>The folders of the runs in a folder, whether they are there yet or not.</summary>
    public static IEnumerable<RunFolder> All(RunFolder folder)
    {
        Recipe recipe = RecipeLibrary.Read(folder.Recipe);
        return RunJson.Read<SeedList>(folder.Seeds).Seeds.SelectMany(seed => Folds(recipe).Select(fold => folder.For(seed, fold)));
    }

    /// <summary>Starts all of them.</summary>
    /// <remarks>The folder is made once the first run has its data and its network, so that a mistake in either leaves nothing behind.</remarks>
    /// <returns>False where it was interrupted.</returns>
    public bool Start(Recipe recipe, SeedList list)
    {
        folder.RequireNew();
        return Run(recipe, list, () => Create(recipe, list));
    }

    /// <summary>Writes what <see cref="Resume"/> needs to do all of them.</summary>
    public void Create(Recipe recipe, SeedList list)
    {
        foreach (string fold in recipe.Folds?.Values ?? [])
            recipe.Fold(fold);
        folder.Create();
        AtomicFile.WriteText(folder.Recipe, RecipeJson.Write(recipe));
        RunJson.Write(folder.Seeds, list);
    }

    /// <summary>Does what is left of them.</summary>
    /// <returns>False where it was interrupted.</returns>
    public bool Resume(string? data)
    {
        var list = RunJson.Read<SeedList>(folder.Seeds);
        return Run(RecipeLibrary.Read(folder.Recipe), list with { Data = data ?? list.Data });
    }

    /// <param name="create">What makes the folder once the first run can begin; null where it is there.</param>
    private bool Run(Recipe recipe, SeedList list, Action? create = null)
    {
        var results = new List<RunResult>();
        foreach (int seed in list.Seeds)
        {
            Recipe seeded = recipe with { Seeds = [seed] };
            foreach (string? fold in Folds(recipe))
            {
                RunFolder own = folder.For(seed, fold);
                RunResult? result = create is null && own.IsFinished
                    ? RunJson.Read<RunResult>(own.Result)
                    : Train(own, new RunSetup(fold is null ? seeded : seeded.Fold(fold), list.Data, list.Cache), create);
                create = null;
                if (result is null)
                    return false;
                results.Add(result with { Fold = fold });
            }
        }
        var summary = SeedSummary.Of(results);
        RunJson.Write(folder.Summary, summary);
        RunReports.WriteComparison([folder.Path], folder.Report);
        view.Summary(folder, summary);
        return true;
    }

    /// <summary>The names of the folds; one null where there are none.</summary>
    private static IEnumerable<string?> Folds(Recipe recipe) => recipe.Folds?.Values ?? (IEnumerable<string?>)new string?[] { null };

    private RunResult? Train(RunFolder own, RunSetup setup, Action? create)
    {
        TrainingRun run = make(own, setup);
        return create is null && own.HoldsRun ? run.Resume() : run.Start(create);
    }
}
