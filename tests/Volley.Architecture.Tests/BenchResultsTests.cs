using Volley.Cli.Bench;

namespace Volley.Architecture.Tests;

/// <summary>Pages and charts of <c>bench/results</c> are those of the committed numbers.</summary>
public class BenchResultsTests
{
    [Fact]
    public void PagesAreMadeFromTheResults()
    {
        (string Path, string Text)[] files = [.. ResultPages.Of(Repository.PathOf("bench/results"))];
        if (Environment.GetEnvironmentVariable(DocumentationTests.Accept) == "1")
            ResultPages.Write(files);
        foreach ((string path, string text) in files)
        {
            string page = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
            Assert.True(page == text, $"{Path.GetRelativePath(Repository.Root, path)} is not made from the results beside it; 'volley bench --results bench/results' or {DocumentationTests.Accept}=1 makes it again.");
        }
    }

    /// <summary>Charts that no result set has any more.</summary>
    [Fact]
    public void NoChartIsLeftOver()
    {
        string folder = Repository.PathOf("bench/results");
        Assert.Empty(Directory.GetFiles(folder, "*.svg", SearchOption.AllDirectories).Except(ResultPages.Of(folder).Select(file => file.Path)));
    }

    /// <summary>A floor that is beaten by more than its measurement is off is none. Peers and OpenBLAS stand beside the same floors.</summary>
    [Fact]
    public void NoCaseIsFasterThanItsFloor()
    {
        IEnumerable<CaseResult> cases = Directory.GetFiles(Repository.PathOf("bench/results"), "*.json", SearchOption.AllDirectories).SelectMany(path => ResultSet.Read(path).Cases);
        Assert.DoesNotContain(cases, result => result.FractionOfFloor > 1.15);
    }
}
