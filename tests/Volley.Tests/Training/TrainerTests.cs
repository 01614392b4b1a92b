using Volley.Kernels;
using Volley.Nn;
using Volley.Serialization;
using Volley.Tensors;
using Volley.Tests.Nn;
using Volley.Tests.Serialization;
using Volley.Training;

namespace Volley.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly Cpu _cpu = new();

    public void Dispose() => _cpu.Dispose();

    [Theory]
    [InlineData("lif")]
    [InlineData("cadlif")]
    [InlineData("recurrent")]
    public void OneBatchIsLearntByHeart(string net)
    {
        var train = new ToyBatches(1, 12);
        using var run = new Run(Networks.All[net](), _cpu, Run.Options(epochs: 80, rate: 0.05f));
        EpochReport[] reports = [.. run.Trainer.Fit(train, null)];
        Assert.Equal(80, reports.Length);
        Assert.True(reports[^1].TrainLoss < 0.2 * reports[0].TrainLoss, $"From {reports[0].TrainLoss} to {reports[^1].TrainLoss}.");
        Assert.Equal(1, reports[^1].TrainAccuracy);
        Assert.InRange(reports[^1].SpikesPerNeuron, 0.01, 12);
    }

    [Fact]
    public void AnyMomentResumesToTheSameBits() => TrainingChecks.Resumes(() => Networks.Busy());

    [Fact]
    public void PlainAndMomentumDescentResumeToo()
    {
        TrainingChecks.Resumes(() => Networks.All["cadlif"](), model => new Sgd(model.Parameters, momentum: 0.9f, weightDecay: 1e-3f));
        TrainingChecks.Resumes(() => Networks.All["cadlif"](), model => new Sgd(model.Parameters, momentum: 0));
    }

    [Fact]
    public void ACheckpointOnDiskResumesToTheSameBits()
    {
        using var folder = new TemporaryFolder();
        ToyBatches train = new(3, 5), valid = new(1, 6, seed: 2);
        var store = new CheckpointStore(folder.Path);
        using var whole = new Run(Networks.Busy(), _cpu, Run.Options(2));
        int step = 0;
        foreach (EpochReport _ in whole.Trainer.Fit(train, valid, new Each(_ =>
        {
            if (++step == 4)
                store.Save(TrainerCheckpoint.Save(whole.Trainer));
        })))
        {
        }
        using var resumed = new Run(Networks.Busy(), _cpu, Run.Options(2));
        TrainerCheckpoint.Load(resumed.Trainer, store.Load().Checkpoint);
        Assert.Equal((1, 1), (resumed.Trainer.State.Epoch, resumed.Trainer.State.Batch));
        Assert.Single(resumed.Trainer.Fit(train, valid));
        Run.Same(whole.Everything(), resumed.Everything(), "resumed from a file");
    }

    [Fact]
    public void AModelThatHidesStateFailsTheCheckOfResuming() =>
        Assert.ThrowsAny<Exception>(() => TrainingChecks.Resumes(() => new Chain(new Remembers(Networks.Units), Networks.All["linear output"]())));

    [Fact]
    public void ThreadsChangeNoBitOfTwoEpochs() => TrainingChecks.SameBitsForThreads(() => Networks.Busy(width: 80));

    [Fact]
    public void AModelThatSplitsByThreadsFailsTheCheckOfThreads() =>
        Assert.ThrowsAny<Exception>(() => TrainingChecks.SameBitsForThreads(() => new Chain(new SplitsByThreads(Networks.Units), Networks.All["linear output"]())));

    [Fact]
    public void ACancelledRunFinishesItsStepAndGoesOnWithTheSameBits()
    {
        ToyBatches train = new(4, 5), valid = new(1, 6, seed: 2);
        using var whole = new Run(Networks.Busy(), _cpu, Run.Options(2));
        string[] expected = [.. whole.Trainer.Fit(train, valid).Select(Run.Text)];

        using var run = new Run(Networks.Busy(), _cpu, Run.Options(2));
        using var cancel = new CancellationTokenSource();
        Assert.Empty(run.Trainer.Fit(train, valid, new Each(report =>
        {
            if (report.Batch == 2)
                cancel.Cancel();
        }), cancel.Token));
        Assert.Equal((0, 2), (run.Trainer.State.Epoch, run.Trainer.State.Batch));
        Assert.Equal(2, run.Optimizer.Steps);
        Assert.Empty(run.Trainer.Fit(train, valid, cancellation: cancel.Token));
        Assert.Equal(2, run.Optimizer.Steps);
        Assert.Equal(expected, run.Trainer.Fit(train, valid).Select(Run.Text));
        Run.Same(whole.Everything(), run.Everything(), "after a break");
        Assert.Empty(run.Trainer.Fit(train, valid));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1e-3f)]
    public void ReportsBringTheMeanNormOfEachGradientBeforeClipping(float? clip)
    {
        var train = new ToyBatches(3, 5);
        using var run = new Run(Networks.Busy(), _cpu, Run.Options(2) with { ClipNorm = clip });
        IReadOnlyList<NamedParameter> parameters = run.Model.Parameters;
        var sums = new double[parameters.Count];
        foreach (EpochReport report in run.Trainer.Fit(train, null, new Each(_ =>
        {
            for (int i = 0; i < sums.Length; i++)
                sums[i] += Math.Sqrt(parameters[i].Parameter.Gradient.Data.ToArray().Sum(g => (double)g * g));
        })))
        {
            Assert.Equal(3, report.Steps);
            Assert.Equal(parameters.Select(p => p.Path), report.GradientNorms.Select(norm => norm.Path));
            double[] means = [.. report.GradientNorms.Select(norm => norm.Mean)];
            for (int i = 0; i < sums.Length && clip is null; i++)
                Assert.Equal(sums[i] / 3, means[i], 1e-5 * means[i] + 1e-12);
            if (clip is { } limit)
                Assert.True(means.Max() > 10 * limit && sums.Max() / 3 <= 1.001 * limit, $"{means.Max()} {sums.Max() / 3}");
            Array.Clear(sums);
        }
    }

    [Fact]
    public void ACheckpointWithoutGradientNormsGoesOn()
    {
        var train = new ToyBatches(4, 5);
        using var run = new Run(Networks.Busy(), _cpu, Run.Options(1));
        foreach (int i in (int[])[0, 1])
            run.Trainer.Step(train[i], 4);
        (run.Trainer.State.GradientNorms, run.Trainer.State.GradientSteps) = ([], 0);
        EpochReport report = run.Trainer.Fit(train, null).Single();
        Assert.Equal(4, report.Steps);
        Assert.All(report.GradientNorms, norm => Assert.True(double.IsFinite(norm.Mean) && norm.Mean >= 0));
    }

    [Fact]
    public void TheCallersLoopMayStopAndGoOnAfterAnyEpoch()
    {
        ToyBatches train = new(2, 5);
        using var whole = new Run(Networks.Busy(), _cpu, Run.Options(3));
        Assert.Equal(3, whole.Trainer.Fit(train, null).Count());
        using var run = new Run(Networks.Busy(), _cpu, Run.Options(3));
        Assert.Equal(0, run.Trainer.Fit(train, null).First().Epoch);
        Assert.Equal([1, 2], run.Trainer.Fit(train, null).Select(report => report.Epoch));
        Run.Same(whole.Everything(), run.Everything(), "in two loops");
    }

    [Fact]
    public void ValidationDecidesWhichEpochIsBest()
    {
        ToyBatches train = new(3, 8), valid = new(2, 10, seed: 9);
        using var run = new Run(Networks.All["cadlif"](), _cpu, Run.Options(12, rate: 0.05f));
        var seen = new List<(double Accuracy, double Loss, Snapshot Model, bool Best)>();
        foreach (EpochReport report in run.Trainer.Fit(train, valid))
            seen.Add((report.Valid!.Accuracy, report.Valid.Loss, Snapshot.Of(run.Model), report.IsBest));
        int best = Enumerable.Range(0, 12).OrderByDescending(e => seen[e].Accuracy).ThenBy(e => seen[e].Loss).First();
        Assert.Equal(best, run.Trainer.State.BestEpoch);
        Assert.True(seen[best].Best);
        Assert.DoesNotContain(seen.Skip(best + 1), epoch => epoch.Best);
        Assert.Equal(seen[best].Accuracy, run.Trainer.State.BestAccuracy);
        foreach ((string name, float[] values) in run.Trainer.State.Best!.Values)
            Assert.Equal(seen[best].Model.Values[name], values);
    }

    [Fact]
    public void WithoutValidationNoEpochIsBest()
    {
        using var run = new Run(Networks.All["lif"](), _cpu, Run.Options(2) with { Patience = 1 });
        EpochReport[] reports = [.. run.Trainer.Fit(new ToyBatches(1, 4), null)];
        Assert.Equal(2, reports.Length);
        Assert.All(reports, report => Assert.False(report.IsBest));
        Assert.Null(run.Trainer.State.Best);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    [InlineData(0, 6)]
    public void TrainingStopsWhenValidationNoLongerImproves(int patience, int epochs)
    {
        // A rate of 0 never improves on the first epoch; without batch norm nothing else changes either.
        using var run = new Run(Networks.All["linear output"](), _cpu, Run.Options(6, rate: 0) with { Patience = patience });
        Assert.Equal(epochs, run.Trainer.Fit(new ToyBatches(1, 4), new ToyBatches(1, 8, seed: 2)).Count());
        Assert.Equal(patience > 0, run.Trainer.State.Stopped);
        Assert.Empty(run.Trainer.Fit(new ToyBatches(1, 4), null));
    }

    [Fact]
    public void APlateauLowersTheRate()
    {
        using var run = new Run(Networks.All["linear output"](), _cpu, Run.Options(5, rate: 1e-30f) with { Schedule = new PlateauSchedule(0.5, 1) });
        double[] rates = [.. run.Trainer.Fit(new ToyBatches(1, 4), new ToyBatches(1, 8, seed: 2)).Select(report => report.Rate / 1e-30f)];
        // Epoch 0 is the best; 1 and 2 are bad, one more than patience allows; 3 and 4 again.
        Assert.Equal([1, 1, 1, 0.5, 0.5], rates.Select(rate => Math.Round(rate, 6)));
    }

    [Fact]
    public void EvaluationIsDeterministicAndLeavesTrainingAlone()
    {
        ToyBatches train = new(3, 5), valid = new(2, 7, seed: 2);
        using var plain = new Run(Networks.Busy(), _cpu, Run.Options(2));
        using var observed = new Run(Networks.Busy(), _cpu, Run.Options(2));
        foreach (EpochReport _ in plain.Trainer.Fit(train, null))
        {
        }
        var losses = new List<double>();
        foreach (EpochReport _ in observed.Trainer.Fit(train, null, new Each(_ =>
        {
            Evaluation first = observed.Trainer.Evaluate(valid), second = observed.Trainer.Evaluate(valid, measureCost: true);
            Assert.Equal(first.Loss, second.Loss);
            Assert.Equal(first.Confusion, second.Confusion);
            losses.Add(first.Loss);
        })))
        {
        }
        Assert.Equal(6, losses.Distinct().Count());
        Run.Same(plain.Everything(), observed.Everything(), "with evaluations between the steps");
    }

    [Fact]
    public void AnEvaluationCountsClassesAndSpikes()
    {
        var valid = new ToyBatches(2, 7, seed: 2);
        using var run = new Run(Networks.All["cadlif"](), _cpu, Run.Options(1));
        Evaluation result = run.Trainer.Evaluate(valid);
        Assert.Equal(14, result.Count);
        int[] labels = [.. Enumerable.Range(0, 2).SelectMany(k => valid[k].Labels.ToArray())];
        for (int c = 0; c < Networks.Classes; c++)
            Assert.Equal(labels.Count(label => label == c), Enumerable.Range(0, Networks.Classes).Sum(p => result.Confusion[c, p]));
        Assert.Equal((double)result.Correct / 14, result.Accuracy);
        double[] recall = result.ClassAccuracy();
        Assert.Equal(result.Correct, Enumerable.Range(0, Networks.Classes).Sum(c => recall[c] * labels.Count(label => label == c)), 1e-9);
        LayerCounts layer = Assert.Single(result.Rates.Layers);
        Assert.Equal("2-cadlif", layer.Layer);
        Assert.Equal(Enumerable.Range(0, 2).Sum(k => valid[k].Input.Lengths!.Sum()), layer.Steps);
        Assert.Equal((double)layer.Counts.Sum() / 8 / 14, result.Rates.SpikesPerNeuron, 1e-12);
        // Each input spike reaches 8 neurons, each hidden spike 4.
        long inputs = Enumerable.Range(0, 2).Sum(k => ((Spikes)valid[k].Input).Count());
        Assert.Equal((8 * inputs + 4 * layer.Counts.Sum()) / 14.0, run.Trainer.Evaluate(valid, measureCost: true).Cost!.EffectiveAcs, 1e-9);
        Assert.All(layer.Rates.Zip(layer.Counts), pair => Assert.Equal((double)pair.Second / layer.Steps, pair.First));
    }

    [Fact]
    public void ReportsAreMeansOverSamplesWhateverTheBatches()
    {
        var train = ToyBatches.Of(new ToyBatches(1, 3)[0], new ToyBatches(1, 9, seed: 4)[0]);
        using var run = new Run(Networks.All["lif"](), _cpu, Run.Options(1));
        var losses = new List<double>();
        EpochReport report = Assert.Single(run.Trainer.Fit(train, null, new Each(step => losses.Add(step.Loss))));
        Assert.Equal((3 * losses[0] + 9 * losses[1]) / 12, report.TrainLoss, 1e-9);
    }

    [Fact]
    public void SoftLabelsTrainAndHardLabelsCount()
    {
        Batch hard = new ToyBatches(1, 8)[0];
        var soft = new float[8 * Networks.Classes];
        for (int i = 0; i < 8; i++)
            soft[i * Networks.Classes + hard.Labels.Span[i]] = 1;
        using var a = new Run(Networks.All["lif"](), _cpu, Run.Options(4));
        using var b = new Run(Networks.All["lif"](), _cpu, Run.Options(4));
        EpochReport[] withHard = [.. a.Trainer.Fit(ToyBatches.Of(hard), null)];
        EpochReport[] withSoft = [.. b.Trainer.Fit(ToyBatches.Of(hard with { SoftLabels = Tensor.Of(new Shape(8, Networks.Classes), soft) }), null)];
        Assert.Equal(withHard.Select(r => (r.TrainAccuracy, Math.Round(r.TrainLoss, 4))), withSoft.Select(r => (r.TrainAccuracy, Math.Round(r.TrainLoss, 4))));
        Assert.Throws<NotSupportedException>(() => new SpikeCountLoss().Compute(null!, default, hard with { SoftLabels = Tensor.Zeros(new Shape(8, Networks.Classes)) }));
    }
}
