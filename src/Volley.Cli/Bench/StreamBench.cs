using Volley.Kernels;
using Volley.Nn;
using Volley.Streaming;

namespace Volley.Cli.Bench;

/// <summary>One time step of a stream.</summary>
internal sealed class StreamBench : IBenchGroup
{
    private const int Repeats = 1000;

    public string Name => "stream";

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        if (cpu.Threads > 1)
            yield break;
        foreach ((string name, Model model) in ((string, Model)[])[
            ("stream/lif", Networks.Speech(Networks.Lif, norm: false, recurrent: false)),
            ("stream/adlif+batch-norm", Networks.Speech(Networks.AdLif, norm: true, recurrent: false)),
            ("stream/recurrent-adlif", Networks.Speech(Networks.AdLif, norm: true, recurrent: true))])
        {
            var stream = new ModelStream(model, cpu, spikes: true);
            yield return new BenchCase(name, $"140-256-256-20,{Repeats} steps", () =>
            {
                for (int t = 0; t < Repeats; t++)
                {
                    // Three of 140 units fire: 2 %.
                    stream.Input.Bits[0] = 1UL << (t % 61) | 1UL << (t * 7 % 64);
                    stream.Input.Bits[1] = 1UL << (t * 13 % 64);
                    stream.Step();
                }
            });
        }
    }
}
