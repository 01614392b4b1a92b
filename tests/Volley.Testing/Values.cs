using Volley.Kernels;

namespace Volley.Testing;

/// <summary>Numbers to test with, and comparisons that say where two arrays differ.</summary>
public static class Values
{
    public static float[] Normal(int count, string name, float sd = 1)
    {
        using var cpu = new Cpu();
        var x = new float[count];
        new Rng(1).Fork(name).FillNormal(cpu, x, 0, sd);
        return x;
    }

    /// <summary>Throws unless |actual − expected| ≤ tolerance·(1 + |expected|) everywhere.</summary>
    public static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance, string what = "result")
    {
        if (expected.Length != actual.Length)
            throw new InvalidOperationException($"{what}: {actual.Length} elements, not {expected.Length}.");
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) <= tolerance * (1 + Math.Abs(expected[i]))))
                throw new InvalidOperationException($"{what}: element {i} is {actual[i]:R}, not {expected[i]:R}.");
        }
    }
}
