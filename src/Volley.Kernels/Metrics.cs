namespace Volley.Kernels;

/// <summary>What scores say, and how often that is right.</summary>
public static class Metrics
{
    /// <summary>predictions[b] = the class with the highest score, the first of equal ones. NaN never wins; a row of nothing but NaN gives 0.</summary>
    /// <param name="scores">[batch, classes].</param>
    /// <param name="predictions">[batch], written.</param>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or there are no classes.</exception>
    public static void ArgMax(ReadOnlySpan<float> scores, Span<int> predictions, int batch, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Check.Length(scores, (long)batch * classes, nameof(scores));
        Check.Length(predictions, batch, nameof(predictions));
        for (int b = 0; b < batch; b++)
        {
            ReadOnlySpan<float> row = scores.Slice(b * classes, classes);
            int best = 0;
            for (int c = 1; c < classes; c++)
            {
                if (row[c] > row[best] || (float.IsNaN(row[best]) && !float.IsNaN(row[c])))
                    best = c;
            }
            predictions[b] = best;
        }
    }

    /// <summary>confusion[label, prediction] += 1 for every sample: rows are what it was, columns what it was taken for.</summary>
    /// <param name="labels">[batch], each within 0 … classes − 1.</param>
    /// <param name="predictions">[batch], each within 0 … classes − 1.</param>
    /// <param name="confusion">[classes, classes], added to.</param>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or an element is out of range; the message names its index.</exception>
    public static void AddConfusion(ReadOnlySpan<int> labels, ReadOnlySpan<int> predictions, Span<int> confusion, int classes)
    {
        LossTarget.CheckLabels(labels, labels.Length, classes);
        Check.Length(predictions, labels.Length, nameof(predictions));
        Check.Length(confusion, (long)classes * classes, nameof(confusion));
        for (int b = 0; b < labels.Length; b++)
        {
            if ((uint)predictions[b] >= (uint)classes)
                throw new ArgumentException($"predictions[{b}] is {predictions[b]}; it must be between 0 and {classes - 1}, for {classes} classes.", nameof(predictions));
            confusion[labels[b] * classes + predictions[b]]++;
        }
    }

    /// <summary>The same for labels of time steps: a negative one marks a step that does not count.</summary>
    /// <param name="labels">[batch · steps], each below <paramref name="classes"/>.</param>
    /// <param name="predictions">[batch · steps], each within 0 … classes − 1 where its step counts.</param>
    /// <param name="confusion">[classes, classes], added to.</param>
    /// <exception cref="ArgumentException">A span has not the length that the sizes ask for, or an element is out of range; the message names its index.</exception>
    public static void AddStepConfusion(ReadOnlySpan<int> labels, ReadOnlySpan<int> predictions, Span<int> confusion, int classes)
    {
        LossTarget.CheckStepLabels(labels, 0, labels.Length, classes);
        Check.Length(predictions, labels.Length, nameof(predictions));
        Check.Length(confusion, (long)classes * classes, nameof(confusion));
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0)
                continue;
            if ((uint)predictions[i] >= (uint)classes)
                throw new ArgumentException($"predictions[{i}] is {predictions[i]}; it must be between 0 and {classes - 1}, for {classes} classes.", nameof(predictions));
            confusion[labels[i] * classes + predictions[i]]++;
        }
    }
}
