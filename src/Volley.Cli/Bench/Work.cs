namespace Volley.Cli.Bench;

/// <summary>The work that a case cannot avoid: the larger of its arithmetic and its traffic counts, or their sum where one waits for the other.</summary>
/// <remarks>A lower bound: what depends on data that the case does not fix (how many spikes a hidden layer fires) is left out.</remarks>
/// <param name="Flops">Floating-point operations.</param>
/// <param name="Bytes">Bytes that must move.</param>
/// <param name="WorkingSet">Bytes that are touched again and again: decides which cache they come from.</param>
/// <param name="Sequential">True if arithmetic and traffic belong to different kernels, so that their times add up.</param>
internal sealed record Work(double Flops, double Bytes, double WorkingSet, bool Sequential = false);

/// <summary>What the machine did at most beside a case, measured in the same run.</summary>
/// <param name="PeakGflops">10⁹ floating-point operations a second, in fused multiply-adds of all threads.</param>
/// <param name="BandwidthGbs">10⁹ bytes a second over arrays of the case's working set, all threads.</param>
internal sealed record Limits(double PeakGflops, double BandwidthGbs)
{
    /// <summary>Milliseconds below which the work cannot fall.</summary>
    public double FloorMs(Work work)
    {
        double arithmetic = work.Flops / PeakGflops, traffic = work.Bytes / BandwidthGbs;
        return 1e-6 * (work.Sequential ? arithmetic + traffic : Math.Max(arithmetic, traffic));
    }
}
