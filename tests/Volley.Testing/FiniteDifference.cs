namespace Volley.Testing;

/// <summary>The gradient of a function of many doubles by central differences: the judge of every hand-written backward.</summary>
public static class FiniteDifference
{
    /// <summary>∂f/∂x[i] for every i; the error is of order step² and 1e-16/step.</summary>
    public static double[] Gradient(Func<double[], double> f, double[] x, double step = 1e-5)
    {
        var gradient = new double[x.Length];
        double[] at = [.. x];
        for (int i = 0; i < x.Length; i++)
        {
            at[i] = x[i] + step;
            double above = f(at);
            at[i] = x[i] - step;
            gradient[i] = (above - f(at)) / (2 * step);
            at[i] = x[i];
        }
        return gradient;
    }
}
