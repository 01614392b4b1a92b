using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>Losses and their gradients. Each returns the loss and writes the gradient; an empty gradient span asks for the loss alone.</summary>
/// <remarks>Losses of rows are floats, summed in double and in order.</remarks>
public static unsafe class Loss
{
    /// <summary>mean_b CE(x[b], q[b]) with q = (1 − smoothing)·onehot(label) + smoothing / classes and CE(x, q) = Σ_c q_c·(log Σ eˣ − x_c);
    /// dLogits = (softmax(x) − q) / batch.</summary>
    /// <remarks>logits: [batch, classes]; labels: [batch]; dLogits: [batch, classes] or empty.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, a label is not a class, or the smoothing is not within 0 … 1.</exception>
    public static double CrossEntropy(Cpu cpu, ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, float smoothing, Span<float> dLogits, int batch, int classes)
    {
        CheckLabels(labels, batch, classes);
        fixed (int* pl = labels)
            return CrossEntropy(cpu, logits, pl, null, smoothing, dLogits, batch, classes);
    }

    /// <summary>The same with q = (1 − smoothing)·target + smoothing / classes, for mixed labels; dLogits = (softmax(x)·Σ_c q_c − q) / batch.</summary>
    /// <remarks>logits, targets: [batch, classes]; dLogits: [batch, classes] or empty.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or the smoothing is not within 0 … 1.</exception>
    public static double SoftCrossEntropy(Cpu cpu, ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, float smoothing, Span<float> dLogits, int batch, int classes)
    {
        Check.Length(targets, (long)batch * classes, nameof(targets));
        fixed (float* pt = targets)
            return CrossEntropy(cpu, logits, null, pt, smoothing, dLogits, batch, classes);
    }

    /// <summary>Temporal efficient training (Deng et al. 2022): mean_b [(1 − λ)·mean_t CE(x[b, t], q[b]) + λ·mean_{t,c} (x[b, t, c] − target)²],
    /// means over t &lt; lengths[b]; dX is 0 in padding.</summary>
    /// <remarks>x: [batch, time, classes]; labels: [batch]; lengths: [batch] or empty; dX: [batch, time, classes] or empty. Every sample weighs the same, whatever its length.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, a label is not a class, a length is not within 0 … time, or the smoothing is not within 0 … 1.</exception>
    public static double Tet(
        Cpu cpu, ReadOnlySpan<float> x, ReadOnlySpan<int> labels, ReadOnlySpan<int> lengths, float lambda, float target, float smoothing,
        Span<float> dX, int batch, int time, int classes)
    {
        long size = (long)batch * time * classes;
        Check.Length(x, size, nameof(x));
        Check.LengthOrEmpty(dX, size, nameof(dX));
        CheckLabels(labels, batch, classes);
        CheckSmoothing(smoothing);
        CountedRows.Check(lengths, batch, time);
        double* losses = Work(batch, classes);
        fixed (float* px = x, pd = dX)
        fixed (int* pl = labels, pn = lengths)
        {
            var body = new TetWidth(cpu, px, pl, lengths.IsEmpty ? null : pn, lambda, target, smoothing, dX.IsEmpty ? null : pd, losses, batch, time, classes);
            cpu.Dispatch(ref body);
        }
        return Mean(losses, batch);
    }

