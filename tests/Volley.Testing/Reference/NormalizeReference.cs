namespace Volley.Testing.Reference;

/// <summary>Normalisation in double, from the definitions.</summary>
public static class NormalizeReference
{
    /// <summary>y and the statistics of batch normalisation over the rows with t &lt; lengths[b]; y is 0 in padding.</summary>
    public static (double[] Y, double[] Mean, double[] Variance) Batch(double[] x, int[] lengths, double[] gamma, double[] beta, double epsilon, int batch, int time, int channels)
    {
        var (y, mean, variance) = (new double[x.Length], new double[channels], new double[channels]);
        double count = lengths.Sum();
        for (int c = 0; c < channels; c++)
        {
            foreach (int i in Counted(lengths, batch, time, channels, c))
                mean[c] += x[i] / count;
            foreach (int i in Counted(lengths, batch, time, channels, c))
                variance[c] += (x[i] - mean[c]) * (x[i] - mean[c]) / count;
            foreach (int i in Counted(lengths, batch, time, channels, c))
                y[i] = gamma[c] * (x[i] - mean[c]) / Math.Sqrt(variance[c] + epsilon) + beta[c];
        }
        return (y, mean, variance);
    }

    public static double[] Layer(double[] x, double[] gamma, double[] beta, double epsilon, int rows, int columns)
    {
        var y = new double[x.Length];
        for (int r = 0; r < rows; r++)
        {
            double[] row = x[(r * columns)..((r + 1) * columns)];
            double mean = row.Average(), variance = row.Average(v => (v - mean) * (v - mean));
            for (int c = 0; c < columns; c++)
                y[r * columns + c] = gamma[c] * (row[c] - mean) / Math.Sqrt(variance + epsilon) + beta[c];
        }
        return y;
    }

    private static IEnumerable<int> Counted(int[] lengths, int batch, int time, int channels, int channel)
    {
        for (int b = 0; b < batch; b++)
        {
            for (int t = 0; t < lengths[b]; t++)
                yield return (b * time + t) * channels + channel;
        }
    }
}
