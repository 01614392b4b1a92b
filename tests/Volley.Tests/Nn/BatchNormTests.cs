using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Tests.Neurons;

namespace Volley.Tests.Nn;

public sealed class BatchNormTests : IDisposable
{
    private readonly Cpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    private static float[] Buffer(BatchNorm norm, string name) => norm.Buffers.First(buffer => buffer.Name == name).Value.Data.ToArray();

    /// <summary>Mean and unbiased variance of each channel over the steps that count.</summary>
    private static (double[] Mean, double[] Variance) Statistics(LayerInput input)
    {
        double[][] columns = [.. Enumerable.Range(0, input.Units).Select(n => Enumerable.Range(0, input.Batch)
            .SelectMany(b => Enumerable.Range(0, input.Length(b)).Select(t => (double)input.Values[(b * input.Steps + t) * input.Units + n])).ToArray())];
        double[] means = [.. columns.Select(c => c.Average())];
        return (means, [.. columns.Select((c, n) => c.Sum(v => (v - means[n]) * (v - means[n])) / (c.Length - 1))]);
    }

    [Fact]
    public void RunningStatisticsStartFromTheFirstBatchAndThenFollowWithMomentum()
    {
        var norm = new BatchNorm(4, momentum: 0.25f);
        LayerInput first = LayerInput.Random(InputKind.Floats, 3, 9, 4, lengths: [9, 2, 5], seed: 1), second = LayerInput.Random(InputKind.Floats, 3, 9, 4, seed: 2);
        LayerRun.Of(_cpu, norm, first);
        (double[] mean, double[] variance) = Statistics(first);
        LayerChecks.Compare(mean, Buffer(norm, "mean"), 1e-5, "mean of the first batch");
        LayerChecks.Compare(variance, Buffer(norm, "variance"), 1e-5, "variance of the first batch");
        LayerRun.Of(_cpu, norm, second);
        (double[] mean2, double[] variance2) = Statistics(second);
        LayerChecks.Compare([.. mean.Zip(mean2, (a, b) => 0.75 * a + 0.25 * b)], Buffer(norm, "mean"), 1e-5, "running mean");
        LayerChecks.Compare([.. variance.Zip(variance2, (a, b) => 0.75 * a + 0.25 * b)], Buffer(norm, "variance"), 1e-5, "running variance");
        Assert.Equal(2, Buffer(norm, "batches")[0]);
    }

    [Fact]
    public void ABatchOfNothingButPaddingIsNotTheFirst()
    {
        var norm = new BatchNorm(4);
        LayerRun.Of(_cpu, norm, LayerInput.Random(InputKind.Floats, 2, 5, 4, lengths: [0, 0]));
        Assert.Equal(0, Buffer(norm, "batches")[0]);
        LayerInput input = LayerInput.Random(InputKind.Floats, 2, 5, 4);
        LayerRun.Of(_cpu, norm, input);
        LayerChecks.Compare(Statistics(input).Mean, Buffer(norm, "mean"), 1e-5, "mean of the first batch with steps");
    }

    [Fact]
    public void EvaluationUsesTheRunningStatisticsAndLeavesThemAlone()
    {
        var norm = new BatchNorm(3);
        LayerRun.Of(_cpu, norm, LayerInput.Random(InputKind.Floats, 2, 9, 3, seed: 1));
        float[] mean = Buffer(norm, "mean"), variance = Buffer(norm, "variance");
        using var arena = new Arena();
        LayerInput input = LayerInput.Random(InputKind.Floats, 1, 4, 3, seed: 2);
        var tape = new Tape(_cpu, arena, training: false);
        Tensor y = tape.Floats(norm.Forward(tape, input.In(arena)));
        double[] expected = [.. input.Values.Select((x, i) => (x - (double)mean[i % 3]) / Math.Sqrt(variance[i % 3] + 1e-5))];
        LayerChecks.Compare(expected, y.Data, 1e-5, "evaluation");
        SameBits.Check(mean, Buffer(norm, "mean"), "running mean");
        SameBits.Check(variance, Buffer(norm, "variance"), "running variance");
    }
}
