using Volley.Kernels;

namespace Volley.Data;

/// <summary>Draws from the beta distribution Beta(α, α).</summary>
internal static class Beta
{
    public const double MostAlpha = 100;

    /// <summary>A number in 0 … 1: X / (X + Y) with X and Y from the gamma distribution, by their logarithms, which a small α does not turn into 0.</summary>
    public static double Draw(double alpha, Rng random)
    {
        double difference = LogGamma(alpha, random.Fork(1)) - LogGamma(alpha, random.Fork(0));
        return 1 / (1 + StableMath.Exp(Math.Clamp(difference, -700, 700)));
    }

    /// <summary>The logarithm of a draw from Gamma(α) (Marsaglia &amp; Tsang 2000): with d = α + 1 − ⅓ and v = (1 + n / √(9d))³, d·v is a draw from
    /// Gamma(α + 1) where ln u &lt; n² / 2 + d (1 − v + ln v); times u^(1/α) one from Gamma(α).</summary>
    private static double LogGamma(double alpha, Rng random)
    {
        double d = alpha + 2.0 / 3;
        double boost = StableMath.Log(AboveZero(random, 0)) / alpha;
        for (int i = 1; ; i++)
        {
            // Four words a try: two for the normal number, two for the uniform one.
            double n = random.Normal(4 * i), root = 1 + n / Math.Sqrt(9 * d), v = root * root * root;
            if (v <= 0)
                continue;
            double logV = StableMath.Log(v);
            if (StableMath.Log(AboveZero(random, 2 * i + 1)) < n * n / 2 + d * (1 - v + logV))
                return StableMath.Log(d) + logV + boost;
        }
    }

    private static double AboveZero(Rng random, long index) => ((random.Bits64(index) >> 11) + 1) * (1.0 / (1L << 53));
}
