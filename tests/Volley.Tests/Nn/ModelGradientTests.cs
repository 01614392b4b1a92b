using Volley.Autograd;
using Volley.Kernels;
using Volley.Kernels.Lanes;
using Volley.Nn;
using Volley.Training;

namespace Volley.Tests.Nn;

/// <summary>Whole networks from input to loss against the reference in double: every gradient of every parameter.</summary>
public sealed class ModelGradientTests : IDisposable
{
    private static readonly int[] s_labels = [2, 0, 3];
    private static readonly float[] s_soft = [0.1f, 0.2f, 0.7f, 0, 0.5f, 0, 0, 0.5f, 0.25f, 0.25f, 0.25f, 0.25f];

    private readonly Cpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    public static TheoryData<string> Nets => [.. Networks.All.Keys];

    /// <summary>Padding has none, nor has every fifth step.</summary>
    private static int[] StepLabels => [.. Enumerable.Range(0, 36).Select(i => i % 12 >= Input.Lengths![i / 12] || i % 5 == 0 ? -1 : i * 7 % Networks.Classes)];

    private static LayerInput Input => LayerInput.Random(InputKind.Spikes, 3, 12, Networks.Units, 0.35, [12, 7, 10], seed: 4);

    [Theory]
    [MemberData(nameof(Nets))]
    public void SumOfSoftmaxAndCrossEntropy(string net) => Check(net, ReadoutKind.SumSoftmax, new CrossEntropyLoss());

    [Theory]
    [InlineData("recurrent")]
    [InlineData("cadlif, deep")]
    public void TruncatedInTime(string net) => Check(net, ReadoutKind.SumSoftmax, new CrossEntropyLoss(), truncate: 5);

    [Theory]
    [InlineData(ReadoutKind.Mean)]
    [InlineData(ReadoutKind.Max)]
    [InlineData(ReadoutKind.Last)]
    [InlineData(ReadoutKind.SpikeCount)]
    public void EveryReadout(ReadoutKind readout)
    {
        Check("cadlif", readout, new CrossEntropyLoss());
        Check("linear output", readout, new CrossEntropyLoss(0.1f));
    }

    [Fact]
    public void SmoothedAndSoftLabels()
    {
        Check("lif", ReadoutKind.Mean, new CrossEntropyLoss(0.2f));
        Check("lif", ReadoutKind.Mean, new CrossEntropyLoss(0.2f), s_soft);
        Check("lif", ReadoutKind.SumSoftmax, new CrossEntropyLoss(), s_soft);
        Check("lif", ReadoutKind.Mean, new TetLoss(0.3f, 0.8f, 0.1f), s_soft);
    }

    [Fact]
    public void TemporalEfficientTraining()
    {
        Check("cadlif", ReadoutKind.Mean, new TetLoss(0.2f, 0.7f));
        Check("spiking output", ReadoutKind.SpikeCount, new TetLoss());
    }

    [Fact]
    public void SpikeCounts() => Check("spiking output", ReadoutKind.SpikeCount, new SpikeCountLoss(0.7f, 0.1f));

    [Theory]
    [InlineData("cadlif", 0f)]
    [InlineData("recurrent", 0.1f)]
    [InlineData("linear output", 0f)]
    [InlineData("spiking output", 0f)]
    public void ALabelAStep(string net, float smoothing) => Check(net, ReadoutKind.EachStep, new CrossEntropyLoss(smoothing));

    private void Check(string net, ReadoutKind readout, Loss loss, float[]? soft = null, int truncate = 0)
    {
        Model model = Networks.Model(net, readout);
        ModelRun run = ModelRun.Of(_cpu, model, Input, s_labels, loss, soft, truncate: truncate, stepLabels: readout == ReadoutKind.EachStep ? StepLabels : null);
        Dual expected = Expected(model, loss, soft, null, truncate);
        Assert.Equal(expected.Value, run.Loss, 1e-5 * Math.Max(1, Math.Abs(expected.Value)));
        for (int p = 0; p < model.Parameters.Count; p++)
        {
            Parameter parameter = model.Parameters[p].Parameter;
            var gradient = new double[parameter.Value.Shape.Count];
            for (int i = 0; i < gradient.Length; i++)
                gradient[i] = Expected(model, loss, soft, (parameter, i), truncate).Tangent;
            Assert.Contains(gradient, g => g != 0);
            LayerChecks.Compare(gradient, run.Gradients[p].Values, 1e-4, $"{net}, {readout}, {loss}: gradient of {model.Parameters[p].Path}");
        }
    }

    private static Dual Expected(Model model, Loss loss, float[]? soft, (Parameter, int)? direction, int truncate)
    {
        LayerInput input = Input;
        var x = new DualSequence(input.Batch, input.Steps, input.Units, input.Lengths);
        for (int i = 0; i < x.Values.Length; i++)
            x.Values[i] = Dual.Of(input.Values[i]);
        DualSequence y = new ReferenceNetwork(direction, truncate).Run(model.Root, x);
        if (model.Readout == ReadoutKind.EachStep)
            return ReferenceScores.StepCrossEntropy(y, StepLabels, ((CrossEntropyLoss)loss).Smoothing);
        Dual[][] scores = ReferenceScores.Read(model.Readout, y);
        double Target(int b, int c) => soft is not null ? soft[b * Networks.Classes + c] : c == s_labels[b] ? 1 : 0;
        return loss switch
        {
            CrossEntropyLoss l => ReferenceScores.CrossEntropy(scores, Target, l.Smoothing),
            TetLoss l => ReferenceScores.Tet(y, Target, l.Smoothing, l.Lambda, l.Target),
            SpikeCountLoss l => ReferenceScores.SpikeCount(scores, y, s_labels, l.Correct, l.Wrong),
            _ => throw new ArgumentOutOfRangeException(nameof(loss)),
        };
    }
}
