using System.Reflection;

namespace Volley.Architecture.Tests;

/// <summary>The public surface of each library is a file; a change of the one is a change of the other, and is seen in review.</summary>
public class PublicApiTests
{
    private const string Accept = "VOLLEY_ACCEPT_API";

    public static TheoryData<string> Libraries => [.. Repository.Libraries.Select(library => library.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void TheSurfaceIsTheOneOnFile(string name)
    {
        string path = Repository.PathOf($"tests/Volley.Architecture.Tests/PublicApi/{name}.txt");
        string[] now = PublicApi.Of(Repository.Library(name));
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, string.Concat(now.Select(line => line + "\n")));
        }
        string diff = Diff.Lines(File.Exists(path) ? File.ReadAllLines(path) : [], now);
        Assert.True(diff.Length == 0,
            $"The public surface of {name} is not that of PublicApi/{name}.txt. If that is meant, run the tests once with {Accept}=1, commit the file and add a line to CHANGELOG.md.\n{diff}");
    }

    [Theory]
    [InlineData("Volley.Architecture.Tests.PublicApiTests.Shown<T> = sealed class : IDisposable where T : class")]
    [InlineData("Volley.Architecture.Tests.PublicApiTests.Shown<T>.new(string? name, T[] values, int count = 3)")]
    [InlineData("Volley.Architecture.Tests.PublicApiTests.Shown<T>.Name { get; init; } -> string?")]
    [InlineData("Volley.Architecture.Tests.PublicApiTests.Shown<T>.static Try<TKey>(in TKey key, out Nullable<(int, T)> found) -> bool where TKey : struct")]
    public void ALineReadsLikeCSharp(string line) =>
        Assert.Contains(line.Replace("Nullable<(int, T)>", "(int, T)?", StringComparison.Ordinal), PublicApi.Of(Assembly.GetExecutingAssembly()));

    public sealed class Shown<T>(string? name, T[] values, int count = 3) : IDisposable where T : class
    {
        public string? Name { get; init; } = name;

        public static bool Try<TKey>(in TKey key, out (int, T)? found) where TKey : struct
        {
            found = null;
            return key.Equals(default(TKey));
        }

        public void Dispose() => Array.Clear(values, 0, Math.Min(count, values.Length));
    }
}
