namespace Volley.Testing.Reference;

/// <summary>The normal distribution in double.</summary>
public static class ReferenceNormal
{
    /// <summary>P(a normal number ≤ x), by its power series near 0 and by a continued fraction (Laplace) in the tails; to 1e-14.</summary>
    public static double Distribution(double x)
    {
        double density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI), size = Math.Abs(x);
        if (size < 4)
        {
            double term = x, sum = x;
            for (int k = 1; Math.Abs(term) > 1e-18; k++)
                sum += term *= x * x / (2 * k + 1);
            return 0.5 + density * sum;
        }
        double fraction = 0;
        for (int k = 120; k > 0; k--)
            fraction = k / (size + fraction);
        double tail = density / (size + fraction);
        return x > 0 ? 1 - tail : tail;
    }
}
