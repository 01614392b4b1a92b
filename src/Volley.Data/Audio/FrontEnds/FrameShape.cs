namespace Volley.Data.Audio;

/// <summary>Windows: what each sample of a frame is multiplied by.</summary>
internal static class FrameShape
{
    /// <summary>Periodic Hann: ½ − ½ cos(2πn/N).</summary>
    public static double[] Hann(int length) => [.. Enumerable.Range(0, length).Select(n => 0.5 - 0.5 * StableMath.CosTurns((double)n / length))];

    /// <summary>Povey, Kaldi's own: (½ − ½ cos(2πn/(N−1)))^0.85.</summary>
    public static double[] Povey(int length) => [.. Enumerable.Range(0, length).Select(n => 0.5 - 0.5 * StableMath.CosTurns((double)n / (length - 1)))
        .Select(hann => hann > 0 ? StableMath.Exp(0.85 * StableMath.Log(hann)) : 0)];
}
