using Volley.Kernels;
using Volley.Nn;
using Volley.Nn.Neurons;
using Volley.Serialization;
using Volley.Tests.Nn;
using Volley.Tests.Serialization;
using Volley.Training;

namespace Volley.Tests.Training;

/// <summary>What changes with the epoch is a function of it, whoever runs it and wherever it was interrupted.</summary>
public sealed class AnnealingTests : IDisposable
{
    private const int Steps = 12, Epochs = 17;
    private readonly Cpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    private Run New(Cpu? cpu = null) => new(
        new Chain(LayerCase.Dense(Networks.Units, 8, scale: 3), new BatchNorm(8), new MaskedPsnLayer(Steps, 3, new Rng(1)), LayerCase.Dense(8, Networks.Classes)),
        cpu ?? _cpu, Run.Options(Epochs));

    private static MaskedPsnLayer Masked(Run run) => run.Model.Modules.OfType<MaskedPsnLayer>().Single();

    [Fact]
    public void TheMaskOfEveryEpochIsThatOfTheSchedule()
    {
        using Run run = New();
        float[] expected = [0, .5f, 1, 1, 1];
        int epoch = 0;
        foreach (EpochReport report in run.Trainer.Fit(new ToyBatches(2, 4, ragged: false), new ToyBatches(1, 4, seed: 2, ragged: false)).Take(5))
            Assert.Equal(expected[epoch++], Masked(run).Lambda);
        Assert.Equal(5, epoch);
    }

    [Fact]
    public void AResumedRunHasTheSameMaskAndEndsWithTheSameBits()
    {
        var train = new ToyBatches(3, 4, ragged: false);
        using Run whole = New();
        Assert.Equal(3, whole.Trainer.Fit(train, null).Take(3).Count());
        using Run first = New();
        using var stop = new CancellationTokenSource();
        // In the middle of epoch 1, where the mask is half open.
        foreach (EpochReport _ in first.Trainer.Fit(train, null, new Each(step => { if (step.Epoch == 1 && step.Batch == 2) stop.Cancel(); }), stop.Token)) { }
        Assert.Equal((1, 2), (first.Trainer.State.Epoch, first.Trainer.State.Batch));
        using var three = new Cpu(3);
        using Run second = New(three);
        TrainerCheckpoint.Load(second.Trainer, TrainerCheckpoint.Save(first.Trainer));
        Assert.Equal(0.5f, Masked(second).Lambda);
        Assert.Equal(2, second.Trainer.Fit(train, null).Take(2).Count());
        Run.Same(whole.Everything(), second.Everything(), "after resuming");
    }

    [Fact]
    public void AModelFileKeepsTheMask()
    {
        using var folder = new TemporaryFolder();
        using Run run = New();
        Masked(run).Lambda = 0.25f;
        ModelFile.Save(run.Model, folder.File("m"));
        using Run other = New();
        ModelFile.Load(other.Model, folder.File("m"));
        Assert.Equal(0.25f, Masked(other).Lambda);
    }
}
