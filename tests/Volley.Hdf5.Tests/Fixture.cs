namespace Volley.Hdf5.Tests;

/// <summary>The files of Fixtures/make.py.</summary>
internal static class Fixture
{
    public static IEnumerable<string> Names => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*.h5").Order().Select(file => Path.GetFileName(file)!);

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    public static Hdf5File Open(string name) => Hdf5File.Open(PathOf(name));

    /// <summary>The values that make.py writes.</summary>
    public static int[] Signed(int count) => [.. Enumerable.Range(0, count).Select(i => i * 37 % 101 - 50)];

    public static int[] Unsigned(int count) => [.. Enumerable.Range(0, count).Select(i => i * 37 % 101)];
}
