using Volley.Cli.Runs;

namespace Volley.Cli.Comparisons;

/// <summary>The files of a comparison: a folder of runs for each entrant, and what they came to together.</summary>
internal sealed class ComparisonFolder(string path)
{
    public string Path { get; } = path;

    /// <summary>The entrants, written first: what is left to do can be told from it.</summary>
    public string Plan => In("compare.json");

    /// <summary>The table, written last.</summary>
    public string Result => In("comparison.json");

    public string Report => In("report.html");

    public bool HoldsComparison => File.Exists(Plan);

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
