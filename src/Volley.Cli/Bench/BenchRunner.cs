using System.Diagnostics;
using Volley.Kernels;

namespace Volley.Cli.Bench;

/// <summary>Times a case: two runs to warm up, then runs until a second (or what the case or the caller says) has gone by, at least 7 and at most 200; the median counts.</summary>
internal static class BenchRunner
{
    /// <summary>Runs a case until its code is compiled as well as it will be: the first one of a group.</summary>
    public static void WarmUp(BenchCase bench)
    {
        var total = Stopwatch.StartNew();
        do
            bench.Run();
        while (total.Elapsed.TotalSeconds < 0.5);
    }

    /// <param name="seconds">At most this long, but for the 7 runs; null for as long as the case says.</param>
    public static CaseResult Run(BenchCase bench, Cpu cpu, MachineLimits limits, double? seconds)
    {
        bench.Run();
        bench.Run();
        double most = Math.Min(bench.Seconds, seconds ?? bench.Seconds);
        var times = new List<double>(200);
        long allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        var total = Stopwatch.StartNew();
        while (times.Count < 7 || (total.Elapsed.TotalSeconds < most && times.Count < 200))
        {
            long start = Stopwatch.GetTimestamp();
            bench.Run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        long allocated = (GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore) / times.Count;
        times.Sort();
        string name = bench.Peer is null ? bench.Name : $"{bench.Name} ({bench.Peer})";
        return new CaseResult(name, bench.Shape, cpu.Threads, CaseResult.Significant(times[times.Count / 2]), CaseResult.Significant(times[0]), times.Count, allocated, bench.Work, limits.For(bench.Work))
        {
            Peer = bench.Peer,
            Samples = bench.Samples,
            MemoryBytes = bench.MemoryBytes?.Invoke() ?? 0,
        };
    }
}
