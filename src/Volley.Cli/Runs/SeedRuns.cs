using Volley.Cli.Views;
using Volley.Recipes;
using Volley.Serialization;

namespace Volley.Cli.Runs;

/// <summary>A run for each of several seeds, in folders of their own, and their summary.</summary>
internal sealed class SeedRuns(RunFolder folder, TrainView view, Func<RunFolder, RunSetup, TrainingRun> make)
{
    /// <summary>Starts all of them.</summary>
    /// <returns>False where it was interrupted.</returns>
    public bool Start(Recipe recipe, SeedList list)
    {
        folder.Create();
        AtomicFile.WriteText(folder.Recipe, RecipeJson.Write(recipe));
        RunJson.Write(folder.Seeds, list);
        return Run(recipe, list);
    }

    /// <summary>Does what is left of them.</summary>
    /// <returns>False where it was interrupted.</returns>
    public bool Resume(string? data)
    {
        var list = RunJson.Read<SeedList>(folder.Seeds);
        return Run(RecipeLibrary.Read(folder.Recipe), list with { Data = data ?? list.Data });
    }

    private bool Run(Recipe recipe, SeedList list)
    {
        var results = new List<RunResult>();
        foreach (int seed in list.Seeds)
        {
            RunFolder own = folder.ForSeed(seed);
            RunResult? result = own.IsFinished
                ? RunJson.Read<RunResult>(own.Result)
                : Train(own, new RunSetup(recipe with { Seeds = [seed] }, list.Data, list.Cache));
            if (result is null)
                return false;
            results.Add(result);
        }
        var summary = SeedSummary.Of(results);
        RunJson.Write(folder.Summary, summary);
        view.Summary(folder, summary);
        return true;
    }

    private RunResult? Train(RunFolder own, RunSetup setup)
    {
        TrainingRun run = make(own, setup);
        return own.HoldsRun ? run.Resume() : run.Start();
    }
}
