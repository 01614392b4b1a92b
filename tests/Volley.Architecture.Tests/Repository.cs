using System.Reflection;

namespace Volley.Architecture.Tests;

/// <summary>The working copy these tests look at, and the assemblies that it makes.</summary>
internal static class Repository
{
    /// <summary>The folder of Volley.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The libraries, each by a type that will stay.</summary>
    public static IReadOnlyList<Assembly> Libraries { get; } =
        [typeof(Kernels.Cpu).Assembly, typeof(Nn.Model).Assembly, typeof(Data.IDataset).Assembly, typeof(Hdf5.Hdf5File).Assembly, typeof(Plots.LineChart).Assembly];

    public static Assembly Library(string name) => Libraries.Single(assembly => assembly.GetName().Name == name);

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Volley.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"There is no Volley.slnx above {AppContext.BaseDirectory}.");
    }
}
