namespace Volley.Testing;

/// <summary>Random arrays for tests.</summary>
public static class Numbers
{
    /// <summary>Uniform in ±<paramref name="size"/>; the same for the same seed.</summary>
    public static float[] Uniform(int seed, int count, double size = 1)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)((2 * random.NextDouble() - 1) * size);
        return values;
    }

    /// <summary>Like <see cref="Uniform"/>, rounded to steps of 1/4, so that some values are equal.</summary>
    public static float[] Coarse(int seed, int count, double size = 2)
    {
        float[] values = Uniform(seed, count, size);
        for (int i = 0; i < count; i++)
            values[i] = MathF.Round(values[i] * 4) / 4;
        return values;
    }

    public static double[] ToDouble(ReadOnlySpan<float> values)
    {
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = values[i];
        return result;
    }
}
