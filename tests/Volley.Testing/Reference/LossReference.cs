namespace Volley.Testing.Reference;

/// <summary>The losses in double, as plainly as they are written; targets are full rows of probabilities.</summary>
public static class LossReference
{
    /// <summary>(1 − s)·y + s / C, with y one-hot or soft.</summary>
    public static double[] Target(int[] labels, float[] softLabels, double smoothing, int batch, int classes)
    {
        var q = new double[batch * classes];
        for (int i = 0; i < q.Length; i++)
        {
            double y = softLabels.Length > 0 ? softLabels[i] : labels[i / classes] == i % classes ? 1 : 0;
            q[i] = (1 - smoothing) * y + smoothing / classes;
        }
        return q;
    }

    public static (double Loss, double[] Gradient) CrossEntropy(double[] z, double[] q, int batch, int classes)
    {
        double loss = 0;
        var gradient = new double[z.Length];
        for (int b = 0; b < batch; b++)
        {
            double[] p = ReadoutReference.Softmax(z, b, classes);
            double total = 0;
            for (int c = 0; c < classes; c++)
            {
                double x = z[b * classes + c] - z[b * classes];
                double logSum = 0;
                for (int k = 0; k < classes; k++)
                    logSum += Math.Exp(z[b * classes + k] - z[b * classes]);
                loss += q[b * classes + c] * (Math.Log(logSum) - x) / batch;
                total += q[b * classes + c];
            }
            for (int c = 0; c < classes; c++)
                gradient[b * classes + c] = (p[c] * total - q[b * classes + c]) / batch;
        }
        return (loss, gradient);
    }

    public static (double Loss, double[] Gradient) Tet(double[] z, int[] lengths, double[] q, double lambda, double target, int batch, int steps, int classes)
    {
        double loss = 0;
        var gradient = new double[z.Length];
        for (int b = 0; b < batch; b++)
        {
            for (int t = 0; t < lengths[b]; t++)
            {
                int first = (b * steps + t) * classes;
                var (entropy, dEntropy) = CrossEntropy(z[first..(first + classes)], q[(b * classes)..((b + 1) * classes)], 1, classes);
                loss += (1 - lambda) * entropy / lengths[b] / batch;
                for (int c = 0; c < classes; c++)
                {
                    double distance = z[first + c] - target;
                    loss += lambda * distance * distance / (lengths[b] * classes) / batch;
                    gradient[first + c] = ((1 - lambda) * dEntropy[c] / lengths[b] + 2 * lambda * distance / (lengths[b] * classes)) / batch;
                }
            }
        }
        return (loss, gradient);
    }

    /// <summary>Negative labels do not count.</summary>
    public static (double Loss, double[] Gradient) StepCrossEntropy(double[] z, int[] labels, double smoothing, int batch, int steps, int classes)
    {
        double loss = 0;
        var gradient = new double[z.Length];
        for (int b = 0; b < batch; b++)
        {
            int labelled = labels.Skip(b * steps).Take(steps).Count(label => label >= 0);
            for (int t = 0; t < steps; t++)
            {
                int row = b * steps + t, first = row * classes;
                if (labels[row] < 0)
                    continue;
                var (entropy, dEntropy) = CrossEntropy(z[first..(first + classes)], Target([labels[row]], [], smoothing, 1, classes), 1, classes);
                loss += entropy / labelled / batch;
                for (int c = 0; c < classes; c++)
                    gradient[first + c] = dEntropy[c] / labelled / batch;
            }
        }
        return (loss, gradient);
    }

    public static (double Loss, double[] Gradient) SpikeCountError(double[] counts, int[] labels, int[] lengths, double correctRate, double wrongRate, int batch, int classes)
    {
        double loss = 0;
        var gradient = new double[counts.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            double rate = labels[i / classes] == i % classes ? correctRate : wrongRate;
            double distance = counts[i] - rate * lengths[i / classes];
            loss += distance * distance / (batch * classes);
            gradient[i] = 2 * distance / (batch * classes);
        }
        return (loss, gradient);
    }

    public static (double Loss, double[] Gradient) FiringRate(double[] rates, double low, double high, double weight)
    {
        double loss = 0;
        foreach (double r in rates)
            loss += weight * (Math.Max(low - r, 0) + Math.Max(r - high, 0));
        return (loss, [.. rates.Select(r => r < low ? -weight : r > high ? weight : 0)]);
    }
}
