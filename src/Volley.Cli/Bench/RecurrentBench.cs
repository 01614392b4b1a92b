using Volley.Kernels;

namespace Volley.Cli.Bench;

/// <summary>A training step whose hidden layers feed back to themselves.</summary>
internal sealed class RecurrentBench : IBenchGroup
{
    public string Name => "recurrent";

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        BenchCase step = NetBench.Step(cpu, "recurrent/adlif+batch-norm", Networks.Speech(Networks.AdLif, norm: true, recurrent: true));
        double feedback = 2.0 * 25600 * 2 * 256 * 256;
        yield return step with { Floor = step.Floor! with { Flops = step.Floor.Flops + feedback } };
    }
}
