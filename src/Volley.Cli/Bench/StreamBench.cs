using Volley.Kernels;
using Volley.Nn;
using Volley.Streaming;

namespace Volley.Cli.Bench;

/// <summary>A thousand time steps of a stream, of a network that fits into the cache.</summary>
/// <remarks>Floors: at every step the rows of weights of the three inputs that fire, and each neuron's current, state (read and written) and parameters.
/// What hidden neurons add when they fire depends on them and counts nothing.</remarks>
internal sealed class StreamBench : IBenchGroup
{
    private const int Repeats = 1000;

    public string Name => "stream";

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        if (cpu.Threads > 1)
            yield break;
        const int Fired = 3, Hidden = 256, Neurons = 2 * Hidden + 20, Lif = 1 + 2 + 3, AdLif = 1 + 2 * 2 + 5;
        foreach ((string name, Model model, int floats) in ((string, Model, int)[])[
            ("stream/lif", Networks.Speech(Networks.Lif, norm: false, recurrent: false), Lif),
            ("stream/adlif+batch-norm", Networks.Speech(Networks.AdLif, norm: true, recurrent: false), AdLif),
            ("stream/recurrent-adlif", Networks.Speech(Networks.AdLif, norm: true, recurrent: true), AdLif)])
        {
            double bytes = 4.0 * (Fired * Hidden + Neurons * floats);
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
            }, new Work(0, Repeats * bytes, bytes));
        }
    }
}
