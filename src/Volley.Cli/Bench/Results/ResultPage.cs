using System.Globalization;
using Volley.Plots;

namespace Volley.Cli.Bench;

/// <summary>The page and the charts of one result set.</summary>
internal static class ResultPage
{
    /// <summary>More rows than this make a chart that nobody reads: then a bar is the median over the shapes of a case.</summary>
    private const int MostBars = 40;

    private const double ChartWidth = 960;

    /// <summary>Charts: file names behind the set's own, and the SVG.</summary>
    public static IEnumerable<(string Name, string Svg)> Charts(string name, ResultSet set) =>
        [($"{name}.svg", Fractions(name, set).ToSvg()), .. BenchCommand.Charts(set.Cases).Select(chart => ($"{name}-{chart.Name}.svg", chart.Svg))];

    /// <summary>What a page says about the set, line by line.</summary>
    public static IEnumerable<string> Lines(string name, ResultSet set)
    {
        yield return $"Made by `volley bench` from [{name}.json]({name}.json), which has all digits. {Machine(set)}. Measured beside the cases:";
        yield return "";
        foreach (string line in LimitsTable(set))
            yield return line;
        yield return "";
        foreach ((string chart, _) in Charts(name, set))
            yield return $"![{Path.GetFileNameWithoutExtension(chart)}]({chart})";
        yield return "";
        foreach (string line in ResultText.Markdown(set.Cases))
            yield return line;
    }

    /// <summary>Machine, day and commit in a sentence.</summary>
    public static string Machine(ResultSet set) => string.Create(CultureInfo.InvariantCulture,
        $"{set.Machine.Cpu}, {set.Machine.Cores} cores, {set.Machine.Width}, {set.Machine.Os}, {set.Machine.Dotnet}; {set.Date}, commit {Commit(set)}");

    /// <summary>The commit, short.</summary>
    public static string Commit(ResultSet set) => set.Machine.Commit is { } commit ? commit[..Math.Min(7, commit.Length)] : "unknown";

    /// <summary>Median over the cases; NaN where there are none.</summary>
    public static double MedianFraction(IEnumerable<CaseResult> results)
    {
        double[] sorted = [.. results.Select(r => r.FractionOfFloor).Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    /// <summary>Bars of the fraction of the floor, a series for each number of threads.</summary>
    public static BarChart Fractions(string title, IReadOnlyList<CaseResult> results, Func<CaseResult, string> category)
    {
        string[] categories = [.. results.Select(category).Distinct()];
        return new BarChart
        {
            Title = title,
            Width = ChartWidth,
            Categories = categories,
            Series =
            [
                .. results.GroupBy(r => r.Threads).OrderBy(g => g.Key).Select(threads => new BarSeries(threads.Key == 1 ? "1 thread" : FormattableString.Invariant($"{threads.Key} threads"),
                    [.. categories.Select(c => MedianFraction(threads.Where(r => category(r) == c)))])),
            ],
            Value = new Axis("floor / median") { Format = NumberFormat.Percent },
            Levels = [new ReferenceLine(1, "floor")],
        };
    }

    private static BarChart Fractions(string name, ResultSet set)
    {
        ILookup<string, string> shapes = set.Cases.Select(r => (r.Case, r.Shape)).Distinct().ToLookup(r => r.Case, r => r.Shape);
        int groups = set.Cases.Select(r => r.Group).Distinct().Count();
        bool each = shapes.Sum(own => own.Count()) <= MostBars;
        return Fractions($"{name}: fraction of the floor{(each ? "" : ", medians over the shapes")}", set.Cases, r => each ? $"{Name(r)} {Sizes(r)}".TrimEnd() : Name(r));

        // What all bars have in common needs no room, nor do sizes that all shapes of a case share.
        string Name(CaseResult r) => groups == 1 ? r.Case[(r.Group.Length + 1)..] : r.Case;
        string Sizes(CaseResult r) => string.Join(',', r.Shape.Split(',').Where(size => !shapes[r.Case].All(shape => shape.Split(',').Contains(size))));
    }

    private static IEnumerable<string> LimitsTable(ResultSet set)
    {
        long[] sizes = [.. set.Limits.SelectMany(limit => limit.Bandwidths).Select(b => b.Bytes).Distinct().Order()];
        yield return $"| threads | 10⁹ FLOP/s | {string.Join(" | ", sizes.Select(size => $"GB/s at {Size(size)}"))} |";
        yield return $"|--:|--:|{string.Concat(sizes.Select(_ => "--:|"))}";
        foreach (MachineLimit limit in set.Limits)
        {
            IEnumerable<string> bandwidths = sizes.Select(size => limit.Bandwidths.FirstOrDefault(b => b.Bytes == size) is { } b ? Number(b.BandwidthGbs) : "");
            yield return string.Create(CultureInfo.InvariantCulture, $"| {limit.Threads} | {Number(limit.PeakGflops)} | {string.Join(" | ", bandwidths)} |");
        }
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{(bytes >= 1 << 20 ? bytes >> 20 : bytes >> 10)} {(bytes >= 1 << 20 ? "MiB" : "KiB")}");

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
