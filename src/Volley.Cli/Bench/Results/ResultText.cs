using System.Globalization;
using System.Text;

namespace Volley.Cli.Bench;

/// <summary>Results as rows of a table: in a terminal and in Markdown.</summary>
internal static class ResultText
{
    private static readonly string[] s_columns = ["case", "shape", "threads", "ms_median", "ms_min", "runs", "floor_ms", "fraction_of_floor", "allocated_bytes", "memory_bytes", "samples_per_second"];

    public static string Header => Row(s_columns);

    public static string Row(CaseResult result) => Row(Cells(result));

    /// <summary>The table in Markdown.</summary>
    public static IEnumerable<string> Markdown(IEnumerable<CaseResult> results) =>
        [$"| {string.Join(" | ", s_columns)} |", "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|", .. results.Select(result => $"| {string.Join(" | ", Cells(result))} |")];

    /// <summary>A time or a fraction with three digits or more.</summary>
    public static string Number(double value) => value.ToString(value < 0.1 ? "0.0000" : value < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture);

    private static string[] Cells(CaseResult r) =>
    [
        r.Case, r.Shape, r.Threads.ToString(CultureInfo.InvariantCulture), Number(r.MsMedian), Number(r.MsMin), r.Runs.ToString(CultureInfo.InvariantCulture),
        Number(r.FloorMs), Number(r.FractionOfFloor), r.AllocatedBytes.ToString(CultureInfo.InvariantCulture),
        r.MemoryBytes == 0 ? "" : r.MemoryBytes.ToString(CultureInfo.InvariantCulture), r.SamplesPerSecond is { } rate ? Number(rate) : "",
    ];

    private static string Row(string[] cells)
    {
        int[] widths = [36, 30, 8, 10, 10, 5, 10, 18, 16, 14, 18];
        var line = new StringBuilder();
        for (int i = 0; i < cells.Length; i++)
            line.Append(i < 2 ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i])).Append(' ');
        return line.ToString().TrimEnd();
    }
}
