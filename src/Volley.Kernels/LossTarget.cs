using System.Runtime.CompilerServices;
using Volley.Kernels.Lanes;

namespace Volley.Kernels;

/// <summary>What a sample should be classified as: q = (1 − smoothing)·y + smoothing / classes, with y one-hot at a label or given (soft).</summary>
internal unsafe struct LossTarget(int label, float* soft, float smoothing, int classes)
{
    private readonly float _off = smoothing / classes;

    /// <summary>Throws unless there is one valid label, or one row of soft labels, for each sample.</summary>
    public static void Check(ReadOnlySpan<int> labels, ReadOnlySpan<float> softLabels, float smoothing, int batch, int classes)
    {
        CheckSmoothing(smoothing);
        if (softLabels.IsEmpty)
        {
            CheckLabels(labels, batch, classes);
            return;
        }
        Kernels.Check.Length(softLabels, (long)batch * classes, nameof(softLabels));
        if (!labels.IsEmpty)
            throw new ArgumentException("There are both labels and soft labels; one of them must be empty.", nameof(labels));
    }

    /// <summary>Throws unless there are <paramref name="batch"/> labels, each within 0 … classes − 1.</summary>
    public static void CheckLabels(ReadOnlySpan<int> labels, int batch, int classes)
    {
        Kernels.Check.Length(labels, batch, nameof(labels));
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
                throw new ArgumentException($"labels[{i}] is {labels[i]}; it must be between 0 and {classes - 1}, for {classes} classes.", nameof(labels));
        }
    }

    /// <summary>Throws unless there are <paramref name="count"/> labels below <paramref name="classes"/>; a negative one says that its step does not count.</summary>
    public static void CheckStepLabels(ReadOnlySpan<int> labels, float smoothing, long count, int classes)
    {
        CheckSmoothing(smoothing);
        Kernels.Check.Length(labels, count, nameof(labels));
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= classes)
                throw new ArgumentException($"labels[{i}] is {labels[i]}; it must be below {classes}, for {classes} classes, or negative.", nameof(labels));
        }
    }

    private static void CheckSmoothing(float smoothing)
    {
        if (!(smoothing is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, "Label smoothing must be between 0 and 1.");
    }

    /// <summary>Σ_c q_c·(logSum − z_c), in double and in order.</summary>
    public readonly double CrossEntropy(float* z, double logSum)
    {
        if (soft is null && smoothing == 0)
            return logSum - z[label];
        double loss = 0;
        for (int c = 0; c < classes; c++)
            loss += Of(c) * (logSum - z[c]);
        return loss;
    }

    /// <summary>Replaces p = softmax(z) by the gradient of <see cref="CrossEntropy"/>, times scale: scale·(p·Σq − q).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Gradient<L>(float* p, float scale) where L : struct, IVectorLane<L>
    {
        float total = 1;
        if (soft is not null)
            total = (1 - smoothing) * RowFold.Run<RowFold.Sum, L>(soft, soft, 0, classes) + smoothing;
        int c = 0;
        for (; c + L.Count <= classes; c += L.Count)
            One<L>(p, c, total, scale);
        for (; c < classes; c++)
            One<F32>(p, c, total, scale);
        if (soft is null)
            p[label] -= scale * (1 - smoothing);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void One<L>(float* p, int c, float total, float scale) where L : struct, IVectorLane<L>
    {
        L q = soft is null ? L.Of(_off) : L.MulAdd(L.Load(soft + c), L.Of(1 - smoothing), L.Of(_off));
        L.Store(p + c, (L.Load(p + c) * L.Of(total) - q) * L.Of(scale));
    }

    private readonly double Of(int c) => (1 - (double)smoothing) * (soft is not null ? soft[c] : c == label ? 1 : 0) + (double)smoothing / classes;
}
