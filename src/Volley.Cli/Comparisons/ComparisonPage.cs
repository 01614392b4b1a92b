using Volley.Cli.Runs;
using Volley.Plots;

namespace Volley.Cli.Comparisons;

/// <summary>The page of a finished comparison, drawn from its files alone.</summary>
internal static class ComparisonPage
{
    /// <summary>Replaces the page.</summary>
    /// <exception cref="InvalidDataException">The comparison is not finished, or a file of it is damaged.</exception>
    public static void Write(ComparisonFolder folder, string file)
    {
        if (!File.Exists(folder.Result))
            throw new InvalidDataException($"The comparison in '{folder.Path}' is not finished; go on with it: volley compare --resume --out {folder.Path}");
        var result = RunJson.Read<ComparisonResult>(folder.Result);
        if (result.Entrants.Count == 0 || !result.Entrants.All(entrant => ComparisonFolder.Takes(entrant?.Name)))
            throw new InvalidDataException($"'{folder.Result}' is damaged: its entrants are not names of folders in '{folder.Path}'.");
        Write(folder, result, file);
    }

    /// <inheritdoc cref="Write(ComparisonFolder, string)"/>
    public static void Write(ComparisonFolder folder, ComparisonResult result, string file) =>
        RunReports.WriteComparison([.. RunReports.Groups([.. result.Entrants.Select(entrant => folder.For(entrant.Name).Path)]).Zip(result.Entrants, WithEntrant)], file, result.Name);

    /// <summary>What only the comparison knows; and the memory of a process that trained others before says nothing of this one.</summary>
    private static RunGroup WithEntrant(RunGroup group, EntrantResult entrant) => group with
    {
        Runs = [.. group.Runs.Select(run => run with { Figures = run.Figures with { StepMicroseconds = entrant.StepMicrosecondsMedian ?? double.NaN, PeakMemoryMb = double.NaN } })],
    };
}
