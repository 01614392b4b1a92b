namespace Volley.Testing.Reference;

/// <summary>Sums in double, in the plainest order.</summary>
public static class ReduceReference
{
    public static double Sum(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (float value in x)
            sum += value;
        return sum;
    }

    public static double SquaredNorm(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (float value in x)
            sum += (double)value * value;
        return sum;
    }

    /// <summary>start[c] + Σ_r x[r, c].</summary>
    public static double[] ColumnSums(ReadOnlySpan<float> x, ReadOnlySpan<float> start, int rows, int columns)
    {
        double[] sums = Numbers.ToDouble(start);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                sums[c] += x[r * columns + c];
        }
        return sums;
    }
}
