namespace Volley.Plots;

/// <summary>How many of how many, with what that says about a rate: an accuracy over test samples.</summary>
/// <param name="Rate">The share, 0 to 1.</param>
/// <param name="Count">n, what it is a share of; at least 1.</param>
public sealed record Proportion(double Rate, long Count)
{
    /// <summary>The 97.5 % quantile of the normal distribution.</summary>
    private const double Quantile = 1.959963984540054;

    /// <summary>What is counted, in the plural.</summary>
    public string Of { get; init; } = "samples";

    /// <summary>
    /// The 95 % confidence interval of Wilson (1927), <c>(p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)</c>: unlike p ± z √(p(1 − p)/n) it holds near 0 and 1 and stays
    /// between them. It is about chance in drawing n independent samples, not about chance in training. (NaN, NaN) where the rate or n make no sense.
    /// </summary>
    public (double Low, double High) Interval
    {
        get
        {
            if (!(Rate is >= 0 and <= 1) || Count < 1)
                return (double.NaN, double.NaN);
            const double z2 = Quantile * Quantile;
            double n = Count, middle = Rate + z2 / (2 * n), half = Quantile * Math.Sqrt(Rate * (1 - Rate) / n + z2 / (4 * n * n)), scale = 1 + z2 / n;
            return (Math.Max(0, (middle - half) / scale), Math.Min(1, (middle + half) / scale));
        }
    }

    /// <summary>Such as "96.1 to 97.5%, n = 2,000 samples"; nothing where there is no interval.</summary>
    public string Describe() => DescribeInterval() is { Length: > 0 } interval ? $"{interval}, n = {Numbers.Format(Count, NumberFormat.Whole)} {Of}" : "";

    internal string DescribeInterval()
    {
        (double low, double high) = Interval;
        return double.IsNaN(low) ? "" : $"{Numbers.Fixed(low * 100, 1)} to {Numbers.Fixed(high * 100, 1)}%";
    }
}
