namespace Volley.Testing;

/// <summary>Comparison of a kernel's floats with a reference in double.</summary>
public static class Close
{
    /// <summary>Throws unless |actual − expected| ≤ absolute + relative·|expected| everywhere.</summary>
    public static void All(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double relative, double absolute, string what) =>
        All(expected, (ReadOnlySpan<double>)Numbers.ToDouble(actual), relative, absolute, what);

    /// <summary>Throws unless |actual − expected| ≤ absolute + relative·|expected| everywhere.</summary>
    public static void All(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double relative, double absolute, string what)
    {
        if (expected.Length != actual.Length)
            throw new InvalidOperationException($"{what}: {actual.Length} elements, not {expected.Length}.");
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) <= absolute + relative * Math.Abs(expected[i])))
                throw new InvalidOperationException($"{what}: element {i} of {expected.Length} is {actual[i]:R}, not {expected[i]:R}.");
        }
    }
}
