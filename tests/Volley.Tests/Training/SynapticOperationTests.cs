using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Tests.Nn;
using Volley.Training.Costs;

namespace Volley.Tests.Training;

/// <summary>NeuroBench's definition done as it says, on random layers: numbers that are not 0 become 1, the layer runs, and its output is summed, step by step.</summary>
public sealed class SynapticOperationTests : IDisposable
{
    private const int Batch = 3, Steps = 7;
    private static readonly int[] s_lengths = [7, 0, 4];
    private readonly Cpu _cpu = new(2);

    public void Dispose() => _cpu.Dispose();

    /// <summary>Layers that are one product.</summary>
    private static IEnumerable<string> Names => LayerCase.All.Where(pair => pair.Value.Module() is Dense or ConvolutionLayer or Delayed).Select(pair => pair.Key);

    public static TheoryData<string> Cases => [.. Names];

    [Fact]
    public void ThereAreManyOfThem() => Assert.True(Names.Count() > 20, $"{Names.Count()}");

    [Theory]
    [MemberData(nameof(Cases))]
    public void OperationsAreTheSumsOfTheLayerOfOnes(string name)
    {
        LayerCase layer = LayerCase.All[name];
        for (int seed = 0; seed < 4; seed++)
        {
            LayerInput input = LayerInput.Random(layer.Input, Batch, Steps, layer.Step, layer.Density, s_lengths, seed);
            // Of the numbers every other step is units, and some are 0 everywhere. The spikes of these cases count 1.25 or more.
            input = input with { Values = [.. input.Values.Select((v, i) => layer.Input != InputKind.Floats ? v : i / input.Units % 2 == 0 ? Math.Sign(MathF.Round(v)) : i % 5 == 0 ? 0 : v)] };
            Module module = layer.Module(), ones = layer.Module(), full = layer.Module();
            Thin(module, seed);
            Thin(ones, seed);
            Binarise(ones, all: false);
            Binarise(full, all: true);

            foreach (bool interpolated in module is Delayed ? new[] { false, true } : [false])
            {
                CostReport report = Costs.Of(_cpu, module, input.In(new Arena()), interpolated);
                if (interpolated)
                    Assert.True(report.EffectiveAcs + report.EffectiveMacs >= Costs.Of(_cpu, module, input.In(new Arena())).EffectiveAcs);
                else
                    Check(report, ones, full, input);
            }
        }
    }

    private void Check(CostReport report, Module ones, Module full, LayerInput input)
    {
        double additions = 0, multiplyAdds = 0, dense = 0;
        int size = input.Units;
        for (int b = 0; b < Batch; b++)
        {
            for (int t = 0; t < s_lengths[b]; t++)
            {
                float[] step = input.Values.AsSpan((b * Steps + t) * size, size).ToArray();
                double sum = Sum(ones, [.. step.Select(v => v == 0 ? 0f : 1)], input.Step, t, s_lengths[b]);
                if (step.All(v => v is 0 or 1 or -1))
                    additions += sum;
                else
                    multiplyAdds += sum;
                dense += Sum(full, [.. step.Select(_ => 1f)], input.Step, t, s_lengths[b]);
            }
        }
        Assert.Equal(additions / Batch, report.EffectiveAcs, 1e-9);
        Assert.Equal(multiplyAdds / Batch, report.EffectiveMacs, 1e-9);
        Assert.Equal(dense / Batch, report.Dense, 1e-9);
    }

    /// <summary>What the layer puts out over a whole sequence where only step <paramref name="t"/> is not 0.</summary>
    private double Sum(Module module, float[] step, Shape shape, int t, int length)
    {
        Tensor sequence = Tensor.Zeros(Shape.Sequence(1, length, shape));
        step.CopyTo(sequence.Data[(t * step.Length)..]);
        using var arena = new Arena();
        var tape = new Tape(_cpu, arena, training: false);
        double sum = 0;
        foreach (float y in tape.Floats(module.Forward(tape, sequence)).Data)
            sum += y;
        return sum;
    }

    /// <summary>Takes away a third of the weights.</summary>
    private static void Thin(Module module, int seed)
    {
        var random = new Random(seed);
        foreach (ref float w in module.Parameters[0].Value.Data)
            w = random.Next(3) == 0 ? 0 : w;
    }

    /// <summary>Weights that are not 0, or all, become 1, and biases 0.</summary>
    private static void Binarise(Module module, bool all)
    {
        foreach (Parameter parameter in module.Parameters)
        {
            foreach (ref float w in parameter.Value.Data)
                w = parameter.Name == "weight" ? (all || w != 0 ? 1 : 0) : parameter.Name == "bias" ? 0 : w;
        }
    }

    [Theory]
    [InlineData("recurrent cadlif")]
    [InlineData("recurrent if")]
    [InlineData("recurrent with delays, lif")]
    [InlineData("recurrent with delays, lif, to zero, detached")]
    public void WhatComesBackIsCountedByPlainLoops(string name)
    {
        Module module = LayerCase.All[name].Module();
        Module recurrent = module.Children[1].Module;
        var feedback = (Dense)recurrent.Children[1].Module;
        Thin(feedback, 5);
        int[] delays = recurrent is DelayedRecurrent late ? late.Delays() : [1, 1, 1, 1, 1];
        LayerInput input = LayerInput.Random(InputKind.Floats, Batch, Steps, 5, lengths: s_lengths);
        using var arena = new Arena();
        var tape = new Tape(_cpu, arena, training: false);
        float[] spikes = tape.Floats(module.Forward(tape, input.In(arena))).Data.ToArray();
        long expected = 0;
        for (int b = 0; b < Batch; b++)
        {
            for (int t = 0; t < s_lengths[b]; t++)
            {
                for (int n = 0; n < 5; n++)
                {
                    for (int o = 0; o < 5; o++)
                        expected += spikes[(b * Steps + t) * 5 + n] != 0 && t + delays[n] < s_lengths[b] && feedback.Weight.Value.Data[n * 5 + o] != 0 ? 1 : 0;
                }
            }
        }
        Assert.True(expected > 0);
        CostReport report = Costs.Of(_cpu, module, input.In(new Arena()));
        Assert.Equal((double)expected / Batch, report.Layers[1].EffectiveAcs, 1e-9);
    }
}
