namespace Volley.Cli.Tests;

/// <summary>Where this repository is.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Volley.slnx")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException("The tests are not inside the repository.");
    }
}
