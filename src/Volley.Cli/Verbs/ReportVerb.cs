using System.CommandLine;
using Volley.Cli.Runs;
using Volley.Cli.Views;

namespace Volley.Cli.Verbs;

/// <summary><c>volley report RUN…</c>: draws the report again from the files of a run.</summary>
internal static class ReportVerb
{
    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN") { Arity = ArgumentArity.OneOrMore, Description = "Run folders, finished or not" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("report", "Writes report.html again and sums up the run; needs no data") { runs, json };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(runs)!, parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string[] paths, bool json)
    {
        RunFolder[] folders = [.. paths.SelectMany(Runs)];
        foreach (RunFolder folder in folders)
        {
            RunResult? result = folder.IsFinished ? RunJson.Read<RunResult>(folder.Result) : null;
            RunReports.Write(folder, result);
            if (json)
                new JsonView(terminal.Out).Write("report", new ReportResult(folder.Report, result));
            else
                Print(terminal.Out, folder, result);
        }
        return ExitCode.Done;
    }

    private static IEnumerable<RunFolder> Runs(string path)
    {
        var folder = new RunFolder(path);
        if (!folder.HoldsRun)
            throw new UsageException($"'{path}' holds no run: there is no recipe.json in it.");
        return folder.HoldsSeeds
            ? SeedRuns.All(folder).Where(own => own.HoldsRun)
            : [folder];
    }

    private static void Print(TextWriter output, RunFolder folder, RunResult? result)
    {
        if (result is null)
        {
            IReadOnlyList<EpochMetrics> epochs = EpochMetrics.Read(folder.Metrics);
            EpochMetrics? last = epochs.Count > 0 ? epochs[^1] : null;
            output.WriteLine($"{folder.Path}: not finished, {last?.Epoch ?? 0} epochs done, validation accuracy {Text.Percent(last?.ValidAccuracy)}");
        }
        else
        {
            output.WriteLine($"{folder.Path}: {result.Recipe}, seed {result.Seed}: test accuracy {Text.Percent(result.TestAccuracy)} (epoch {result.SelectedEpoch} of {result.Epochs}), {Text.Whole(result.Parameters)} parameters");
        }
        output.WriteLine($"  open {Text.Argument(folder.Report)}");
    }
}
