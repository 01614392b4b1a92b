namespace Volley.Data;

/// <summary>Sine, logarithm, exponential and power from additions, multiplications and divisions alone, so that generated data and the front ends' steps
/// are the same on every machine: the C library behind <see cref="Math.Sin(double)"/> and <see cref="Math.Pow"/> differs between platforms in the last bit.</summary>
internal static class StableMath
{
    /// <summary>sin(2π · <paramref name="turns"/>), to about 2⁻⁵⁰.</summary>
    public static double SinTurns(double turns)
    {
        // Exact: the fraction of a turn, folded to the quarter turns around 0 where the series is short.
        double x = turns - Math.Floor(turns + 0.5);
        if (x > 0.25)
            x = 0.5 - x;
        else if (x < -0.25)
            x = -0.5 - x;
        double y = x * Math.Tau, z = y * y;
        double sum = 0;
        for (int n = SinTerms.Length - 1; n >= 0; n--)
            sum = sum * z + SinTerms[n];
        return y * sum;
    }

    /// <summary>cos(2π · <paramref name="turns"/>), to about 2⁻⁵⁰.</summary>
    public static double CosTurns(double turns) => SinTurns(turns + 0.25);

    /// <summary>log <paramref name="x"/> for finite x &gt; 0, to about 2⁻⁵².</summary>
    public static double Log(double x)
    {
        // log x = e log 2 + 2 atanh(s), s = (m − 1) / (m + 1), x = m 2^e with √½ ≤ m < √2, where s² < 0.0295 and twelve terms are enough.
        int e = Math.ILogB(x);
        double m = double.IsNormal(x) ? Mantissa(x) : Math.ScaleB(x, -e);
        if (m > Sqrt2)
        {
            m *= 0.5;
            e++;
        }
        double s = (m - 1) / (m + 1), z = s * s;
        double sum = 0;
        for (int n = AtanhTerms.Length - 1; n >= 1; n--)
            sum = sum * z + AtanhTerms[n];
        // e · Ln2High is exact; the small parts come first.
        return e * Ln2High + (2 * s + (2 * s * z * sum + e * Ln2Low));
    }

    /// <summary>exp <paramref name="x"/> for |x| ≤ 700, relative error about 2⁻⁵¹.</summary>
    public static double Exp(double x)
    {
        double n = Math.Round(x / Ln2), r = x - n * Ln2High - n * Ln2Low;
        double exp = 1;
        for (int i = 17; i >= 1; i--)
            exp = 1 + exp * r / i;
        return Math.ScaleB(exp, (int)n);
    }

    /// <summary><paramref name="x"/>^<paramref name="exponent"/> for x ≥ 1, relative error about 1e-14.</summary>
    public static double Power(double x, double exponent)
    {
        // log x = e log 2 + 2 atanh((m − 1) / (m + 1)) with x = m 2^e and 1 ≤ m < 2
        int e = Math.ILogB(x);
        double m = Math.ScaleB(x, -e), r = (m - 1) / (m + 1), r2 = r * r;
        double series = 0;
        for (int n = 41; n >= 1; n -= 2)
            series = series * r2 + 1.0 / n;
        double log2 = e + 2 * r * series / Ln2;

        // 2^(n + f) = 2^n exp(f log 2) with |f| ≤ 1/2
        double power = exponent * log2, n2 = Math.Round(power), f = (power - n2) * Ln2;
        double exp = 1;
        for (int n = 18; n >= 1; n--)
            exp = 1 + exp * f / n;
        return Math.ScaleB(exp, (int)Math.Clamp(n2, -2000, 2000));
    }

    private static double Mantissa(double x) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(x) & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000);

    private const double Ln2 = 0.693147180559945309417, Sqrt2 = 1.41421356237309504880;

    // log 2 in two parts, the first of 32 bits, so that its product with an exponent is exact.
    private const double Ln2High = 0.6931471803691238, Ln2Low = 1.9082149292705878e-10;

    // 1 / (2n + 1)
    private static readonly double[] AtanhTerms = [.. Enumerable.Range(0, 13).Select(n => 1.0 / (2 * n + 1))];

    // (−1)^n / (2n + 1)!, enough for |y| ≤ π / 2
    private static readonly double[] SinTerms = MakeSinTerms();

    private static double[] MakeSinTerms()
    {
        var terms = new double[11];
        double factorial = 1;
        for (int n = 0; n < terms.Length; n++)
        {
            if (n > 0)
                factorial *= 2 * n * (2 * n + 1);
            terms[n] = (n % 2 == 0 ? 1 : -1) / factorial;
        }
        return terms;
    }
}
