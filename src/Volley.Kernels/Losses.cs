using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Losses: each returns the loss and writes its gradient.</summary>
/// <remarks>
/// Targets are labels [batch], each within 0 … classes − 1, or soft labels [batch, classes] (mixup); the other is empty. With label smoothing s the
/// target is q = (1 − s)·y + s / classes. The loss of a sample is computed in double from float logits, their mean in double and in order.
/// A logit that is NaN or infinite makes the loss NaN; nothing throws. A batch of none has loss 0.
/// Every method throws ArgumentException when a span has not the length that the sizes ask for, or an element is out of range; the message names its index.
/// </remarks>
public static unsafe class Losses
{
    /// <summary>Mean over the batch of −Σ_c q_c·ln softmax(z)_c; dLogits = (softmax(z)·Σq − q) / batch, where Σq is 1 unless soft labels say otherwise.</summary>
    /// <param name="logits">z [batch, classes].</param>
    /// <param name="dLogits">[batch, classes], written.</param>
    public static double CrossEntropy(Cpu cpu, ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, ReadOnlySpan<float> softLabels, float smoothing,
        Span<float> dLogits, int batch, int classes)
    {
        Check.Length(logits, (long)batch * classes, nameof(logits));
        Check.Length(dLogits, (long)batch * classes, nameof(dLogits));
        LossTarget.Check(labels, softLabels, smoothing, batch, classes);
        using var losses = new SampleLosses(batch);
        fixed (float* z = logits, q = softLabels, dz = dLogits)
        fixed (int* y = labels)
        fixed (double* loss = losses.Span)
        {
            var body = new CrossEntropyLoss(cpu, z, y, q, smoothing, dz, loss, batch, classes);
            cpu.Dispatch(ref body);
        }
        return losses.Mean();
    }

    /// <summary>
    /// Temporal efficient training (Deng et al. 2022): (1 − λ)·mean_t CE(out_t) + λ·mean_{t, c} (out − target)², the means over the steps of a sample
    /// that count, then the mean over the batch. A sample of length 0 adds 0.
    /// </summary>
    /// <param name="sequence">out [batch, steps, classes].</param>
    /// <param name="lengths">[batch], or empty for all steps.</param>
    /// <param name="lambda">λ, 1e-3 in the paper's recipes.</param>
    /// <param name="target">What all outputs are drawn to, 1 (the threshold).</param>
    /// <param name="dSequence">[batch, steps, classes], written; 0 in the padding.</param>
    public static double Tet(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> lengths, ReadOnlySpan<int> labels, ReadOnlySpan<float> softLabels,
        float smoothing, float lambda, float target, Span<float> dSequence, int batch, int steps, int classes)
    {
        Check.Length(sequence, (long)batch * steps * classes, nameof(sequence));
        Check.Length(dSequence, (long)batch * steps * classes, nameof(dSequence));
        Lengths.Check(lengths, batch, steps);
        LossTarget.Check(labels, softLabels, smoothing, batch, classes);
        using var losses = new SampleLosses(batch);
        fixed (float* z = sequence, q = softLabels, dz = dSequence)
        fixed (int* n = lengths, y = labels)
        fixed (double* loss = losses.Span)
        {
            var body = new TetLoss(cpu, z, n, y, q, smoothing, lambda, target, dz, loss, batch, steps, classes);
            cpu.Dispatch(ref body);
        }
        return losses.Mean();
    }

