namespace Volley.Plots;

/// <summary>The smallest and largest of the values that an axis can show.</summary>
internal readonly record struct Extent(double Min, double Max)
{
    public static readonly Extent Empty = new(double.PositiveInfinity, double.NegativeInfinity);

    public bool IsEmpty => !(Min <= Max);

    public Extent Include(double value, bool logarithmic = false) =>
        Scale.CanShow(value, logarithmic) ? new Extent(Math.Min(Min, value), Math.Max(Max, value)) : this;

    public Extent Include(IEnumerable<double> values, bool logarithmic = false)
    {
        Extent extent = this;
        foreach (double value in values)
            extent = extent.Include(value, logarithmic);
        return extent;
    }
}
