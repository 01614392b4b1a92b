using Volley.Kernels;
using Volley.Nn;

namespace Volley.Cli.Bench;

/// <summary>A training step whose hidden layers feed back to themselves, after one step or after learned delays.</summary>
/// <remarks>Floors: as in <see cref="NetBench"/>, and the dense gradient through the feedback; where spikes come back late, the product of what arrives too.</remarks>
internal sealed class RecurrentBench : IBenchGroup
{
    public string Name => "recurrent";

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        BenchCase step = NetBench.Step(cpu, "recurrent/adlif+batch-norm", Networks.Speech(Networks.AdLif, norm: true, recurrent: true));
        double feedback = 2.0 * 25600 * 2 * 256 * 256;
        yield return step with { Work = step.Work with { Flops = step.Work.Flops + feedback } };
        foreach (double sigma in (double[])[10, 0.06])
        {
            // The product of what arrives joins the two gradients: it is no row of spikes.
            step = NetBench.Step(cpu, "recurrent/adlif+batch-norm+delays", Networks.Speech(Networks.AdLif, norm: true, recurrent: true, new RecurrentDelayOptions { MaxDelay = 50, SigmaStart = sigma }));
            yield return step with { Shape = $"{step.Shape},sigma={sigma}", Work = step.Work with { Flops = step.Work.Flops + 1.5 * feedback } };
        }
    }
}
