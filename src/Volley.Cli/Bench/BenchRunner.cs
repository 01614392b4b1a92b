using System.Diagnostics;
using Volley.Kernels;

namespace Volley.Cli.Bench;

/// <summary>Times a case: warm-up, then runs until a second (or what the case says) has gone by, at least 7 and at most 200; the median counts.</summary>
internal static class BenchRunner
{
    public static BenchResult Run(BenchCase bench, Cpu cpu, MachineLimits limits)
    {
        bench.Run();
        bench.Run();
        var times = new List<double>(200);
        long allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        var total = Stopwatch.StartNew();
        while (times.Count < 7 || (total.Elapsed.TotalSeconds < bench.Seconds && times.Count < 200))
        {
            long start = Stopwatch.GetTimestamp();
            bench.Run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        long allocated = (GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore) / times.Count;
        times.Sort();
        double? floor = bench.Floor is null ? null : limits.FloorMs(bench.Floor);
        return new BenchResult(bench, cpu.Threads, times[times.Count / 2], times[0], times.Count, floor, allocated);
    }
}
