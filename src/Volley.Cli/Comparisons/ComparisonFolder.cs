using Volley.Cli.Runs;

namespace Volley.Cli.Comparisons;

/// <summary>The files of a comparison: a folder of runs for each entrant, and what they came to together.</summary>
internal sealed class ComparisonFolder(string path)
{
    private const string PlanName = "compare.json", ResultName = "comparison.json", ReportName = "report.html";

    public string Path { get; } = path;

    /// <summary>The entrants: with it the folder holds a comparison that can be gone on with.</summary>
    public string Plan => In(PlanName);

    /// <summary>The table, written last.</summary>
    public string Result => In(ResultName);

    public string Report => In(ReportName);

    public bool HoldsComparison => File.Exists(Plan);

    /// <summary>Whether an entrant may have this name: it becomes a folder, and may come from anybody's file.</summary>
    public static bool Takes(string? name) =>
        name is { Length: > 0 and <= 100 } and not ("." or ".." or PlanName or ResultName or ReportName) && name == System.IO.Path.GetFileName(name)
        && name.IndexOfAny(System.IO.Path.GetInvalidFileNameChars()) < 0;

    public RunFolder For(string entrant) => new(In(entrant));

    /// <summary>Makes the folder for a new comparison.</summary>
    /// <exception cref="UsageException">There are files in it.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public void Create()
    {
        if (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any())
            throw new UsageException(HoldsComparison ? $"'{Path}' holds a comparison already; go on with it by --resume, or choose another folder by --out." : $"'{Path}' is not empty; choose another folder by --out.");
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot make the folder '{Path}' for the comparison: {failure.Message.TrimEnd('.')}; choose another one by --out.", failure);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
