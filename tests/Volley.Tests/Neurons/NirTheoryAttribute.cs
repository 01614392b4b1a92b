namespace Volley.Tests.Neurons;

/// <summary>A test that reads the traces of the NIR paper, skipped where they are not at hand.</summary>
internal sealed class NirTheoryAttribute : TheoryAttribute
{
    public NirTheoryAttribute()
    {
        if (Folder is null)
            Skip = "needs ../shared/data/nir/NIR/paper/01_lif beside the repository";
    }

    /// <summary>The traces of one LIF neuron in eleven simulators; null where missing.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Volley.slnx")))
                continue;
            string data = Path.Combine(folder.FullName, "..", "shared", "data", "nir", "NIR", "paper", "01_lif");
            return Directory.Exists(data) ? data : null;
        }
        return null;
    }
}
