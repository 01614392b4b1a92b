namespace Volley.Testing;

/// <summary>The folder shared/data beside the repository, which not every machine has.</summary>
public static class RealData
{
    private static readonly string? s_folder = Find();

    /// <summary>The path of a file or folder of the data.</summary>
    public static string Of(string name) => Path.Combine(s_folder ?? throw new DirectoryNotFoundException("There is no ../shared/data on this machine."), name);

    /// <summary>Why a test that needs this folder is skipped; null where the folder is there.</summary>
    public static string? Missing(string name) =>
        s_folder is null || !Directory.Exists(Path.Combine(s_folder, name)) ? $"The real data ../shared/data/{name} is not on this machine." : null;

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Volley.slnx")))
                return Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data"));
        }
        return null;
    }
}
