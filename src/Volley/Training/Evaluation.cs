using Volley.Training.Costs;

namespace Volley.Training;

/// <summary>How well a model does on a set of samples.</summary>
/// <param name="Loss">Mean loss.</param>
/// <param name="Confusion">[true class, predicted class] counts.</param>
/// <param name="Rates">What its neurons fired.</param>
public sealed record Evaluation(double Loss, int[,] Confusion, RateCounter Rates)
{
    /// <summary>The predicted class of each sample, in the order of the batches; with a label a time step, of each step of each sample.</summary>
    public IReadOnlyList<int> Predictions { get; init; } = [];

    /// <summary>What a sample costs; null where it was not asked for.</summary>
    public CostReport? Cost { get; init; }

    /// <summary>Samples, or labelled time steps.</summary>
    public int Count => Confusion.Cast<int>().Sum();

    /// <summary>Those of them that were classified rightly.</summary>
    public int Correct => Enumerable.Range(0, Confusion.GetLength(0)).Sum(c => Confusion[c, c]);

    /// <summary>Fraction classified rightly.</summary>
    public double Accuracy => Count == 0 ? 0 : (double)Correct / Count;

    /// <summary>Of the samples (or steps) of each class, the fraction found (recall); NaN for a class without samples.</summary>
    public double[] ClassAccuracy()
    {
        int classes = Confusion.GetLength(0);
        var accuracy = new double[classes];
        for (int c = 0; c < classes; c++)
            accuracy[c] = (double)Confusion[c, c] / Enumerable.Range(0, classes).Sum(p => Confusion[c, p]);
        return accuracy;
    }
}

/// <summary>What one epoch of training brought.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="TrainLoss">Mean loss over the epoch, in training mode.</param>
/// <param name="TrainAccuracy">Accuracy over the epoch, in training mode (dropout on, parameters moving).</param>
/// <param name="Valid">On the validation split; null without one.</param>
/// <param name="Rate">Learning rate of the last step.</param>
/// <param name="Seconds">Time of the training part.</param>
/// <param name="SpikesPerNeuron">Spikes a neuron and training sample.</param>
/// <param name="IsBest">True if the validation accuracy is the best so far (ties: the lower validation loss).</param>
public sealed record EpochReport(int Epoch, double TrainLoss, double TrainAccuracy, Evaluation? Valid, double Rate, double Seconds, double SpikesPerNeuron, bool IsBest)
{
    /// <summary>Steps of the epoch.</summary>
    public int Steps { get; init; }

    /// <summary>The mean over the steps of each parameter's gradient norm ‖dP‖₂, before clipping; in the optimiser's order.</summary>
    public IReadOnlyList<GradientNorm> GradientNorms { get; init; } = [];
}

/// <summary>How long the gradient of a parameter was.</summary>
/// <param name="Path">The parameter, such as <c>0.weight</c>.</param>
/// <param name="Mean">The mean norm.</param>
public sealed record GradientNorm(string Path, double Mean);

/// <summary>What one step of training brought.</summary>
public readonly record struct StepReport(int Epoch, int Batch, int BatchesPerEpoch, double Loss);
