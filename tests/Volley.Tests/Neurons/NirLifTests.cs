using System.Globalization;
using Volley.Kernels;
using Volley.Kernels.Neurons;
using Volley.Nn.Neurons;
using Volley.Testing;

namespace Volley.Tests.Neurons;

/// <summary>One LIF neuron in several simulators (Pedersen et al. 2024): Δt 0.1 ms, τ 2.5 ms, threshold 0.1. They discretise it in three ways.</summary>
public class NirLifTests
{
    private const float Euler = 1 - 1e-4f / 2.5e-3f;
    private static readonly float s_exact = MathF.Exp(-1e-4f / 2.5e-3f);

    /// <summary>Columns of a trace: input, voltage, spike.</summary>
    private static (float[] Input, float[] Voltage, float[] Spikes) Read(string simulator)
    {
        float[][] rows = [.. File.ReadLines(RealData.Of($"{NirTheoryAttribute.Folder}/lif_{simulator}.csv"))
            .Select(line => line.Split(',').Select(field => float.Parse(field, CultureInfo.InvariantCulture)).ToArray())];
        return ([.. rows.Select(r => r[0])], [.. rows.Select(r => r[1])], [.. rows.Select(r => r[2])]);
    }

    private static void Follows(string simulator, LifKernel kernel, float decay, float gain, float voltageScale = 1, int late = 0)
    {
        (float[] input, float[] voltage, float[] spikes) = Read(simulator);
        float scale = 1 / input.Max(); // sinabs holds weight · spike in its first column
        var problem = new NeuronProblem
        {
            Kernel = kernel,
            Call = new NeuronCall(1, input.Length, 1, Segment: 1),
            X = [.. input.Select(x => x * scale)],
            Parameters = [decay, gain, 0.1f],
            Initial = [0],
            DOutput = new float[input.Length],
            DFinal = [0],
        };
        using var cpu = new Cpu();
        NeuronResult result = NeuronResult.OfDriver(cpu, problem);
        float[] fired = result.Signal(problem), states = [.. result.Saved[1..], .. result.Final];
        Assert.Equal(4, fired.Sum());
        Assert.Equal(spikes[late..], fired[..^late]);
        for (int t = 0; t + late < voltage.Length; t++)
            Assert.Equal(voltage[t + late] * voltageScale, states[t], 1e-4f);
    }

    // Forward Euler, decay 1 − Δt/τ, gain Δt/τ, hard reset. Lava shows each step one later; snnTorch and SpiNNaker2 show V·τ/Δt.
    [NirTheory]
    [InlineData("norse", 1, 0)]
    [InlineData("snntorch", 0.04f, 0)]
    [InlineData("spinnaker2", 0.04f, 0)]
    [InlineData("lava_cpu_float", 1, 1)]
    public void ForwardEulerWithHardReset(string simulator, float voltageScale, int late) =>
        Follows(simulator, new LifKernel(Reset.ToZero), Euler, 1 - Euler, voltageScale, late);

    // Exact for an input that is constant over a step: decay e^(−Δt/τ), gain 1 − decay, hard reset. Nengo shows V / threshold.
    [NirTheory]
    [InlineData("nengo", 0.1f)]
    public void ExactDecayWithHardReset(string simulator, float voltageScale) =>
        Follows(simulator, new LifKernel(Reset.ToZero), s_exact, 1 - s_exact, voltageScale);

    // Decay e^(−Δt/τ), gain Δt/τ, soft reset.
    [NirTheory]
    [InlineData("rockpool")]
    [InlineData("sinabs")]
    public void ExactDecayWithSoftReset(string simulator) => Follows(simulator, new LifKernel(Reset.Subtract), s_exact, 1e-4f / 2.5e-3f);
}
