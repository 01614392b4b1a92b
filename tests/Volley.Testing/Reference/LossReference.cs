namespace Volley.Testing.Reference;

/// <summary>Losses and readouts in double, from the definitions.</summary>
public static class LossReference
{
    public static double[] Softmax(double[] x)
    {
        double most = x.Max(), sum = x.Sum(v => Math.Exp(v - most));
        return [.. x.Select(v => Math.Exp(v - most) / sum)];
    }

    /// <summary>−Σ_c q_c log softmax(x)_c.</summary>
    public static double CrossEntropy(double[] x, double[] q)
    {
        double most = x.Max(), logSum = most + Math.Log(x.Sum(v => Math.Exp(v - most)));
        return x.Select((v, c) => q[c] * (logSum - v)).Sum();
    }

    public static double[] OneHot(int label, int classes, double smoothing) =>
        [.. Enumerable.Range(0, classes).Select(c => (c == label ? 1 - smoothing : 0) + smoothing / classes)];

    public static double Tet(double[] x, int[] labels, int[] lengths, double lambda, double target, double smoothing, int time, int classes)
    {
        double total = 0;
        for (int b = 0; b < labels.Length; b++)
        {
            double[][] rows = Rows(x, b, lengths[b], time, classes);
            if (rows.Length > 0)
                total += (1 - lambda) * rows.Average(r => CrossEntropy(r, OneHot(labels[b], classes, smoothing))) + lambda * rows.Average(r => r.Average(v => (v - target) * (v - target)));
        }
        return total / labels.Length;
    }

    /// <summary>The steps of sample b that count.</summary>
    public static double[][] Rows(double[] x, int b, int length, int time, int columns) =>
        [.. Enumerable.Range(0, length).Select(t => x[((b * time + t) * columns)..((b * time + t + 1) * columns)])];

    /// <summary>A readout: each sample's steps to one vector, 0 for a sample without steps.</summary>
    public static double[] Readout(double[] x, int[] lengths, int time, int columns, Func<double[][], int, double> column) =>
        [.. Enumerable.Range(0, lengths.Length * columns).Select(i => lengths[i / columns] == 0 ? 0 : column(Rows(x, i / columns, lengths[i / columns], time, columns), i % columns))];
}
