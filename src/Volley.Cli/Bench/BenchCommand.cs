using System.Globalization;
using System.Text.Json;
using Volley.Cli.Runs;
using Volley.Kernels;

namespace Volley.Cli.Bench;

/// <summary>Runs groups of cases: each on one thread and on all, beside its floor on this machine.</summary>
internal static class BenchCommand
{
    private static readonly IBenchGroup[] s_groups = [new GemmBench(), new SpikesBench(), new NeuronBench("lif"), new NeuronBench("adlif"), new NetBench(), new RecurrentBench(), new PsnBench(), new ConvBench(), new ScifarBench(), new DelaysBench(), new StateSpaceBench(), new StreamBench()];

    /// <summary>Names of the groups.</summary>
    public static IEnumerable<string> Groups => s_groups.Select(group => group.Name);

    /// <summary>Charts that the groups of these results have of their own.</summary>
    public static IEnumerable<(string Name, string Svg)> Charts(IReadOnlyList<CaseResult> results) => s_groups
        .Where(group => results.Any(result => result.Group == group.Name))
        .SelectMany(group => (group as IChartedGroup)?.Charts([.. results.Where(result => result.Group == group.Name)]) ?? []);

    /// <summary>Runs the groups (all when none is named) and writes a row, or a JSON line, as each case ends.</summary>
    /// <param name="seconds">At most this long a case; null for as long as each says.</param>
    public static ResultSet Run(IReadOnlyList<string> groups, bool json, int threads, double? seconds, TextWriter output)
    {
        var results = new List<CaseResult>();
        int[] counts = threads > 1 ? [1, threads] : [1];
        if (!json)
            output.WriteLine(ResultText.Header);
        foreach (IBenchGroup group in s_groups.Where(group => groups.Count == 0 || groups.Contains(group.Name)))
        {
            foreach (int count in counts)
            {
                using var cpu = new Cpu(count);
                var limits = new MachineLimits(cpu);
                bool warm = false;
                foreach (BenchCase bench in group.Cases(cpu))
                {
                    if (!warm)
                        BenchRunner.WarmUp(bench);
                    warm = true;
                    CaseResult result = BenchRunner.Run(bench, cpu, limits, seconds);
                    results.Add(result);
                    output.WriteLine(json ? JsonSerializer.Serialize(result, BenchJson.Lines.CaseResult) : ResultText.Row(result));
                    output.Flush();
                }
            }
        }
        using var all = new Cpu(threads);
        return new ResultSet(ResultSet.CurrentFormat, DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), RunEnvironment.Of(all), results);
    }
}
