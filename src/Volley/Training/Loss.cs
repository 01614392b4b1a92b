using Volley.Autograd;
using Volley.Kernels;
using Volley.Nn;
using Volley.Tensors;

namespace Volley.Training;

/// <summary>What training makes smaller.</summary>
public abstract record Loss
{
    /// <summary>The mean loss of the batch, a tensor of one number, recorded on the tape.</summary>
    public abstract Tensor Compute(Tape tape, Prediction prediction, Batch batch);

    /// <summary>A scalar whose gradient with respect to <paramref name="input"/> is already known.</summary>
    protected static Tensor Scalar(Tape tape, double value, Signal input, Tensor dInput)
    {
        var loss = Tensor.In(tape.Arena, new Shape(1));
        loss.Data[0] = (float)value;
        loss.NeedsGradient = true;
        tape.Record(new ScalarNode(loss, input, dInput));
        return loss;
    }

    /// <summary>The labels, where there are no soft ones.</summary>
    protected static ReadOnlySpan<int> Hard(Batch batch) => batch.SoftLabels is null ? batch.Labels.Span : default;

    protected static ReadOnlySpan<float> Soft(Batch batch) => batch.SoftLabels is null ? default : batch.SoftLabels.Data;

    /// <summary>Refuses labels of time steps.</summary>
    protected static void NeedSampleLabels(Batch batch, string loss)
    {
        if (!batch.StepLabels.IsEmpty)
            throw new NotSupportedException($"The {loss} loss takes one label a sample, and the batch has one a time step; cross entropy takes those.");
    }

    private sealed class ScalarNode(Tensor loss, Signal input, Tensor dInput) : Node
    {
        public override void Backward(Tape tape)
        {
            if (loss.Gradient is not { } dLoss || !input.NeedsGradient)
                return;
            GradientTarget target = tape.Target(input);
            dInput.Data.CopyTo(target.Span);
            if (dLoss.Data[0] != 1)
                Elementwise.Scale(tape.Cpu, target.Span, dLoss.Data[0]);
            target.Commit();
        }
    }
}

/// <summary>Cross entropy of the scores, with label smoothing: the soft target is (1 − s)·y + s/C. With labels of time steps, the mean over the
/// labelled steps of a sample.</summary>
/// <remarks>With <see cref="ReadoutKind.SumSoftmax"/> this is the double softmax of sparch and DCLS-Delays, on purpose.</remarks>
public sealed record CrossEntropyLoss(float Smoothing = 0) : Loss
{
    public override Tensor Compute(Tape tape, Prediction prediction, Batch batch)
    {
        if (!batch.StepLabels.IsEmpty)
            return OfSteps(tape, prediction, batch);
        Tensor scores = prediction.Scores;
        var dScores = Tensor.In(tape.Arena, scores.Shape);
        double loss = Losses.CrossEntropy(tape.Cpu, scores.Data, Hard(batch), Soft(batch), Smoothing, dScores.Data, scores.Shape[0], scores.Shape[1]);
        return Scalar(tape, loss, scores, dScores);
    }

    private Tensor OfSteps(Tape tape, Prediction prediction, Batch batch)
    {
        if (batch.SoftLabels is not null)
            throw new NotSupportedException("Soft labels are one row a sample; they do not go with labels of time steps.");
        Tensor sequence = prediction.Scores;
        Shape shape = sequence.Shape;
        var dSequence = Tensor.In(tape.Arena, shape);
        double loss = Losses.StepCrossEntropy(tape.Cpu, sequence.Data, batch.StepLabels.Span, Smoothing, dSequence.Data, shape[0], shape[1], shape[2]);
        return Scalar(tape, loss, prediction.Sequence, dSequence);
    }
}

/// <summary>TET (Deng et al. 2022): (1 − λ)·meanₜ cross entropy of the output at t + λ·mean squared distance of all outputs to <paramref name="Target"/>.</summary>
public sealed record TetLoss(float Lambda = 1e-3f, float Target = 1, float Smoothing = 0) : Loss
{
    public override Tensor Compute(Tape tape, Prediction prediction, Batch batch)
    {
        NeedSampleLabels(batch, "TET");
        Tensor sequence = tape.Floats(prediction.Sequence);
        Shape shape = sequence.Shape;
        var dSequence = Tensor.In(tape.Arena, shape);
        double loss = Losses.Tet(tape.Cpu, sequence.Data, sequence.Lengths, Hard(batch), Soft(batch), Smoothing, Lambda, Target, dSequence.Data, shape[0], shape[1], shape[2]);
        return Scalar(tape, loss, prediction.Sequence, dSequence);
    }
}

/// <summary>Mean squared difference between the spike counts of the outputs and target counts: <paramref name="Correct"/> spikes a step for the right
/// class, <paramref name="Wrong"/> for the others. For a spiking output with <see cref="ReadoutKind.SpikeCount"/>.</summary>
public sealed record SpikeCountLoss(float Correct = 0.8f, float Wrong = 0.2f) : Loss
{
    public override Tensor Compute(Tape tape, Prediction prediction, Batch batch)
    {
        NeedSampleLabels(batch, "spike-count");
        if (batch.SoftLabels is not null)
            throw new NotSupportedException("The spike-count loss has a target count a class and needs labels; soft labels go with cross entropy or TET.");
        Tensor counts = prediction.Scores;
        var dCounts = Tensor.In(tape.Arena, counts.Shape);
        double loss = Losses.SpikeCountError(tape.Cpu, counts.Data, batch.Labels.Span, prediction.Sequence.Lengths, Correct, Wrong,
            dCounts.Data, counts.Shape[0], prediction.Sequence.Shape[1], counts.Shape[1]);
        return Scalar(tape, loss, counts, dCounts);
    }
}
