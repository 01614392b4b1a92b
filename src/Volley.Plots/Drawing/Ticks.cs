namespace Volley.Plots;

/// <summary>Round values for an axis, in ascending order, and their labels.</summary>
public sealed record Ticks(IReadOnlyList<double> Values, IReadOnlyList<string> Labels)
{
    /// <summary>
    /// Multiples of 1, 2 or 5 times a power of ten within [<paramref name="min"/>, <paramref name="max"/>], about <paramref name="count"/> of them.
    /// </summary>
    /// <exception cref="ArgumentException">The range is not finite or is empty.</exception>
    public static Ticks Linear(double min, double max, int count, NumberFormat format = NumberFormat.General)
    {
        double step = StepOf(min, max, count, format == NumberFormat.Whole);
        var values = new List<double>();
        long first = (long)Math.Ceiling(min / step - 1e-9), last = (long)Math.Floor(max / step + 1e-9);
        for (long i = first; i <= last; i++)
            values.Add(Multiple(i, step));
        return new Ticks(values, values.ConvertAll(v => Label(v, step, Math.Max(Math.Abs(min), Math.Abs(max)), format)));
    }

    /// <summary>
    /// Powers of ten within [<paramref name="min"/>, <paramref name="max"/>]; with their 2- and 5-fold where the range spans less than two decades,
    /// every second, third, … power where there are more than <paramref name="count"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The range is not positive, not finite or empty.</exception>
    public static Ticks Logarithmic(double min, double max, int count, NumberFormat format = NumberFormat.General)
    {
        RequireRange(min, max);
        if (min <= 0)
            throw new ArgumentException($"A logarithmic axis starts above 0; min is {min}.", nameof(min));
        int first = (int)Math.Floor(Math.Log10(min)), last = (int)Math.Ceiling(Math.Log10(max));
        bool between = Math.Log10(max) - Math.Log10(min) < 2;
        int stride = Math.Max(1, (int)Math.Ceiling((double)(last - first) / Math.Max(1, count)));
        var values = new List<double>();
        for (int power = first; power <= last; power++)
        {
            foreach (int factor in (ReadOnlySpan<int>)[1, 2, 5])
            {
                double value = PowerOfTen(power, factor);
                bool wanted = factor == 1 ? power % stride == 0 : between;
                if (wanted && value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9))
                    values.Add(value);
            }
        }
        return new Ticks(values, values.ConvertAll(v => LogarithmicLabel(v, format)));
    }

    /// <summary>The range widened to whole steps, so that the first and the last tick stand at the ends of the axis.</summary>
    public static (double Min, double Max) Widen(double min, double max, int count, bool whole = false)
    {
        double step = StepOf(min, max, count, whole);
        return (Multiple((long)Math.Floor(min / step + 1e-9), step), Multiple((long)Math.Ceiling(max / step - 1e-9), step));
    }

    /// <summary>The range widened to the next 1, 2 or 5 times a power of ten.</summary>
    public static (double Min, double Max) WidenLogarithmic(double min, double max)
    {
        RequireRange(min, max);
        double low = 0, high = double.PositiveInfinity;
        for (int power = (int)Math.Floor(Math.Log10(min)); power <= (int)Math.Ceiling(Math.Log10(max)); power++)
        {
            foreach (int factor in (ReadOnlySpan<int>)[1, 2, 5])
            {
                double value = PowerOfTen(power, factor);
                if (value <= min * (1 + 1e-9))
                    low = value;
                if (value >= max * (1 - 1e-9) && value < high)
                    high = value;
            }
        }
        return (low, high);
    }

    /// <summary>The step between ticks: 1, 2 or 5 times a power of ten.</summary>
    internal static double StepOf(double min, double max, int count, bool whole)
    {
        RequireRange(min, max);
        double raw = (max - min) / Math.Max(1, count);
        int power = (int)Math.Floor(Math.Log10(raw));
        double fraction = raw / Math.Pow(10, power);
        // The thresholds are the geometric means of neighbouring steps: √2, √10, √50.
        double step = fraction < 1.415 ? PowerOfTen(power, 1) : fraction < 3.163 ? PowerOfTen(power, 2) : fraction < 7.072 ? PowerOfTen(power, 5) : PowerOfTen(power + 1, 1);
        return whole ? Math.Max(1, step) : step;
    }

    private static void RequireRange(double min, double max)
    {
        if (!double.IsFinite(min) || !double.IsFinite(max) || min >= max)
            throw new ArgumentException($"The range [{min}, {max}] must be finite and not empty.", nameof(min));
    }

    /// <summary>Division by an exact power rounds once: 0.3, where 3 · 0.1 gives 0.30000000000000004.</summary>
    private static double PowerOfTen(int power, double factor) => power < 0 && power >= -22 ? factor / Math.Pow(10, -power) : factor * Math.Pow(10, power);

    private static double Multiple(long i, double step)
    {
        int decimals = Decimals(step);
        double value = i * step;
        return decimals <= 15 && Math.Abs(value) < 1e9 ? Math.Round(value, decimals) + 0.0 : value;
    }

    private static int Decimals(double step) => Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));

    private static string Label(double value, double step, double largest, NumberFormat format)
    {
        if (format == NumberFormat.Percent)
            return Numbers.Fixed(value * 100, Math.Min(15, Decimals(step * 100))) + "%";
        if (value == 0)
            return "0";
        if (largest < 1e-3 || largest >= 1e12)
            return Numbers.Scientific(value, 3);
        (double unit, string suffix) = largest switch { >= 1e9 => (1e9, "G"), >= 1e6 => (1e6, "M"), >= 1e4 => (1e3, "k"), _ => (1, "") };
        return Numbers.Fixed(value / unit, Math.Min(15, Decimals(step / unit))) + suffix;
    }

    private static string LogarithmicLabel(double value, NumberFormat format) => format switch
    {
        NumberFormat.Percent => Numbers.Format(value * 100) + "%",
        NumberFormat.Seconds => Numbers.Format(value, format),
        _ => value is >= 0.01 and < 1e4 ? Numbers.Format(value) : Numbers.Scientific(value, 1),
    };
}
