using System.Text.RegularExpressions;

namespace Volley.Architecture.Tests;

/// <summary>Documentation runs: what it shows is compiled, what it points at exists.</summary>
public partial class DocumentationTests
{
    internal const string Accept = "VOLLEY_ACCEPT_DOCS";

    public static TheoryData<string> Pages => [.. Snippets.Pages()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void CSharpIsARegionOfACompiledFile(string page)
    {
        string[] lines = File.ReadAllLines(Repository.PathOf(page));
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            lines = Rewritten(lines);
            File.WriteAllText(Repository.PathOf(page), string.Concat(lines.Select(line => line + "\n")));
        }
        foreach (Snippets.Fence fence in Snippets.Fences(lines))
        {
            Assert.True(fence.Source is not null, $"{page}({fence.Line + 1}): C# needs the line '<!-- snippet: path#region -->' above it, so that it is compiled.");
            string diff = Diff.Lines(lines[(fence.Line + 1)..(fence.Line + 1 + fence.Length)], Snippets.Region(fence.Source));
            Assert.True(diff.Length == 0, $"{page}({fence.Line + 1}) is not {fence.Source}; {Accept}=1 copies the source into the page.\n{diff}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void LinksLeadSomewhere(string page)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        IEnumerable<string> targets = Link().Matches(File.ReadAllText(Repository.PathOf(page))).Select(match => match.Groups[1].Value.Split('#')[0]);
        Assert.DoesNotContain(targets, target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(folder, target)));
    }

    [Fact]
    public void TheReadmeShowsTheQuickStart() =>
        Assert.Contains(Snippets.Fences(File.ReadAllLines(Repository.PathOf("README.md"))), fence => fence.Source?.StartsWith("samples/QuickStart/", StringComparison.Ordinal) == true);

    [Fact]
    public void TheReadmeHasTheResultsOfTheRecipes()
    {
        string path = Repository.PathOf("README.md");
        string[] lines = File.ReadAllLines(path);
        int begin = Array.IndexOf(lines, ResultsTable.Begin), end = Array.IndexOf(lines, ResultsTable.End);
        Assert.True(begin >= 0 && end > begin, $"README.md needs the lines '{ResultsTable.Begin}' and '{ResultsTable.End}'.");
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            lines = [.. lines[..(begin + 1)], .. ResultsTable.Lines(), .. lines[end..]];
            File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")));
            end = Array.IndexOf(lines, ResultsTable.End);
        }
        string diff = Diff.Lines(lines[(begin + 1)..end], ResultsTable.Lines());
        Assert.True(diff.Length == 0, $"README.md does not show recipes/*/result.json; {Accept}=1 copies them.\n{diff}");
    }

    [Fact]
    public void AFenceWithoutItsCommentIsSeen()
    {
        string[] page = ["text", "```csharp", "int x = 1;", "```", "<!-- snippet: a/b.cs#c -->", "```csharp", "```"];
        Assert.Equal([new Snippets.Fence(null, 1, 1), new Snippets.Fence("a/b.cs#c", 5, 0)], Snippets.Fences(page));
    }

    private static string[] Rewritten(string[] lines)
    {
        foreach (Snippets.Fence fence in Snippets.Fences(lines).Where(fence => fence.Source is not null).Reverse())
            lines = [.. lines[..(fence.Line + 1)], .. Snippets.Region(fence.Source!), .. lines[(fence.Line + 1 + fence.Length)..]];
        return lines;
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
