namespace Volley.Data;

/// <summary>The fixed random order of pixels that makes a permuted sequence out of an image.</summary>
public static class PixelPermutation
{
    /// <summary>p = 0 … length − 1, shuffled: for i = length − 1 down to 1, s ← (1664525 s + 1013904223) mod 2³², j = ⌊s (i + 1) / 2³²⌋, swap p[i], p[j].</summary>
    /// <param name="seed">The first s. Seed 1 over 784 pixels is the order of this project's permuted sequential MNIST.</param>
    /// <param name="length">Number of pixels.</param>
    /// <returns>The pixel p[t] that comes at time t.</returns>
    public static int[] Create(uint seed, int length)
    {
        Check.Positive(length, nameof(length));
        int[] order = [.. Enumerable.Range(0, length)];
        uint state = seed;
        for (int i = length - 1; i > 0; i--)
        {
            state = unchecked(1664525u * state + 1013904223u);
            int j = (int)((ulong)state * (ulong)(i + 1) >> 32);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
