using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;
using Volley.Tests.Nn;
using Volley.Training;

namespace Volley.Tests.Training;

/// <summary>Data with a label for every time step.</summary>
public sealed class StepLabelTests : IDisposable
{
    private const int Steps = 16, Size = 8;

    private readonly Cpu _cpu = new();
    private readonly Arena _arena = new();

    public void Dispose()
    {
        _cpu.Dispose();
        _arena.Dispose();
    }

    /// <summary>The first half of a sample is one class, the second another; two steps and the padding have no label.</summary>
    private ToyBatches Batches(int steps = Steps)
    {
        int[] lengths = [.. Enumerable.Range(0, Size).Select(i => Steps - i % 3)], labels = [.. Enumerable.Repeat(Batch.NoLabel, Size * steps)];
        var random = new Random(1);
        var spikes = Spikes.In(_arena, new Shape(Size, steps, Networks.Units), lengths);
        spikes.Bits.Clear();
        for (int b = 0; b < Size; b++)
        {
            for (int t = 0; t < lengths[b]; t++)
            {
                int label = (b + (t >= Steps / 2 ? 1 : 0)) % Networks.Classes;
                labels[b * steps + t] = t is 0 or 8 ? Batch.NoLabel : label;
                for (int n = 0; n < Networks.Units; n++)
                {
                    if (random.NextDouble() < (n % Networks.Classes == label ? 0.7 : 0.05))
                        spikes.Bits[(b * steps + t) * spikes.WordsPerRow + n / 64] |= 1ul << (n % 64);
                }
            }
        }
        return ToyBatches.Of(new Batch(spikes, new int[Size]) { StepLabels = labels });
    }

    private static Trainer Trainer(Model model, Cpu cpu, int epochs = 60, Loss? loss = null) =>
        new(model, new Adam(model.Parameters), cpu, Run.Options(epochs, 0.05f) with { Loss = loss ?? new CrossEntropyLoss() });

    [Fact]
    public void StepsAreLearntAndCountedWithoutThoseThatHaveNoLabel()
    {
        ToyBatches batches = Batches();
        int labelled = batches[0].StepLabels.ToArray().Count(label => label >= 0), own = Enumerable.Range(0, Size).Sum(i => Steps - i % 3);
        Model model = Networks.Model("cadlif", ReadoutKind.EachStep);
        using Trainer trainer = Trainer(model, _cpu);
        EpochReport[] reports = [.. trainer.Fit(batches, batches)];
        Assert.True(reports[^1].TrainLoss < 0.5 * reports[0].TrainLoss, $"From {reports[0].TrainLoss} to {reports[^1].TrainLoss}.");
        Assert.InRange(reports[^1].TrainAccuracy, 0.8, 1);
        Evaluation result = reports[^1].Valid!;
        Assert.Equal((labelled, own), (result.Count, result.Predictions.Count));
        int right = 0, at = 0;
        for (int b = 0; b < Size; b++)
        {
            for (int t = 0; t < Steps - b % 3; t++)
                right += result.Predictions[at++] == batches[0].StepLabels.Span[b * Steps + t] ? 1 : 0;
        }
        Assert.Equal(right, result.Correct);
        Assert.Equal((double)right / labelled, result.Accuracy);
    }

    [Fact]
    public void MorePaddingChangesNoBitOfTraining()
    {
        double[][] losses = [.. ((int[])[Steps, Steps + 9]).Select(steps =>
        {
            using Trainer trainer = Trainer(Networks.Model("linear output", ReadoutKind.EachStep), _cpu, epochs: 4);
            return trainer.Fit(Batches(steps), null).SelectMany(report => new[] { report.TrainLoss, report.TrainAccuracy }).ToArray();
        })];
        Assert.Equal(losses[0], losses[1]);
    }

    [Fact]
    public void WhatDoesNotGoTogetherIsRefused()
    {
        ToyBatches steps = Batches(), samples = new(1, 4);
        Refused<ArgumentException>(ReadoutKind.Mean, steps, new CrossEntropyLoss(), "must be each-step");
        Refused<ArgumentException>(ReadoutKind.EachStep, samples, new CrossEntropyLoss(), "one label a sample");
        Refused<NotSupportedException>(ReadoutKind.EachStep, steps, new TetLoss(), "one label a sample");
        Refused<NotSupportedException>(ReadoutKind.EachStep, steps, new SpikeCountLoss(), "one label a sample");
        Refused<NotSupportedException>(
            ReadoutKind.EachStep, ToyBatches.Of(steps[0] with { SoftLabels = Tensor.Of(new Shape(Size, Networks.Classes), new float[Size * Networks.Classes]) }), new CrossEntropyLoss(), "Soft labels");

        void Refused<T>(ReadoutKind readout, ToyBatches batches, Loss loss, string words) where T : Exception
        {
            using Trainer trainer = Trainer(Networks.Model("cadlif", readout), _cpu, 1, loss);
            Assert.Contains(words, Assert.Throws<T>(() => trainer.Step(batches[0], 1)).Message);
            if (loss is CrossEntropyLoss)
                Assert.Contains(words, Assert.Throws<T>(() => trainer.Evaluate(batches)).Message);
        }
    }
}
