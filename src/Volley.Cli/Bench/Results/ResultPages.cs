using System.Globalization;
using Volley.Serialization;

namespace Volley.Cli.Bench;

/// <summary>Pages and charts made from the result sets of a folder: <c>bench --results DIR</c>.</summary>
/// <remarks>
/// <c>DIR/CPU/NAME.json</c> is a result set, <c>NAME.md</c> and <c>NAME*.svg</c> beside it are made from it, and so are <c>DIR/CPU/overview.svg</c> and
/// <c>DIR/README.md</c>. Of a page only what stands between two marks is made: what people write around them stays.
/// </remarks>
internal static class ResultPages
{
    private const string Begin = "<!-- bench: made by 'volley bench --results' -->", End = "<!-- /bench -->";

    /// <summary>Every file that is made from the sets below a folder, as it should be.</summary>
    /// <exception cref="InvalidDataException">A set cannot be read, or a page has no marks.</exception>
    public static IEnumerable<(string Path, string Text)> Of(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' of benchmark results.");
        var sets = Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => (Path: path, Set: ResultSet.Read(path))).ToArray();
        if (sets.Length == 0)
            throw new InvalidDataException($"There is no set of benchmark results (*.json) below '{folder}'.");
        foreach ((string path, ResultSet set) in sets)
        {
            foreach ((string, string) file in Of(path, set))
                yield return file;
        }
        var index = new List<string> { "| results | commit, day | cases | median fraction of the floor, one thread | all threads |", "|---|---|--:|--:|--:|" };
        var overviews = new List<string>();
        foreach (var machine in sets.GroupBy(s => Path.GetDirectoryName(s.Path)!))
        {
            string own = Path.GetRelativePath(folder, machine.Key).Replace('\\', '/');
            index.AddRange(machine.Select(s => Row($"{own}/{Path.GetFileNameWithoutExtension(s.Path)}", s.Set)));
            string title = FormattableString.Invariant($"{own}: fraction of the floor, medians of the groups");
            yield return (Path.Combine(machine.Key, "overview.svg"), ResultPage.Fractions(title, [.. machine.SelectMany(s => s.Set.Cases).Where(r => r.Peer is null)], r => r.Group).ToSvg());
            overviews.AddRange(["", $"{own}: {Description(machine.Last().Set)}.", "", $"![{own}]({own}/overview.svg)"]);
        }
        yield return Page(Path.Combine(folder, "README.md"), "Benchmark results", [.. index, .. overviews]);
    }

    /// <summary>What is made from one set: its page and its charts, beside it.</summary>
    public static IEnumerable<(string Path, string Text)> Of(string path, ResultSet set)
    {
        string folder = Path.GetDirectoryName(path) ?? "", name = Path.GetFileNameWithoutExtension(path);
        yield return Page(Path.Combine(folder, name + ".md"), name, ResultPage.Lines(name, set));
        foreach ((string chart, string svg) in ResultPage.Charts(name, set))
            yield return (Path.Combine(folder, chart), svg);
    }

    /// <summary>Writes what is not yet as it should be.</summary>
    /// <returns>The files that were written.</returns>
    public static IReadOnlyList<string> Write(IEnumerable<(string Path, string Text)> files)
    {
        var written = new List<string>();
        foreach ((string path, string text) in files.ToArray().Where(file => !File.Exists(file.Path) || File.ReadAllText(file.Path) != file.Text))
        {
            AtomicFile.WriteText(path, text);
            written.Add(path);
        }
        return written;
    }

    private static string Row(string name, ResultSet set)
    {
        CaseResult[] own = [.. set.Cases.Where(r => r.Peer is null)];
        int most = own.Select(r => r.Threads).DefaultIfEmpty(1).Max();
        return string.Create(CultureInfo.InvariantCulture,
            $"| [{name}]({name}.md) | {ResultPage.Commit(set)}, {set.Date} | {own.Length} | {Median(1)} | {Median(most)} |");

        string Median(int threads) => ResultText.Number(ResultPage.MedianFraction(own.Where(r => r.Threads == threads)));
    }

    private static string Description(ResultSet set) =>
        string.Create(CultureInfo.InvariantCulture, $"{set.Machine.Cpu}, {set.Machine.Cores} cores, {set.Machine.Width}, {set.Machine.Os}, {set.Machine.Dotnet}");

    /// <summary>The page with these lines between its marks; a new one with a heading.</summary>
    private static (string Path, string Text) Page(string path, string title, IEnumerable<string> lines)
    {
        string[] page = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n') : [$"# {title}", "", Begin, End];
        int begin = Array.IndexOf(page, Begin), end = Array.IndexOf(page, End);
        if (begin < 0 || end < begin)
            throw new InvalidDataException($"'{path}' needs the lines \"{Begin}\" and \"{End}\", between which results are written; add them, or move the file.");
        return (path, string.Concat(page[..(begin + 1)].Concat(lines).Concat(page[end..]).Select(line => line + "\n")));
    }
}
