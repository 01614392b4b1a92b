namespace Volley.Plots;

/// <summary>Maps the data's [Min, Max] onto the drawing's [From, To], linearly or by the logarithm.</summary>
public readonly record struct Scale(double Min, double Max, double From, double To, bool Logarithmic = false)
{
    public double Map(double value)
    {
        double t = Logarithmic
            ? (Math.Log(value) - Math.Log(Min)) / (Math.Log(Max) - Math.Log(Min))
            : (value - Min) / (Max - Min);
        return From + t * (To - From);
    }

    /// <summary>Whether the value has a place on the scale: NaN, the infinities and, on a logarithmic scale, what is not positive have none.</summary>
    public bool Shows(double value) => CanShow(value, Logarithmic);

    // Beyond 1e100 differences of float64 could overflow on their way to the page; nothing we plot is that large.
    internal static bool CanShow(double value, bool logarithmic = false) => Math.Abs(value) <= 1e100 && (!logarithmic || value > 1e-100);
}