    /// <summary>mean_{b,c} (counts[b, c] − target)², the target being <paramref name="correct"/> for the labelled class and <paramref name="incorrect"/>
    /// for the others; dCounts = 2·(counts − target) / (batch·classes).</summary>
    /// <remarks>counts: [batch, classes]; labels: [batch]; dCounts: [batch, classes] or empty; correct, incorrect: spikes.</remarks>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or a label is not a class.</exception>
    public static double SpikeCount(Cpu cpu, ReadOnlySpan<float> counts, ReadOnlySpan<int> labels, float correct, float incorrect, Span<float> dCounts, int batch, int classes)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        Check.Length(counts, (long)batch * classes, nameof(counts));
        Check.LengthOrEmpty(dCounts, (long)batch * classes, nameof(dCounts));
        CheckLabels(labels, batch, classes);
        // A few thousand elements: not worth a thread.
        double total = 0;
        float factor = (float)(2.0 / ((double)batch * classes));
        for (int i = 0; i < counts.Length; i++)
        {
            float distance = counts[i] - (i % classes == labels[i / classes] ? correct : incorrect);
            total += (double)distance * distance;
            if (!dCounts.IsEmpty)
                dCounts[i] = distance * factor;
        }
        return counts.IsEmpty ? 0 : total / counts.Length;
    }

    /// <summary>½·(Σ_n max(low − r_n, 0) + Σ_n max(r_n − high, 0)), the regulariser of sparch; dRates = −½ below low, ½ above high, else 0.</summary>
    /// <remarks>rates: [neurons], spikes a step and sample (<see cref="Reduce.ColumnMeans"/>); dRates: [neurons] or empty.</remarks>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double FiringRate(ReadOnlySpan<float> rates, float low, float high, Span<float> dRates)
    {
        Check.LengthOrEmpty(dRates, rates.Length, nameof(dRates));
        double total = 0;
        for (int i = 0; i < rates.Length; i++)
        {
            float r = rates[i];
            // Not Math.Max: a rate that is NaN must show in the loss.
            total += r < low ? low - r : r > high ? r - high : r - r;
            if (!dRates.IsEmpty)
                dRates[i] = r < low ? -0.5f : r > high ? 0.5f : 0;
        }
        return total / 2;
    }

    private static double CrossEntropy(Cpu cpu, ReadOnlySpan<float> logits, int* labels, float* targets, float smoothing, Span<float> dLogits, int batch, int classes)
    {
        Check.Length(logits, (long)batch * classes, nameof(logits));
        Check.LengthOrEmpty(dLogits, (long)batch * classes, nameof(dLogits));
        CheckSmoothing(smoothing);
        double* losses = Work(batch, classes);
        fixed (float* px = logits, pd = dLogits)
        {
            var body = new CrossEntropyWidth(cpu, px, labels, targets, smoothing, dLogits.IsEmpty ? null : pd, losses, batch, classes);
            cpu.Dispatch(ref body);
        }
        return Mean(losses, batch);
    }

    private static void CheckLabels(ReadOnlySpan<int> labels, int batch, int classes)
    {
        Check.Length(labels, batch, nameof(labels));
        for (int b = 0; b < labels.Length; b++)
        {
            if ((uint)labels[b] >= (uint)classes)
                throw new ArgumentException($"labels[{b}] is {labels[b]}; it must be between 0 and {classes - 1}.", nameof(labels));
        }
    }

    private static void CheckSmoothing(float smoothing)
    {
        if (!(smoothing is >= 0 and <= 1))
            throw new ArgumentException($"The label smoothing is {smoothing:R}; it must be between 0 and 1.", nameof(smoothing));
    }

    /// <summary>The loss of one row, with softmax(x) in p; turns p into weight·(p·Σ q − q) if asked.</summary>
    private static double RowLoss(float* x, float* p, float logSum, int label, float* targets, float smoothing, float weight, bool gradient, int classes)
    {
        float even = smoothing / classes, own = 1 - smoothing;
        double loss = 0;
        float total = 1;
        if (targets is not null)
        {
            double sum = 0;
            for (int c = 0; c < classes; c++)
                sum += own * targets[c] + even;
            total = (float)sum;
        }
        for (int c = 0; c < classes; c++)
        {
            float q = targets is not null ? own * targets[c] + even : c == label ? own + even : even;
            if (q != 0)
                loss += (double)q * (logSum - x[c]);
            if (gradient)
                p[c] = weight * (p[c] * total - q);
        }
        return loss;
    }

    /// <summary>Working memory: one double for each sample, then a padded row of classes for each.</summary>
    private static double* Work(int batch, int classes) => (double*)Scratch.Take(batch * (sizeof(double) + (nint)Softmax.Padded(classes) * sizeof(float)));

    private static double Mean(double* losses, int batch)
    {
        double total = 0;
        for (int b = 0; b < batch; b++)
            total += losses[b];
        return batch == 0 ? 0 : total / batch;
    }

    private struct CrossEntropyWidth(Cpu cpu, float* x, int* labels, float* targets, float smoothing, float* dX, double* losses, int batch, int classes) : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, batch, 1 + 4096 / Math.Max(classes, 1), new CrossEntropyRows<L>(x, labels, targets, smoothing, dX, losses, batch, classes));
    }

    private struct CrossEntropyRows<L>(float* x, int* labels, float* targets, float smoothing, float* dX, double* losses, int batch, int classes) : IRows
        where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            for (int b = start; b < end; b++)
            {
                float* p = (float*)(losses + batch) + (nint)b * Softmax.Padded(classes);
                nint at = (nint)b * classes;
                float logSum = Softmax.LogSum(Softmax.Row<L>(x + at, p, classes));
                losses[b] = RowLoss(x + at, p, logSum, labels is null ? -1 : labels[b], targets is null ? null : targets + at, smoothing, 1f / batch, dX is not null, classes);
                if (dX is not null)
                    new ReadOnlySpan<float>(p, classes).CopyTo(new Span<float>(dX + at, classes));
            }
        }
    }

    private struct TetWidth(Cpu cpu, float* x, int* labels, int* lengths, float lambda, float target, float smoothing, float* dX, double* losses, int batch, int time, int classes)
        : IWidthBody
    {
        public readonly void Run<L>() where L : struct, IVectorLane<L> =>
            Rows.For(cpu, batch, 1, new TetSamples<L>(x, labels, lengths, lambda, target, smoothing, dX, losses, batch, time, classes));
    }

    private struct TetSamples<L>(float* x, int* labels, int* lengths, float lambda, float target, float smoothing, float* dX, double* losses, int batch, int time, int classes)
        : IRows where L : struct, IVectorLane<L>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int start, int end)
        {
            for (int b = start; b < end; b++)
            {
                float* p = (float*)(losses + batch) + (nint)b * Softmax.Padded(classes);
                int length = lengths is null ? time : lengths[b];
                float share = (float)((1.0 - lambda) / ((double)length * batch)), pull = (float)(2.0 * lambda / ((double)length * batch * classes));
                double entropy = 0, distance = 0;
                for (int t = 0; t < length; t++)
                {
                    nint at = ((nint)b * time + t) * classes;
                    float* row = x + at;
                    float logSum = Softmax.LogSum(Softmax.Row<L>(row, p, classes));
                    entropy += RowLoss(row, p, logSum, labels[b], null, smoothing, share, dX is not null, classes);
                    for (int c = 0; c < classes; c++)
                    {
                        float d = row[c] - target;
                        distance += (double)d * d;
                        if (dX is not null)
                            dX[at + c] = p[c] + pull * d;
                    }
                }
                losses[b] = length == 0 ? 0 : ((1.0 - lambda) * entropy + lambda * distance / classes) / length;
                if (dX is not null)
                    new Span<float>(dX + ((nint)b * time + length) * classes, (time - length) * classes).Clear();
            }
        }
    }
}
