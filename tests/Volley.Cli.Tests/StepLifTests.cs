using Volley.Cli.Bench;
using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Volley.Tensors;

namespace Volley.Cli.Tests;

/// <summary>The LIF that parallel neurons are timed against computes what the fused one computes.</summary>
public sealed class StepLifTests
{
    [Theory]
    [InlineData(1, 64)]
    [InlineData(7, 64)]
    [InlineData(20, 4160)]
    public void It_is_the_fused_neuron(int steps, int neurons)
    {
        using var cpu = new Cpu(2);
        Tensor x = Draw(1, -0.6f, 2.4f), dS = Draw(2, -1, 1), dX = Tensor.Zeros(x.Shape), expected = Tensor.Zeros(x.Shape);
        var step = new StepLif(cpu, steps, neurons);
        step.Forward(x);
        step.Backward(dS, dX);

        var kernel = new LifKernel(Reset.Subtract, detachReset: true);
        var call = new NeuronCall(1, steps, neurons, FiresAtThreshold: true);
        float[] parameters = [.. Enumerable.Repeat(0.5f, 2 * neurons), .. Enumerable.Repeat(1f, neurons)], saved = new float[call.Segments * neurons];
        var bits = new ulong[steps * call.WordsPerRow];
        NeuronDriver.Forward(cpu, kernel, x.Data, parameters, default, bits, default, saved, default, call);
        NeuronDriver.Backward(cpu, kernel, x.Data, parameters, saved, dS.Data, new ATan(2), expected.Data, new float[3 * neurons], default, call);
        int differ = 0;
        for (int i = 0; i < x.Shape.Count; i++)
        {
            differ += step.Spikes[i] != ((bits[i / 64] >> (i % 64)) & 1) ? 1 : 0;
            Assert.Equal(expected.Data[i], dX.Data[i], 1e-3);
        }
        // The two round differently; a potential at the threshold may fall to either side.
        Assert.InRange(differ, 0, x.Shape.Count / 10_000);
        Assert.Contains(step.Spikes.ToArray(), s => s == 1);

        Tensor Draw(ulong seed, float low, float high)
        {
            var tensor = Tensor.Zeros(new Shape(steps, neurons));
            new Rng(seed).FillUniform(cpu, tensor.Data, low, high);
            return tensor;
        }
    }
}
