namespace Volley.Kernels;

public static unsafe partial class SpikeGemm
{
    /// <summary>Whether the event-driven product is the faster one at this density of spikes.</summary>
    public static bool PrefersEvents(double density, int outputs) => density < 0.3;
}
