using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Testing;
using Volley.Tests.Neurons;
using Volley.Training;

namespace Volley.Tests.Nn;

public sealed class ModelTests : IDisposable
{
    private static readonly int[] s_labels = [2, 0, 3];
    private readonly Cpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    private static readonly Dictionary<string, (ReadoutKind Readout, Loss Loss)> s_ends = new()
    {
        ["sum of softmax"] = (ReadoutKind.SumSoftmax, new CrossEntropyLoss()),
        ["mean, smoothed"] = (ReadoutKind.Mean, new CrossEntropyLoss(0.1f)),
        ["max"] = (ReadoutKind.Max, new CrossEntropyLoss()),
        ["last"] = (ReadoutKind.Last, new CrossEntropyLoss()),
        ["tet"] = (ReadoutKind.Mean, new TetLoss(0.1f)),
        ["count"] = (ReadoutKind.SpikeCount, new SpikeCountLoss()),
    };

    public static TheoryData<string> Ends => [.. s_ends.Keys];

    /// <summary>The "padding without effect", with everything at once: batch norm, dropout, random states, recurrence, a rate regulariser.</summary>
    [Theory]
    [MemberData(nameof(Ends))]
    public void NeitherMorePaddingNorWhatIsInItChangesABit(string end)
    {
        (ReadoutKind readout, Loss loss) = s_ends[end];
        foreach (InputKind kind in (InputKind[])[InputKind.Floats, InputKind.Spikes, InputKind.CountedSpikes])
        {
            LayerInput input = LayerInput.Random(kind, 3, 13, Networks.Units, 0.4, [13, 4, 9]);
            ModelRun run = Run(input);
            Assert.Contains(run.Gradients[0].Values, g => g != 0);
            foreach (float garbage in (float[])[1e6f, float.NaN, float.NegativeInfinity])
            {
                ModelRun.Same(run, Run(input.Padded(0, garbage)), $"with {garbage} in the padding of {kind}");
                ModelRun.Same(run, Run(input.Padded(8, garbage)), $"with {garbage} in 8 more steps of padding of {kind}");
            }
        }

        ModelRun Run(LayerInput batch) => ModelRun.Of(_cpu, new Model("busy", Networks.Busy(), Networks.Units, Networks.Classes, readout), batch, s_labels, loss,
            regularizer: new RateRegularizer(0.2f, 0.25f));
    }

