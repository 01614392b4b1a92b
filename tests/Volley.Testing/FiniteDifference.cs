namespace Volley.Testing;

/// <summary>The gradient of a scalar function by central differences in double.</summary>
public static class FiniteDifference
{
    public static double[] Gradient(Func<double[], double> f, double[] x, double step = 1e-6)
    {
        var gradient = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double kept = x[i];
            x[i] = kept + step;
            double above = f(x);
            x[i] = kept - step;
            double below = f(x);
            x[i] = kept;
            gradient[i] = (above - below) / (2 * step);
        }
        return gradient;
    }
}
