namespace Volley.Plots;

/// <summary>What an axis shows.</summary>
/// <param name="Label">The quantity.</param>
/// <param name="Unit">Its unit, written in parentheses behind the label.</param>
public sealed record Axis(string Label = "", string Unit = "")
{
    // Ranges below this underflow when they are divided into steps.
    private const double Smallest = 1e-100;

    public bool Logarithmic { get; init; }

    /// <summary>Whether a linear axis reaches down to zero; bars always do.</summary>
    public bool FromZero { get; init; }

    /// <summary>Fixed lower end; data outside is cut off.</summary>
    public double? Min { get; init; }

    /// <summary>Fixed upper end; data outside is cut off.</summary>
    public double? Max { get; init; }

    public NumberFormat Format { get; init; }

    internal string Caption => Unit.Length == 0 ? Label : Label.Length == 0 ? Unit : $"{Label} ({Unit})";

    /// <summary>The drawn range for data within <paramref name="data"/>, or null where there is nothing to draw.</summary>
    internal (double Min, double Max)? Domain(Extent data, int ticks, bool widen)
    {
        if (data.IsEmpty)
            return null;
        double low = data.Min, high = data.Max;
        if (FromZero && !Logarithmic)
            (low, high) = (Math.Min(0, low), Math.Max(0, high));
        (low, high) = (Usable(Min) ?? low, Usable(Max) ?? high);
        if (low >= high || high - low <= Math.Max(Smallest, 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high))))
            (low, high) = Spread(Math.Min(low, high));
        if (widen)
        {
            (double Min, double Max) wide = Logarithmic ? Ticks.WidenLogarithmic(low, high) : Ticks.Widen(low, high, ticks, Format == NumberFormat.Whole);
            (low, high) = (Usable(Min) is { } a && a < wide.Max ? a : wide.Min, Usable(Max) is { } b && b > wide.Min ? b : wide.Max);
        }
        return (low, high);
    }

    internal Ticks TicksFor(double min, double max, int count) =>
        Logarithmic ? Ticks.Logarithmic(min, max, count, Format) : Ticks.Linear(min, max, count, Format);

    /// <summary>Room around a single value.</summary>
    private (double Min, double Max) Spread(double value)
    {
        if (Logarithmic)
            return (value / 2, value * 2);
        bool nothing = Math.Abs(value) <= 1e6 * Smallest;
        double room = Format == NumberFormat.Whole ? Math.Max(0.5, Math.Abs(value) * 1e-9) : nothing ? 1 : Math.Abs(value) * 0.1;
        return FromZero && value >= 0 ? (0, nothing ? 1 : value) : (value - room, value + room);
    }

    private double? Usable(double? end) => end is { } value && Scale.CanShow(value, Logarithmic) ? value : null;
}
