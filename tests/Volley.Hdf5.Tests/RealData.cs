namespace Volley.Hdf5.Tests;

/// <summary>The folder shared/data beside the repository; null where it is missing.</summary>
internal static class RealData
{
    public static string? Folder { get; } = Find();

    public static string Of(string name) => Path.Combine(Folder!, name);

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Volley.slnx")))
            {
                string data = Path.Combine(folder.FullName, "..", "shared", "data");
                return Directory.Exists(data) ? Path.GetFullPath(data) : null;
            }
        }
        return null;
    }
}

/// <summary>A test that needs a folder of the real data; skipped where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute(string name)
    {
        if (RealData.Folder is null || !Directory.Exists(RealData.Of(name)))
            Skip = $"The real data ../shared/data/{name} is not on this machine.";
    }
}
