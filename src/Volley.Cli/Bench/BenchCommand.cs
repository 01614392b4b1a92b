using System.Globalization;
using System.Text;
using System.Text.Json;
using Volley.Kernels;
using Volley.Serialization;

namespace Volley.Cli.Bench;

/// <summary><c>volley bench [GROUP…]</c>: every case on one thread and on all, beside its floor on this machine.</summary>
internal static class BenchCommand
{
    private static readonly IBenchGroup[] s_groups = [new GemmBench(), new SpikesBench(), new NeuronBench("lif"), new NeuronBench("adlif"), new NetBench(), new RecurrentBench(), new PsnBench(), new ConvBench(), new ScifarBench(), new DelaysBench(), new StateSpaceBench(), new StreamBench()];

    /// <summary>Names of the groups.</summary>
    public static IEnumerable<string> Groups => s_groups.Select(group => group.Name);

    /// <summary>Runs the groups (all when none is named) and writes a table, or JSON lines; with <paramref name="outFile"/> also a Markdown file, and beside it what charts the groups have.</summary>
    /// <exception cref="ArgumentException">A group is not known.</exception>
    public static void Run(IReadOnlyList<string> groups, bool json, string? outFile, int threads, TextWriter output)
    {
        foreach (string name in groups)
        {
            if (s_groups.All(group => group.Name != name))
                throw new ArgumentException($"There is no benchmark group '{name}'; the groups are {string.Join(", ", Groups)}.");
        }
        var results = new List<BenchResult>();
        int[] counts = threads > 1 ? [1, threads] : [1];
        if (!json)
            output.WriteLine(Row("case", "shape", "threads", "ms_median", "ms_min", "runs", "floor_ms", "fraction_of_floor", "allocated_bytes", "samples_per_second"));
        foreach (IBenchGroup group in s_groups.Where(group => groups.Count == 0 || groups.Contains(group.Name)))
        {
            foreach (int count in counts)
            {
                using var cpu = new Cpu(count);
                var limits = new MachineLimits(cpu);
                foreach (BenchCase bench in group.Cases(cpu))
                {
                    BenchResult result = BenchRunner.Run(bench, cpu, limits);
                    results.Add(result);
                    output.WriteLine(json ? Json(result) : Row(Cells(result)));
                    output.Flush();
                }
            }
        }
        if (outFile is null)
            return;
        AtomicFile.WriteText(outFile, Markdown(results));
        foreach (IBenchGroup group in s_groups.Where(group => groups.Count == 0 || groups.Contains(group.Name)))
        {
            BenchResult[] own = [.. results.Where(result => result.Case.Name.StartsWith(group.Name + "/", StringComparison.Ordinal))];
            foreach ((string name, string svg) in (group as IChartedGroup)?.Charts(own) ?? [])
                AtomicFile.WriteText(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(outFile))!, name + ".svg"), svg);
        }
    }

    private static string[] Cells(BenchResult r) =>
    [
        r.Case.Peer is null ? r.Case.Name : $"{r.Case.Name} ({r.Case.Peer})", r.Case.Shape, r.Threads.ToString(CultureInfo.InvariantCulture), Number(r.MedianMs), Number(r.MinMs),
        r.Runs.ToString(CultureInfo.InvariantCulture), r.FloorMs is { } floor ? Number(floor) : "", r.FractionOfFloor is { } fraction ? Number(fraction) : "",
        r.AllocatedBytes.ToString(CultureInfo.InvariantCulture), r.SamplesPerSecond is { } rate ? Number(rate) : "",
    ];

    private static string Number(double value) => value.ToString(value < 0.1 ? "0.0000" : value < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture);

    private static string Row(params ReadOnlySpan<string> cells)
    {
        int[] widths = [36, 30, 8, 10, 10, 5, 10, 18, 16, 18];
        var line = new StringBuilder();
        for (int i = 0; i < cells.Length; i++)
            line.Append(i < 2 ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i])).Append(' ');
        return line.ToString().TrimEnd();
    }

    private static string Json(BenchResult r)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("case", r.Case.Peer is null ? r.Case.Name : $"{r.Case.Name} ({r.Case.Peer})");
            writer.WriteString("shape", r.Case.Shape);
            writer.WriteNumber("threads", r.Threads);
            writer.WriteNumber("ms_median", Math.Round(r.MedianMs, 4));
            writer.WriteNumber("ms_min", Math.Round(r.MinMs, 4));
            writer.WriteNumber("runs", r.Runs);
            if (r.FloorMs is { } floor)
            {
                writer.WriteNumber("floor_ms", Math.Round(floor, 4));
                writer.WriteNumber("fraction_of_floor", Math.Round(r.FractionOfFloor!.Value, 4));
            }
            writer.WriteNumber("allocated_bytes", r.AllocatedBytes);
            if (r.SamplesPerSecond is { } rate)
                writer.WriteNumber("samples_per_second", Math.Round(rate, 1));
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Markdown(IEnumerable<BenchResult> results)
    {
        var text = new StringBuilder("| case | shape | threads | ms_median | ms_min | runs | floor_ms | fraction_of_floor | allocated_bytes | samples_per_second |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        foreach (BenchResult result in results)
            text.Append("| ").AppendJoin(" | ", Cells(result)).Append(" |\n");
        return text.ToString();
    }
}
