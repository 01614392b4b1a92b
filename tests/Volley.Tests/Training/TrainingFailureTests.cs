using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Tests.Nn;
using Volley.Training;

namespace Volley.Tests.Training;

/// <summary>A number that is no longer finite ends training with a sentence, and leaves everything as the last good step left it.</summary>
public sealed class TrainingFailureTests : IDisposable
{
    private readonly Cpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    private static Batch Good => new ToyBatches(1, 6)[0];

    private static Batch Values(float special, int[]? lengths = null)
    {
        var arena = new Arena();
        var input = Tensor.In(arena, new Shape(4, 8, Networks.Units), lengths);
        for (int i = 0; i < input.Data.Length; i++)
            input.Data[i] = i % 3;
        input.Data[^1] = special;
        return new Batch(input, new int[] { 0, 1, 2, 3 });
    }

    /// <summary>Trains a good batch, fails on a bad one, and goes on with a good one as if nothing had been.</summary>
    private string Fails(Func<Module> root, Batch bad, Action<Run>? before = null)
    {
        using var run = new Run(root(), _cpu, Run.Options(10));
        using var clean = new Run(root(), _cpu, Run.Options(10));
        foreach (Run each in (Run[])[run, clean])
        {
            each.Trainer.Step(Good, 10);
            before?.Invoke(each);
        }
        string message = FailsNow(run, bad);
        Assert.Contains("epoch 1, step 2", message, StringComparison.Ordinal);
        if (before is null)
        {
            run.Trainer.Step(Good, 10);
            clean.Trainer.Step(Good, 10);
            Run.Same(clean.Everything(), run.Everything(), "after going on");
        }
        return message;
    }

    private static string FailsNow(Run run, Batch bad)
    {
        Dictionary<string, float[]> state = run.Everything();
        int batch = run.Trainer.State.Batch;
        string message = Assert.Throws<TrainingFailedException>(() => run.Trainer.Step(bad, 10)).Message;
        Run.Same(state, run.Everything(), "after the failure");
        Assert.Equal(batch, run.Trainer.State.Batch);
        return message;
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void BadDataAreNamed(float bad) => Assert.Contains("the data of this batch", Fails(() => Networks.Busy(), Values(bad)), StringComparison.Ordinal);

    // A neuron that is given NaN stays silent: only the gradient shows it.
    [Fact]
    public void BadDataAreNamedWhereNeuronsHideThem() =>
        Assert.Contains("the data of this batch", Fails(() => new Chain(LayerCase.Dense(Networks.Units, 5), Networks.Busy(5)), Values(float.NaN)), StringComparison.Ordinal);

    [Fact]
    public void NaNInPaddingIsNoFailure()
    {
        using var run = new Run(Networks.Busy(), _cpu, Run.Options(1));
        Assert.True(double.IsFinite(run.Trainer.Step(Values(float.NaN, [8, 8, 8, 7]), 1)));
    }

    [Fact]
    public void ABrokenParameterIsNamed()
    {
        string message = Fails(() => Networks.Busy(), Good, run => run.Model.Parameters.First(p => p.Path == "4.weight").Parameter.Value.Data[3] = float.NaN);
        Assert.Contains("parameter 4.weight holds NaN", message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFirstLayerThatOverflowsIsNamed()
    {
        string message = Fails(() => Networks.All["linear output"](), Good, run => run.Model.Parameters.First(p => p.Path == "3.weight").Parameter.Value.Data.Fill(3e38f));
        Assert.Contains("layer 3-dense", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALayerIsNamedAlsoBehindBatchNorm()
    {
        string message = Fails(() => Networks.Busy(), Good, run => run.Model.Parameters.First(p => p.Path == "8.weight").Parameter.Value.Data.Fill(3e38f));
        Assert.Contains("layer 8-dense", message, StringComparison.Ordinal);
        message = Fails(() => Networks.Busy(), Good, run => run.Model.Parameters.First(p => p.Path == "0.weight").Parameter.Value.Data.Fill(3e38f));
        Assert.Contains("layer 0-dense", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnExplodingRateEndsWithALayerAndAStep()
    {
        using var run = new Run(Networks.All["linear output"](), _cpu, Run.Options(10, rate: 1e38f), model => new Sgd(model.Parameters));
        var failure = Assert.Throws<TrainingFailedException>(() =>
        {
            foreach (EpochReport _ in run.Trainer.Fit(new ToyBatches(3, 6), null))
            {
            }
        });
        Assert.Matches(@"epoch \d+, step \d+: (layer|parameter) ", failure.Message);
        Assert.Contains("lower the learning rate", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AGradientThatOverflowsIsNamedWhereItBegan()
    {
        using var run = new Run(new Chain(LayerCase.Dense(Networks.Units, 5), new BatchNorm(5), new Magnifies(5, float.PositiveInfinity), LayerCase.Dense(5, Networks.Classes)), _cpu, Run.Options(1));
        string message = FailsNow(run, Good);
        Assert.Contains("gradient of 1.beta", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AGradientWhoseNormOverflowsIsNamedToo()
    {
        using var run = new Run(new Chain(LayerCase.Dense(Networks.Units, 5), new BatchNorm(5), new Magnifies(5, 1e30f), LayerCase.Dense(5, Networks.Classes)), _cpu, Run.Options(1));
        string message = FailsNow(run, Good);
        Assert.Contains("gradient of 1.beta", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALabelThatIsNoClassIsRefusedAndChangesNothing()
    {
        using var run = new Run(Networks.Busy(), _cpu, Run.Options(10));
        run.Trainer.Step(Good, 10);
        Dictionary<string, float[]> state = run.Everything();
        var refused = Assert.Throws<ArgumentException>(() => run.Trainer.Step(new Batch(Good.Input, new int[] { 0, 1, 2, 3, 4, 0 }), 10));
        Assert.Contains("labels[4] is 4", refused.Message, StringComparison.Ordinal);
        Run.Same(state, run.Everything(), "after the refusal");
    }

    /// <summary>Right forwards; its gradients are far too large.</summary>
    private sealed class Magnifies(int units, float factor) : PlantedModule(units)
    {
        protected override float InputFactor => factor;
    }
}
