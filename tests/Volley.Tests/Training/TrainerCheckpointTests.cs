using Volley.Kernels;
using Volley.Serialization;
using Volley.Tests.Nn;
using Volley.Training;

namespace Volley.Tests.Training;

public sealed class TrainerCheckpointTests : IDisposable
{
    private readonly Cpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    private Run Trained(string net, Func<Volley.Nn.Model, Optimizer>? optimizer = null)
    {
        var run = new Run(Networks.All[net](), _cpu, Run.Options(2), optimizer);
        Assert.Equal(2, run.Trainer.Fit(new ToyBatches(2, 5), new ToyBatches(1, 5, seed: 2)).Count());
        return run;
    }

    [Fact]
    public void EverythingThatIsSavedComesBack()
    {
        using Run run = Trained("cadlif"), fresh = new(Networks.All["cadlif"](), _cpu, Run.Options(2));
        TrainerCheckpoint.Load(fresh.Trainer, TrainerCheckpoint.Save(run.Trainer));
        Run.Same(run.Everything(), fresh.Everything(), "after loading");
        Assert.Equal(TrainerCheckpoint.Save(run.Trainer).State, TrainerCheckpoint.Save(fresh.Trainer).State);
        Assert.NotNull(fresh.Trainer.State.Best);
        Assert.Equal((run.Trainer.State.BestEpoch, run.Trainer.State.BestAccuracy, run.Trainer.State.BestLoss),
            (fresh.Trainer.State.BestEpoch, fresh.Trainer.State.BestAccuracy, fresh.Trainer.State.BestLoss));
    }

    /// <summary>The best model must not be the one that goes on changing.</summary>
    [Fact]
    public void ACheckpointIsACopy()
    {
        using Run run = Trained("lif");
        Checkpoint checkpoint = TrainerCheckpoint.Save(run.Trainer);
        float[] saved = checkpoint.Get("model.0.weight").ToSingles(), best = checkpoint.Get("best.0.weight").ToSingles();
        run.Trainer.Step(new ToyBatches(1, 5)[0], 1);
        Assert.Equal(saved, checkpoint.Get("model.0.weight").ToSingles());
        Assert.Equal(best, run.Trainer.State.Best!.Values["0.weight"]);
    }

    [Fact]
    public void ACheckpointHoldsNoClockNorThreads()
    {
        using var three = new Cpu(3);
        byte[][] files = [.. ((Cpu[])[_cpu, three]).Select(cpu =>
        {
            using var run = new Run(Networks.All["cadlif"](), cpu, Run.Options(1));
            Assert.Single(run.Trainer.Fit(new ToyBatches(2, 5), new ToyBatches(1, 5, seed: 2)));
            using var folder = new Serialization.TemporaryFolder();
            TrainerCheckpoint.Save(run.Trainer).Write(folder.File("c"));
            return File.ReadAllBytes(folder.File("c"));
        })];
        Assert.Equal(files[0], files[1]);
    }

    [Theory]
    [InlineData("another model")]
    [InlineData("another optimiser")]
    [InlineData("no state")]
    [InlineData("bad state")]
    [InlineData("negative state")]
    public void WhatDoesNotFitIsRefusedAndChangesNothing(string what)
    {
        using Run run = Trained("cadlif"), lif = Trained("lif"), sgd = Trained("cadlif", model => new Sgd(model.Parameters));
        Checkpoint own = TrainerCheckpoint.Save(run.Trainer);
        Checkpoint checkpoint = what switch
        {
            "another model" => TrainerCheckpoint.Save(lif.Trainer),
            "another optimiser" => TrainerCheckpoint.Save(sgd.Trainer),
            "no state" => new Checkpoint("{}", own.Arrays.Values),
            "bad state" => new Checkpoint("""{ "State": { "Epoch": "three" }, "Steps": 1 }""", own.Arrays.Values),
            _ => new Checkpoint("""{ "State": { "Epoch": -1 }, "Steps": 1 }""", own.Arrays.Values),
        };
        run.Trainer.Step(new ToyBatches(1, 5)[0], 1);
        Dictionary<string, float[]> before = run.Everything();
        int epoch = run.Trainer.State.Epoch;
        string message = Assert.Throws<InvalidDataException>(() => TrainerCheckpoint.Load(run.Trainer, checkpoint)).Message;
        Assert.DoesNotContain('\n', message);
        Run.Same(before, run.Everything(), "after the refusal");
        Assert.Equal(epoch, run.Trainer.State.Epoch);
    }
}
