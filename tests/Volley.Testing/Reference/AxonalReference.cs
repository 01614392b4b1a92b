namespace Volley.Testing.Reference;

/// <summary>One delayed channel in double, straight from the definition.</summary>
public static class AxonalReference
{
    /// <summary>y[t] = Σ_d k[d]·x[t − d] as long as dY, dx[t] = Σ_d k[d]·dy[t + d], dk[d] = Σₜ x[t]·dy[t + d].</summary>
    public static (double[] Y, double[] DX, double[] DTaps) Run(double[] x, double[] k, double[] dY)
    {
        double[] y = new double[dY.Length], dX = new double[x.Length], dTaps = new double[k.Length];
        for (int t = 0; t < x.Length; t++)
        {
            for (int d = 0; d < k.Length && t + d < dY.Length; d++)
            {
                y[t + d] += k[d] * x[t];
                dX[t] += k[d] * dY[t + d];
                dTaps[d] += x[t] * dY[t + d];
            }
        }
        return (y, dX, dTaps);
    }
}
