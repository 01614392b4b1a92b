using System.Numerics;
using Volley.Kernels;
using Volley.Nn;
using Volley.Streaming;

namespace Volley.Cli.Bench;

/// <summary>A thousand time steps of a stream from its start, of a network that fits into the cache.</summary>
/// <remarks>Floors: the rows of weights of every unit that fires, of the inputs and of the hidden layers as they do fire, and at every step each neuron's current,
/// state (read and written) and parameters.</remarks>
internal sealed class StreamBench : IBenchGroup
{
    private const int Steps = 1000, Hidden = 256, Outputs = 20;

    public string Name => "stream";

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        if (cpu.Threads > 1)
            yield break;
        yield return Case(cpu, "stream/lif", Networks.Speech(Networks.Lif, norm: false, recurrent: false), states: 1, parameters: 3, feedback: 0);
        yield return Case(cpu, "stream/adlif+batch-norm", Networks.Speech(Networks.AdLif, norm: true, recurrent: false), states: 2, parameters: 5, feedback: 0);
        yield return Case(cpu, "stream/recurrent-adlif", Networks.Speech(Networks.AdLif, norm: true, recurrent: true), states: 2, parameters: 5, feedback: Hidden);
    }

    private static BenchCase Case(Cpu cpu, string name, Model model, int states, int parameters, int feedback)
    {
        var stream = new ModelStream(model, cpu, spikes: true);
        var fired = new long[stream.Fired.Count];
        Run(stream, fired);
        double rows = 3.0 * Steps * Hidden + fired[0] * (double)(Hidden + feedback) + fired[1] * (double)(Outputs + feedback);
        double bytes = 4 * (rows + (double)Steps * (2 * Hidden + Outputs) * (1 + 2 * states + parameters));
        return new BenchCase(name, $"140-256-256-20,{Steps} steps", () => Run(stream, []), new Work(0, bytes, bytes / Steps));
    }

    /// <param name="fired">Counts of spikes of each layer, added to; or empty.</param>
    private static void Run(ModelStream stream, Span<long> fired)
    {
        stream.Clear();
        for (int t = 0; t < Steps; t++)
        {
            // Three of 140 units fire: 2 %.
            stream.Input.Bits[0] = 1UL << (t % 61) | 1UL << (t * 7 % 64);
            stream.Input.Bits[1] = 1UL << (t * 13 % 64);
            stream.Step();
            for (int layer = 0; layer < fired.Length; layer++)
            {
                foreach (ulong word in stream.Fired[layer].Bits)
                    fired[layer] += BitOperations.PopCount(word);
            }
        }
    }
}
