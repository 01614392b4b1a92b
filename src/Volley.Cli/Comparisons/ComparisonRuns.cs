using Volley.Cli.Runs;
using Volley.Cli.Views;
using Volley.Data;

namespace Volley.Cli.Comparisons;

/// <summary>Trains the entrants of a comparison one after another and puts what came out side by side.</summary>
internal sealed class ComparisonRuns(ComparisonFolder folder, Terminal terminal, TrainView view, Func<RunFolder, RunSetup, TrainingRun> make)
{
    /// <summary>Starts a comparison in a new folder.</summary>
    /// <returns>The result; null where it was interrupted.</returns>
    /// <exception cref="UsageException">An entrant's network does not fit the data, or the folder is in use.</exception>
    public ComparisonResult? Start(string name, IReadOnlyList<Entrant> entrants, SeedList list)
    {
        DatasetSplits data = new RunSetup(entrants[0].Recipe, list.Data, list.Cache).OpenData(terminal.Warn);
        foreach (Entrant entrant in entrants)
            RunSetup.BuildModel(entrant.Recipe, data.Train.Info, list.Seeds[0]);
        folder.Create();
        foreach (Entrant entrant in entrants)
            Runs(entrant.Name).Create(entrant.Recipe with { Seeds = list.Seeds }, list);
        var plan = new ComparisonPlan(name, [.. entrants.Select(entrant => entrant.Name)]);
        RunJson.Write(folder.Plan, plan);
        return Run(plan, list.Data);
    }

    /// <summary>Does what is left of a comparison.</summary>
    /// <returns>The result; null where it was interrupted.</returns>
    /// <exception cref="InvalidDataException">A file of the folder is damaged.</exception>
    public ComparisonResult? Resume(string? data)
    {
        var plan = RunJson.Read<ComparisonPlan>(folder.Plan);
        if (plan.Entrants.Count == 0 || !plan.Entrants.All(ComparisonFolder.Takes) || plan.Entrants.Distinct(StringComparer.OrdinalIgnoreCase).Count() < plan.Entrants.Count)
            throw new InvalidDataException($"'{folder.Plan}' is damaged: its entrants are not names of folders in '{folder.Path}'.");
        return Run(plan, data);
    }

    private ComparisonResult? Run(ComparisonPlan plan, string? data)
    {
        foreach (string entrant in plan.Entrants)
        {
            if (!Runs(entrant).Resume(data))
                return null;
        }
        EntrantResult[] entrants;
        try
        {
            entrants = Results(plan, data);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        var first = RunJson.Read<SeedSummary>(folder.For(plan.Entrants[0]).Summary);
        var result = new ComparisonResult(plan.Name, first.Dataset, first.Seeds, entrants);
        RunJson.Write(folder.Result, result);
        ComparisonPage.Write(folder, result, folder.Report);
        return result;
    }

    private SeedRuns Runs(string entrant) => new(folder.For(entrant), view, make);

    /// <summary>What became of the entrants, and how fast each is as a stream on the test samples that they share.</summary>
    private EntrantResult[] Results(ComparisonPlan plan, string? data)
    {
        RunFolder[] runs = [.. plan.Entrants.Select(entrant => SeedRuns.All(folder.For(entrant)).First())];
        var list = RunJson.Read<SeedList>(folder.For(plan.Entrants[0]).Seeds);
        DatasetSplits splits = new RunSetup(RecipeLibrary.Read(runs[0].Recipe), data ?? list.Data, list.Cache).OpenData(terminal.Warn);
        return [.. plan.Entrants.Zip(runs, (entrant, run) => EntrantResult.Of(
            entrant, RunJson.Read<SeedSummary>(folder.For(entrant).Summary), RunActivity.Read(run.Activity)?.Cost, StreamLatency.Of(run.Model, splits.Test, terminal.Interrupted)))];
    }
}
