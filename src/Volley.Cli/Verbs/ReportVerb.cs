using System.CommandLine;
using Volley.Cli.Comparisons;
using Volley.Cli.Runs;
using Volley.Cli.Views;

namespace Volley.Cli.Verbs;

/// <summary><c>volley report RUN…</c>: draws the report of a run again from its files, or several runs side by side.</summary>
internal static class ReportVerb
{
    /// <summary>Where the page of several runs goes.</summary>
    private const string Comparison = "comparison.html";

    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN") { Arity = ArgumentArity.OneOrMore, Description = "Run folders, finished or not; a folder with a run for each seed counts as one" };
        Option<string?> file = CommonOptions.Text("--out", "FILE", $"The page [default: report.html in the folder; of several, {Comparison} here]");
        Option<bool> json = CommonOptions.Json();
        var command = new Command("report", "Draws report.html again from the files of a run, or several runs side by side; needs no data") { runs, file, json };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(runs)!, parsed.GetValue(file), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string[] paths, string? file, bool json)
    {
        if (file is not null && Directory.Exists(file))
            throw new UsageException($"--out '{file}' is a folder; expected the page's file, such as '{Path.Combine(file, Comparison)}'.");
        if (paths.Length > 1)
            Compare(terminal, paths, file ?? Comparison, json);
        else if (new ComparisonFolder(paths[0]) is { HoldsComparison: true } comparison)
            Again(terminal, comparison, file ?? comparison.Report, json);
        else if (new RunFolder(paths[0]) is { HoldsRun: true, HoldsSeeds: true } seeds)
            Seeds(terminal, seeds, file ?? seeds.Report, json);
        else
            One(terminal, RunFolder.Runs(paths[0])[0], file, json);
        return ExitCode.Done;
    }

    private static void One(Terminal terminal, RunFolder folder, string? file, bool json)
    {
        RunResult? result = folder.IsFinished ? RunJson.Read<RunResult>(folder.Result) : null;
        RunReports.Write(folder, result, file);
        if (json)
            new JsonView(terminal.Out).Write("report", new ReportResult(file ?? folder.Report, result));
        else
            Print(terminal.Out, folder, result, file ?? folder.Report);
    }

    /// <summary>Each seed has a page of its own, and all have one together.</summary>
    private static void Seeds(Terminal terminal, RunFolder folder, string file, bool json)
    {
        foreach (RunFolder own in RunFolder.Runs(folder.Path))
            One(terminal, own, null, json);
        Compare(terminal, [folder.Path], file, json);
    }

    /// <summary>The page of <c>volley compare</c>.</summary>
    private static void Again(Terminal terminal, ComparisonFolder folder, string file, bool json)
    {
        ComparisonPage.Write(folder, file);
        Say(terminal, $"{folder.Path}: a comparison", file, json);
    }

    private static void Compare(Terminal terminal, string[] paths, string file, bool json)
    {
        RunReports.WriteComparison(paths, file);
        Say(terminal, paths.Length == 1 ? $"{paths[0]}: its seeds together" : $"{paths.Length} runs side by side", file, json);
    }

    private static void Say(Terminal terminal, string what, string file, bool json)
    {
        if (json)
        {
            new JsonView(terminal.Out).Write("comparison", new ReportResult(file, null));
            return;
        }
        terminal.Out.WriteLine(what);
        terminal.Out.WriteLine($"  open {Text.Argument(file)}");
    }

    private static void Print(TextWriter output, RunFolder folder, RunResult? result, string report)
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
        output.WriteLine($"  open {Text.Argument(report)}");
    }
}
