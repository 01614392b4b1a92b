using Volley.Kernels;

namespace Volley.Cli.Bench;

/// <summary>One thing that is timed.</summary>
/// <param name="Name">Group and what is done, like <c>lif/forward+backward</c>.</param>
/// <param name="Shape">Sizes, like <c>B=1024,N=256,T=64</c>.</param>
/// <param name="Run">Does it once.</param>
/// <param name="Work">What it cannot do without; with the limits of the machine, the least time it can take.</param>
internal sealed record BenchCase(string Name, string Shape, Action Run, Work Work)
{
    /// <summary>What it is measured against, like <c>OpenBLAS</c>; null for the case itself.</summary>
    public string? Peer { get; init; }

    /// <summary>Samples that one run goes through, where a rate of samples says more than a time; else 0.</summary>
    public int Samples { get; init; }

    /// <summary>Bytes of the tensors that a run holds: input, output, gradients and what is kept between forward and backward; null where that says nothing.</summary>
    public Func<long>? MemoryBytes { get; init; }

    /// <summary>For how long it is run again and again.</summary>
    public double Seconds { get; init; } = 1;
}

/// <summary>A group of cases.</summary>
internal interface IBenchGroup
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>The cases, made one at a time, so that only one holds its memory.</summary>
    IEnumerable<BenchCase> Cases(Cpu cpu);
}

/// <summary>A group whose results have pictures of their own.</summary>
internal interface IChartedGroup
{
    /// <summary>Charts of the group's results: a name for the file, and the SVG.</summary>
    IEnumerable<(string Name, string Svg)> Charts(IReadOnlyList<CaseResult> results);
}
