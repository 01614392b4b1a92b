namespace Volley.Testing.Reference;

/// <summary>Parallel spiking neurons of one sample in double, straight from the equations: H = W X + b, D = dS·Θ'(H), dX = Wᵀ D, dW = D Xᵀ.</summary>
public static class PsnReference
{
    /// <summary>The matrix [T, T] of a sliding PSN.</summary>
    public static double[,] Toeplitz(double[] weights, int steps)
    {
        var matrix = new double[steps, steps];
        int k = weights.Length;
        for (int t = 0; t < steps; t++)
        {
            for (int s = Math.Max(0, t - k + 1); s <= t; s++)
                matrix[t, s] = weights[k - 1 - (t - s)];
        }
        return matrix;
    }

    /// <summary>H + b, [T, N].</summary>
    public static double[,] Distance(double[,] w, double[] bias, double[,] x)
    {
        int steps = x.GetLength(0), neurons = x.GetLength(1);
        var h = new double[steps, neurons];
        for (int t = 0; t < steps; t++)
        {
            for (int n = 0; n < neurons; n++)
            {
                for (int s = 0; s < steps; s++)
                    h[t, n] += w[t, s] * x[s, n];
                h[t, n] += bias[t];
            }
        }
        return h;
    }

    /// <summary>Gradients with D given.</summary>
    public static (double[,] DX, double[,] DW, double[] DBias) Backward(double[,] w, double[,] x, double[,] d)
    {
        int steps = x.GetLength(0), neurons = x.GetLength(1);
        var dX = new double[steps, neurons];
        var dW = new double[steps, steps];
        var dBias = new double[steps];
        for (int t = 0; t < steps; t++)
        {
            for (int n = 0; n < neurons; n++)
            {
                dBias[t] += d[t, n];
                for (int s = 0; s < steps; s++)
                {
                    dX[s, n] += w[t, s] * d[t, n];
                    dW[t, s] += d[t, n] * x[s, n];
                }
            }
        }
        return (dX, dW, dBias);
    }
}
