namespace Volley.Data.Tests.Audio;

/// <summary>Recordings made up: a chirp with noise.</summary>
internal static class Waves
{
    public static float[] Chirp(int samples, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, samples).Select(n => (float)(0.4 * Math.Sin(0.02 * n + 0.0004 * n * n) + 0.1 * (random.NextDouble() - 0.5) + 0.05))];
    }
}
