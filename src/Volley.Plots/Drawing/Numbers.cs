using System.Globalization;

namespace Volley.Plots;

/// <summary>How a number is written.</summary>
public enum NumberFormat
{
    /// <summary>Four significant digits.</summary>
    General,

    /// <summary>A fraction of 1, written with two decimals and a percent sign.</summary>
    Percent,

    /// <summary>A whole number with its thousands set apart.</summary>
    Whole,

    /// <summary>Seconds, written in the unit that suits: µs, ms, s, min, h.</summary>
    Seconds,
}

/// <summary>Numbers as text, the same in every culture.</summary>
public static class Numbers
{
    /// <summary>What stands for a number that is not there (NaN).</summary>
    public const string Missing = "–";

    private const string Minus = "−";
    private const string NarrowSpace = "\u202F";

    public static string Format(double value, NumberFormat format = NumberFormat.General)
    {
        if (double.IsNaN(value))
            return Missing;
        if (double.IsInfinity(value))
            return value > 0 ? "∞" : Minus + "∞";
        return format switch
        {
            NumberFormat.Percent => Fixed(value * 100, 2) + "%",
            NumberFormat.Whole => Fixed(value, 0),
            NumberFormat.Seconds => Duration(value),
            _ => Significant(value),
        };
    }

    /// <summary>With exactly <paramref name="decimals"/> decimals, thousands set apart, and a true minus sign.</summary>
    public static string Fixed(double value, int decimals)
    {
        double rounded = Math.Round(value, Math.Clamp(decimals, 0, 15)) + 0.0;
        string digits = Math.Abs(rounded).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return rounded < 0 ? Minus + digits : digits;
    }

    /// <summary>m × 10ⁿ; the factor is left out where it is 1.</summary>
    internal static string Scientific(double value, int significant)
    {
        string[] parts = Math.Abs(value).ToString("E" + (significant - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Split('E');
        string factor = parts[0].Contains('.', StringComparison.Ordinal) ? parts[0].TrimEnd('0').TrimEnd('.') : parts[0];
        string power = "10" + Superscript(int.Parse(parts[1], CultureInfo.InvariantCulture));
        return (value < 0 ? Minus : "") + (factor == "1" ? power : factor + "×" + power);
    }

    private static string Significant(double value)
    {
        if (value == 0)
            return "0";
        double size = Math.Abs(value);
        if (size is >= 1e9 or < 1e-3)
            return Scientific(value, 4);
        int decimals = Math.Max(0, 3 - (int)Math.Floor(Math.Log10(size)));
        string text = Fixed(value, decimals);
        return decimals == 0 ? text : text.TrimEnd('0').TrimEnd('.');
    }

    private static string Duration(double seconds)
    {
        double size = Math.Abs(seconds);
        return size switch
        {
            0 => "0" + NarrowSpace + "s",
            < 1e-3 => Significant(seconds * 1e6) + NarrowSpace + "µs",
            < 1 => Short(seconds * 1e3) + NarrowSpace + "ms",
            < 120 => Short(seconds) + NarrowSpace + "s",
            < 7200 => Fixed(seconds / 60, 1) + NarrowSpace + "min",
            _ => Fixed(seconds / 3600, 1) + NarrowSpace + "h",
        };
    }

    private static string Short(double value) => Fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0);

    private static string Superscript(int power)
    {
        const string digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        string text = power < 0 ? "⁻" : "";
        foreach (char c in Math.Abs(power).ToString(CultureInfo.InvariantCulture))
            text += digits[c - '0'];
        return text;
    }
}
