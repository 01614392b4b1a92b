using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Volley.Tensors;

namespace Volley.Cli.Bench;

/// <summary>One layer of neurons forward and backward, N = 256 neurons for each of B samples; and one that decays in silence.</summary>
/// <remarks>Floors: 24 bytes a neuron-step; arithmetic hides behind them.</remarks>
internal sealed class NeuronBench(string name) : IBenchGroup
{
    private const int Neurons = 256;

    public string Name => name;

    public IEnumerable<BenchCase> Cases(Cpu cpu)
    {
        foreach (int batch in (int[])[16, 256, 1024])
        {
            foreach (int steps in (int[])[16, 64, 256])
            {
                if ((long)batch * steps * Neurons * 16 < 2e9)
                    yield return Case(cpu, batch, steps, silent: false);
            }
        }
        yield return Case(cpu, 64, 1024, silent: true);
    }

    private BenchCase Case(Cpu cpu, int batch, int steps, bool silent)
    {
        bool lif = name == "lif";
        NeuronKernel kernel = lif ? new LifKernel(Reset.ToZero, detachReset: true) : new AdLifKernel();
        ISurrogate surrogate = lif ? new ATan(2) : new Boxcar(0.5f);
        float[] values = lif ? [0.5f, 0.5f, 1] : [0.9f, 0.98f, 0.3f, 1, 1];
        var call = new NeuronCall(batch, steps, Neurons, FiresAtThreshold: lif);
        int signal = batch * steps * Neurons, states = kernel.States.Count, parameters = kernel.Parameters.Count;
        Tensor x = Floats(signal), dY = Floats(signal), dX = Floats(signal), coefficients = Floats(parameters * Neurons);
        for (int p = 0; p < parameters; p++)
            coefficients.Data.Slice(p * Neurons, Neurons).Fill(values[p]);
        var random = new Rng(1);
        if (silent)
        {
            // One pulse, then nothing: potentials decay through what would be denormal numbers.
            for (int b = 0; b < batch; b++)
                x.Data.Slice(b * steps * Neurons, Neurons).Fill(0.9f);
        }
        else
        {
            random.FillUniform(cpu, x.Data, -0.6f, 1.4f);
        }
        random.Fork("dY").FillUniform(cpu, dY.Data, -1, 1);
        if (silent)
            dY.Data[..^Neurons].Clear();
        var bits = new ulong[batch * steps * call.WordsPerRow];
        Tensor saved = Floats(batch * call.Segments * states * Neurons), perSample = Floats(batch * parameters * Neurons);
        return new BenchCase(silent ? $"{name}/silence" : $"{name}/forward+backward", $"B={batch},N={Neurons},T={steps}", () =>
        {
            NeuronDriver.Forward(cpu, kernel, x.Data, coefficients.Data, default, bits, default, saved.Data, default, call);
            NeuronDriver.Backward(cpu, kernel, x.Data, coefficients.Data, saved.Data, dY.Data, surrogate, dX.Data, perSample.Data, default, call);
        }, new Work(0, 24.0 * signal, 12.0 * signal));
    }

    /// <summary>Memory as the arenas of training give it: aligned to cache lines.</summary>
    private static Tensor Floats(int count) => Tensor.Zeros(new Shape(count));
}