    [Theory]
    [InlineData("Floats")]
    [InlineData("Spikes")]
    public void TheInputGetsItsGradientThroughClearedPadding(string kind)
    {
        LayerInput input = LayerInput.Random(Enum.Parse<InputKind>(kind), 3, 13, Networks.Units, 0.4, [13, 4, 9]);
        float[] clean = Saliency(input.Padded(0, 0)), dirty = Saliency(input.Padded(0, float.NaN));
        Assert.Contains(clean, g => g != 0);
        SameBits.Check(clean, dirty, "gradient of the input");

        float[] Saliency(LayerInput batch)
        {
            using var arena = new Arena();
            var tape = new Tape(_cpu, arena, training: true);
            Signal x = batch.In(arena);
            x.NeedsGradient = true;
            Prediction prediction = Networks.Model("cadlif").Forward(tape, x);
            tape.Backward(new CrossEntropyLoss().Compute(tape, prediction, new Batch(x, s_labels)));
            return x.Gradient!.Data.ToArray();
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void ASampleAloneScoresAsInAnyBatch(string end)
    {
        (ReadoutKind readout, Loss loss) = s_ends[end];
        var model = new Model("busy", Networks.Busy(randomState: false), Networks.Units, Networks.Classes, readout);
        LayerInput input = LayerInput.Random(InputKind.Spikes, 3, 13, Networks.Units, 0.4, [13, 4, 9]);
        ModelRun.Of(_cpu, model, input, s_labels, loss);
        float[] together = Evaluate(model, input.Padded(5, 1));
        for (int b = 0; b < 3; b++)
            SameBits.Check(together.AsSpan(b * Networks.Classes, Networks.Classes).ToArray(), Evaluate(model, input.Sample(b)), $"scores of sample {b}");
    }

    private float[] Evaluate(Model model, LayerInput input)
    {
        using var arena = new Arena();
        return model.Forward(new Tape(_cpu, arena, training: false), input.In(arena)).Scores.Data.ToArray();
    }

    [Fact]
    public void PaddingThatFiresIsNotCounted()
    {
        LayerInput input = LayerInput.Random(InputKind.Spikes, 3, 13, Networks.Units, 0.4, [13, 4, 9]);
        Assert.Equal(Count(input), Count(input.Padded(6, 0)));

        string Count(LayerInput batch) =>
            string.Join("; ", Training.Costs.Of(_cpu, Networks.Model("cadlif"), batch.In(new Arena())).Layers.Select(layer => $"{layer.EffectiveAcs + layer.EffectiveMacs} {layer.Dense} {layer.MembraneUpdates} {layer.Activations} {layer.Spikes}"));
    }

    [Fact]
    public void TheSameBitsOnAnyMachine()
    {
        LayerInput input = LayerInput.Random(InputKind.Spikes, 9, 40, 70, 0.1, [40, 3, 40, 31, 40, 22, 40, 40, 17]);
        int[] labels = [.. Enumerable.Range(0, 9).Select(b => b % Networks.Classes)];
        TestCpus.SameBits(cpu => ModelRun.Of(cpu, new Model("busy", Networks.Busy(70, 68), 70, Networks.Classes, ReadoutKind.SumSoftmax), input, labels, new CrossEntropyLoss(),
            regularizer: new RateRegularizer(0.2f, 0.25f)).All());
    }

    [Fact]
    public void PathsAreUniqueAndLeadToEveryParameter()
    {
        var model = new Model("busy", Networks.Busy(), Networks.Units, Networks.Classes, ReadoutKind.Mean);
        string[] paths = [.. model.Parameters.Select(p => p.Path)];
        Assert.Equal(paths, paths.Distinct());
        Assert.Contains("6.feedback.weight", paths);
        Assert.Contains("6.neurons.alpha", paths);
        Assert.Contains("1.gamma", paths);
        Assert.Equal(model.Parameters.Sum(p => p.Parameter.Value.Shape.Count), model.ParameterCount);
        Assert.Equal(["1.mean", "1.variance", "1.batches", "5.mean", "5.variance", "5.batches"], model.Buffers.Select(b => b.Name));
        Assert.Equal("6-recurrent-cadlif", model.Modules.First(m => m.Path == "6").ToString());
    }

    [Fact]
    public void LayersThatDoNotFitAreRefusedByName()
    {
        var refused = Assert.Throws<ArgumentException>(() => new Model("net", new Chain(LayerCase.Dense(4, 5), LayerCase.Dense(6, 3)), 4, 3, ReadoutKind.Mean));
        Assert.Contains("1-dense", refused.Message, StringComparison.Ordinal);
        Assert.Contains("3 classes", Assert.Throws<ArgumentException>(() => new Model("net", LayerCase.Dense(4, 5), 4, 3, ReadoutKind.Mean)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInputOfAnotherSizeIsRefusedByNumber()
    {
        Model model = Networks.Model("lif");
        var refused = Assert.Throws<ArgumentException>(() => Evaluate(model, LayerInput.Random(InputKind.Floats, 1, 2, Networks.Units + 1)));
        Assert.Contains("lif", refused.Message, StringComparison.Ordinal);
        Assert.Contains("6 units", refused.Message, StringComparison.Ordinal);
        using var arena = new Arena();
        Assert.Throws<ArgumentException>(() => model.Forward(new Tape(_cpu, arena, training: false), Tensor.In(arena, new Shape(2, Networks.Units))));
        var recurrent = new Recurrent(new Volley.Nn.Neurons.IfLayer(3), LayerCase.Dense(3, 3));
        Assert.Throws<ArgumentException>(() => recurrent.Forward(new Tape(_cpu, arena, training: false), Tensor.In(arena, new Shape(2, 3))));
    }

    [Fact]
    public void ASnapshotPutsEverythingBackOrNothing()
    {
        Model model = Networks.Model("cadlif"), other = Networks.Model("lif");
        Snapshot before = Snapshot.Of(model);
        ModelRun.Of(_cpu, model, LayerInput.Random(InputKind.Spikes, 3, 9, Networks.Units), s_labels, new CrossEntropyLoss());
        foreach (NamedParameter parameter in model.Parameters)
            parameter.Parameter.Value.Data.Fill(0.5f);
        before.CopyTo(model);
        foreach ((string name, float[] values) in Snapshot.Of(model).Values)
            SameBits.Check(before.Values[name], values, name);

        Snapshot untouched = Snapshot.Of(other);
        var refused = Assert.Throws<InvalidDataException>(() => Snapshot.Of(model).CopyTo(other));
        Assert.Contains("2.decay", refused.Message, StringComparison.Ordinal);
        foreach ((string name, float[] values) in Snapshot.Of(other).Values)
            SameBits.Check(untouched.Values[name], values, name);
    }
}