    /// <summary>A label a time step: the mean over the labelled steps of a sample of −Σ_c q_c·ln softmax(z_t)_c, then the mean over the batch. A sample
    /// without a labelled step adds 0.</summary>
    /// <param name="sequence">z [batch, steps, classes].</param>
    /// <param name="labels">[batch, steps]; a negative one marks a step that does not count, such as padding.</param>
    /// <param name="smoothing">s.</param>
    /// <param name="dSequence">[batch, steps, classes], written: (softmax(z_t) − q_t) / (labelled steps of the sample · batch); 0 where a step does not count.</param>
    public static double StepCrossEntropy(Cpu cpu, ReadOnlySpan<float> sequence, ReadOnlySpan<int> labels, float smoothing, Span<float> dSequence,
        int batch, int steps, int classes)
    {
        Check.Length(sequence, (long)batch * steps * classes, nameof(sequence));
        Check.Length(dSequence, (long)batch * steps * classes, nameof(dSequence));
        LossTarget.CheckStepLabels(labels, smoothing, (long)batch * steps, classes);
        using var losses = new SampleLosses(batch);
        fixed (float* z = sequence, dz = dSequence)
        fixed (int* y = labels)
        fixed (double* loss = losses.Span)
        {
            var body = new StepCrossEntropyLoss(cpu, z, y, smoothing, dz, loss, batch, steps, classes);
            cpu.Dispatch(ref body);
        }
        return losses.Mean();
    }

    /// <summary>Mean over batch and classes of (count − rate·length)², with the correct rate for the label's class and the wrong rate for all others.</summary>
    /// <remarks>snnTorch's mse_count_loss (Eshraghian et al. 2023, after SLAYER), which also rounds the target counts down and divides by the steps.</remarks>
    /// <param name="counts">Spikes [batch, classes], as from <see cref="Readouts.SumForward"/>.</param>
    /// <param name="lengths">[batch], or empty for all <paramref name="steps"/>.</param>
    /// <param name="correctRate">Spikes a step wanted from the label's class.</param>
    /// <param name="wrongRate">Spikes a step wanted from the others.</param>
    /// <param name="dCounts">[batch, classes], written: 2·(count − rate·length) / (batch·classes).</param>
    public static double SpikeCountError(Cpu cpu, ReadOnlySpan<float> counts, ReadOnlySpan<int> labels, ReadOnlySpan<int> lengths, float correctRate,
        float wrongRate, Span<float> dCounts, int batch, int steps, int classes)
    {
        Check.Length(counts, (long)batch * classes, nameof(counts));
        Check.Length(dCounts, (long)batch * classes, nameof(dCounts));
        Lengths.Check(lengths, batch, steps);
        LossTarget.CheckLabels(labels, batch, classes);
        using var losses = new SampleLosses(batch);
        fixed (float* x = counts, dx = dCounts)
        fixed (int* n = lengths, y = labels)
        fixed (double* loss = losses.Span)
        {
            Rows.For(cpu, batch, Rows.Grain(cpu, batch, 64), new SpikeCountRows(x, y, n, correctRate, wrongRate, dx, loss, batch, steps, classes));
        }
        return losses.Mean();
    }

    /// <summary>weight·(Σ_n relu(low − r_n) + Σ_n relu(r_n − high)): keeps neurons from falling silent and from firing all the time (sparch: weight 0.5,
    /// low 0.01, high 0.5).</summary>
    /// <param name="rates">r [N]: spikes a step of each neuron, the mean over batch and steps that count.</param>
    /// <param name="dRates">[N], written: −weight below low, weight above high, else 0.</param>
    /// <exception cref="ArgumentException">The lengths differ, or <paramref name="low"/> is above <paramref name="high"/>.</exception>
    public static double FiringRate(Cpu cpu, ReadOnlySpan<float> rates, float low, float high, float weight, Span<float> dRates)
    {
        Check.Length(dRates, rates.Length, nameof(dRates));
        if (!(low <= high))
            throw new ArgumentException($"The range of rates [{low:R}, {high:R}] is empty.", nameof(low));
        ElementMap.Run(cpu, new RateSlope(low, high, weight), rates, rates, dRates);
        double sum = 0;
        foreach (float rate in rates)
            sum += Math.Max((double)low - rate, 0) + Math.Max((double)rate - high, 0);
        return weight * sum;
    }

    private readonly struct RateSlope(float low, float high, float weight) : IElement
    {
        public L Apply<L>(L x, L y) where L : struct, IVectorLane<L> =>
            L.IfGreater(L.Of(low), x, L.Of(-weight), L.IfGreater(x, L.Of(high), L.Of(weight), L.Of(0)));
    }
}
