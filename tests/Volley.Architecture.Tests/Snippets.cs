using System.Text.RegularExpressions;

namespace Volley.Architecture.Tests;

/// <summary>C# in the documentation: a fence below <c>&lt;!-- snippet: path#region --&gt;</c> is that region of a compiled file.</summary>
internal static partial class Snippets
{
    /// <summary>A fence of C# in a page.</summary>
    /// <param name="Source">"path#region" of the comment on the line above; null without one.</param>
    /// <param name="Line">The line of the fence, from 0.</param>
    /// <param name="Length">Lines between the fences.</param>
    public sealed record Fence(string? Source, int Line, int Length);

    /// <summary>README and everything else for people, relative to the repository.</summary>
    public static IEnumerable<string> Pages() =>
        Directory.GetFiles(Repository.Root, "*.md").Concat(Directory.GetFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(Repository.PathOf("bench"), "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    public static IEnumerable<Fence> Fences(string[] page)
    {
        for (int i = 0; i < page.Length; i++)
        {
            if (page[i].Trim() is not ("```csharp" or "```cs" or "```c#"))
                continue;
            int end = Array.IndexOf(page, "```", i + 1);
            string? source = i > 0 && Comment().Match(page[i - 1]) is { Success: true } match ? match.Groups[1].Value : null;
            yield return new Fence(source, i, (end < 0 ? page.Length : end) - i - 1);
        }
    }

    /// <summary>The lines of a region, moved to the left margin.</summary>
    public static string[] Region(string source)
    {
        (string path, string name) = source.Split('#') is [{ } p, { } n] ? (p, n) : throw new InvalidDataException($"'{source}' is not path#region.");
        string[] lines = File.ReadAllLines(Repository.PathOf(path));
        int start = Array.FindIndex(lines, line => line.Trim() == $"#region {name}");
        int end = start < 0 ? -1 : Array.FindIndex(lines, start, line => line.Trim() == "#endregion");
        if (end < 0)
            throw new InvalidDataException($"{path} has no region '{name}'.");
        string[] region = lines[(start + 1)..end];
        int margin = region.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return [.. region.Select(line => line.Length == 0 ? line : line[margin..]).SkipWhile(line => line.Length == 0)];
    }

    [GeneratedRegex(@"^\s*<!-- snippet: (\S+) -->\s*$")]
    private static partial Regex Comment();
}
