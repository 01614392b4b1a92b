namespace Volley.Plots;

internal static class Require
{
    public static void SameLength(IReadOnlyList<Series> all)
    {
        foreach (Series series in all)
        {
            int count = series.X.Count;
            if (series.Y.Count != count)
                throw new ArgumentException($"The series '{series.Name}' has {count} x and {series.Y.Count} y; they must be as many.", nameof(all));
            if ((series.Low?.Count ?? count) != count || (series.High?.Count ?? count) != count)
                throw new ArgumentException($"The band of the series '{series.Name}' must have {count} values, one a point.", nameof(all));
            if (series.Each.Any(each => each.Count != count))
                throw new ArgumentException($"The thin lines of the series '{series.Name}' must have {count} values each, one a point.", nameof(all));
        }
    }

    public static void Length(int actual, int expected, string name, string what)
    {
        if (actual != expected)
            throw new ArgumentException($"{name} has {actual} values; expected {expected}, {what}.", name);
    }
}
