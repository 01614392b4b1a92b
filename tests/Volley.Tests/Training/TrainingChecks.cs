using Volley.Kernels;
using Volley.Nn;
using Volley.Serialization;
using Volley.Training;

namespace Volley.Tests.Training;

/// <summary>What holds for a training run of every model.</summary>
internal static class TrainingChecks
{
    private static TrainerOptions Options => Run.Options(epochs: 3) with { Schedule = new PlateauSchedule(0.5, 0), ClipNorm = 1, RateRegularizer = new RateRegularizer(0.1f, 0.3f) };

    /// <summary>A checkpoint of every step, each gone on from in a fresh trainer, leads to the same bits as the run that was not interrupted.</summary>
    public static void Resumes(Func<Module> root, Func<Model, Optimizer>? optimizer = null)
    {
        using var cpu = new Cpu();
        ToyBatches train = new(3, 5), valid = new(2, 6, seed: 2);
        var checkpoints = new List<Checkpoint>();
        using var whole = new Run(root(), cpu, Options, optimizer);
        checkpoints.Add(TrainerCheckpoint.Save(whole.Trainer));
        string[] reports = [.. whole.Trainer.Fit(train, valid, new Each(_ => checkpoints.Add(TrainerCheckpoint.Save(whole.Trainer)))).Select(Run.Text)];
        Assert.Equal(10, checkpoints.Count);
        Dictionary<string, float[]> expected = whole.Everything();
        for (int k = 0; k < checkpoints.Count; k++)
        {
            using var resumed = new Run(root(), cpu, Options, optimizer);
            TrainerCheckpoint.Load(resumed.Trainer, checkpoints[k]);
            string[] rest = [.. resumed.Trainer.Fit(train, valid).Select(Run.Text)];
            Assert.Equal(reports[^rest.Length..], rest);
            Run.Same(expected, resumed.Everything(), $"resumed after step {k}");
        }
    }

    /// <summary>Two epochs give the same bits on one thread and on three.</summary>
    public static void SameBitsForThreads(Func<Module> root)
    {
        ToyBatches train = new(3, 24, steps: 40), valid = new(1, 24, seed: 2, steps: 40);
        Dictionary<string, float[]>? first = null;
        string[] reports = [];
        foreach (int threads in (int[])[1, 3])
        {
            using var cpu = new Cpu(threads);
            using var run = new Run(root(), cpu, Options with { Epochs = 2 });
            string[] texts = [.. run.Trainer.Fit(train, valid).Select(Run.Text)];
            if (first is null)
            {
                (first, reports) = (run.Everything(), texts);
                continue;
            }
            Assert.Equal(reports, texts);
            Run.Same(first, run.Everything(), $"on {threads} threads");
        }
    }
}
