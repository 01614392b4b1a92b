using Volley.Kernels;

namespace Volley.Cli.Bench;

/// <summary>One thing that is timed.</summary>
/// <param name="Name">Group and what is done, like <c>lif/forward+backward</c>.</param>
/// <param name="Shape">Sizes, like <c>B=1024,N=256,T=64</c>.</param>
/// <param name="Run">Does it once.</param>
/// <param name="Floor">The least time it can take, given the limits of this machine; null where none is known.</param>
internal sealed record BenchCase(string Name, string Shape, Action Run, Floor? Floor = null)
{
    /// <summary>What it is measured against, like <c>OpenBLAS</c>; null for the case itself.</summary>
    public string? Peer { get; init; }

    /// <summary>Samples that one run goes through, where a rate of samples says more than a time; else 0.</summary>
    public int Samples { get; init; }

    /// <summary>For how long it is run again and again.</summary>
    public double Seconds { get; init; } = 1;
}

/// <summary>The work that cannot be avoided: the larger of its arithmetic and its traffic counts, or their sum where one waits for the other.</summary>
/// <param name="Flops">Floating-point operations.</param>
/// <param name="Bytes">Bytes that must move.</param>
/// <param name="WorkingSet">Bytes that are touched again and again: decides which cache they come from.</param>
/// <param name="Sequential">True if arithmetic and traffic belong to different kernels, so that their times add up.</param>
internal sealed record Floor(double Flops, double Bytes, double WorkingSet, bool Sequential = false);

/// <summary>A group of cases.</summary>
internal interface IBenchGroup
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>The cases, made one at a time, so that only one holds its memory.</summary>
    IEnumerable<BenchCase> Cases(Cpu cpu);
}

/// <summary>A group that also shows its results as pictures.</summary>
internal interface IChartedGroup
{
    /// <summary>Charts of the group's results: a file name without its ending, and the SVG.</summary>
    IEnumerable<(string Name, string Svg)> Charts(IReadOnlyList<BenchResult> results);
}

/// <summary>A measured case.</summary>
internal sealed record BenchResult(BenchCase Case, int Threads, double MedianMs, double MinMs, int Runs, double? FloorMs, long AllocatedBytes)
{
    /// <summary>1 is the floor itself.</summary>
    public double? FractionOfFloor => FloorMs / MedianMs;

    /// <summary>Null where the case has no samples.</summary>
    public double? SamplesPerSecond => Case.Samples == 0 ? null : 1e3 * Case.Samples / MedianMs;
}
