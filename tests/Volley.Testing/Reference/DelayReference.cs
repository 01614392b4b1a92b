namespace Volley.Testing.Reference;

/// <summary>Delayed synapses in double, straight from the definitions.</summary>
public static class DelayReference
{
    /// <summary>k[d] of one synapse with weight 1: a Gaussian of width σ + 0.27, or a triangle of half width 1 + σ, around ⌊K/2⌋ − P, divided by its sum + 1e-7.</summary>
    public static double[] Taps(double position, double sigma, bool triangle, int taps)
    {
        double delay = taps / 2 - position, width = sigma + 0.27;
        var k = new double[taps];
        for (int d = 0; d < taps; d++)
            k[d] = triangle ? Math.Max(0, 1 + sigma - Math.Abs(d - delay)) : Math.Exp(-0.5 * (d - delay) * (d - delay) / (width * width));
        double sum = k.Sum() + 1e-7;
        return [.. k.Select(v => v / sum)];
    }

    /// <summary>y[t, o] = Σ_d Σᵢ k[i, o, d]·x[t − d, i] of one sample, T + (K − 1)/2 steps.</summary>
    public static double[,] Forward(double[,] x, Func<int, int, int, double> k, int outputs, int taps)
    {
        int steps = x.GetLength(0), inputs = x.GetLength(1), longer = steps + (taps - 1) / 2;
        var y = new double[longer, outputs];
        for (int t = 0; t < longer; t++)
        {
            for (int d = 0; d < taps && d <= t; d++)
            {
                for (int i = 0; t - d < steps && i < inputs; i++)
                {
                    for (int o = 0; o < outputs; o++)
                        y[t, o] += k(i, o, d) * x[t - d, i];
                }
            }
        }
        return y;
    }

    /// <summary>dx[t, i] = Σ_d Σ_o k[i, o, d]·dy[t + d, o], and dk[i, o, d] = Σₜ x[t, i]·dy[t + d, o].</summary>
    public static (double[,] DX, double[,,] DTaps) Backward(double[,] x, double[,] dY, Func<int, int, int, double> k, int taps)
    {
        int steps = x.GetLength(0), inputs = x.GetLength(1), outputs = dY.GetLength(1);
        var dX = new double[steps, inputs];
        var dTaps = new double[inputs, outputs, taps];
        for (int t = 0; t < steps; t++)
        {
            for (int d = 0; d < taps && t + d < dY.GetLength(0); d++)
            {
                for (int i = 0; i < inputs; i++)
                {
                    for (int o = 0; o < outputs; o++)
                    {
                        dX[t, i] += k(i, o, d) * dY[t + d, o];
                        dTaps[i, o, d] += x[t, i] * dY[t + d, o];
                    }
                }
            }
        }
        return (dX, dTaps);
    }
}
