namespace Volley.Data.Tests.Audio;

/// <summary>The front ends written from their formulas, with a direct sum for the transform and the C library's functions: slow and independent.</summary>
internal static class NaiveFrontEnds
{
    /// <summary>Kaldi's filter bank of a recording of at least one frame (snip edges).</summary>
    public static double[][] KaldiFbank(float[] wave, int rate, int bands, double low, double high, double preEmphasis)
    {
        int window = rate * 25 / 1000, hop = rate / 100, points = 1;
        while (points < window)
            points *= 2;
        var frames = new double[1 + (wave.Length - window) / hop][];
        for (int t = 0; t < frames.Length; t++)
        {
            double[] x = [.. wave.Skip(t * hop).Take(window).Select(s => (double)s)];
            double mean = x.Sum() / window;
            double[] centred = [.. x.Select(s => s - mean)];
            double[] shaped = [.. centred.Select((s, i) => (s - preEmphasis * centred[Math.Max(0, i - 1)]) * Math.Pow(0.5 - 0.5 * Math.Cos(2 * Math.PI * i / (window - 1)), 0.85))];
            frames[t] = new double[bands];
            double from = Mel(low), step = (Mel(high) - from) / (bands + 1);
            for (int b = 0; b < bands; b++)
            {
                double left = from + b * step, peak = from + (b + 1) * step, right = from + (b + 2) * step, energy = 0;
                for (int k = 0; k < points / 2; k++)
                {
                    double mel = Mel((double)k * rate / points);
                    double weight = mel <= left || mel >= right ? 0 : mel <= peak ? (mel - left) / (peak - left) : (right - mel) / (right - peak);
                    energy += weight == 0 ? 0 : weight * Power(shaped, k, points);
                }
                frames[t][b] = Math.Log(Math.Max(energy, float.BitIncrement(1) - 1f));
            }
        }
        return frames;

        static double Mel(double hertz) => 1127 * Math.Log(1 + hertz / 700);
    }

    /// <summary>torchaudio's MelSpectrogram (centred, reflected, power 2, HTK bank without area normalisation) in dB with amin 1e-10, no top_db.</summary>
    public static double[][] MelDb(float[] wave, int rate, int points, int hop, int bands, double low, double high)
    {
        var frames = new double[1 + wave.Length / hop][];
        double[] corners = [.. Enumerable.Range(0, bands + 2).Select(i => 700 * (Math.Pow(10, (Mel(low) + (Mel(high) - Mel(low)) * i / (bands + 1)) / 2595) - 1))];
        for (int t = 0; t < frames.Length; t++)
        {
            double[] x = [.. Enumerable.Range(0, points).Select(i => Reflected(t * hop - points / 2 + i) * (0.5 - 0.5 * Math.Cos(2 * Math.PI * i / points)))];
            double[] power = [.. Enumerable.Range(0, points / 2 + 1).Select(k => Power(x, k, points))];
            frames[t] = [.. Enumerable.Range(0, bands).Select(b => 10 * Math.Log10(Math.Max(1e-10, power.Select((p, k) =>
                p * Math.Max(0, Math.Min(((double)k * rate / points - corners[b]) / (corners[b + 1] - corners[b]), (corners[b + 2] - (double)k * rate / points) / (corners[b + 2] - corners[b + 1])))).Sum())))];
        }
        return frames;

        static double Mel(double hertz) => 2595 * Math.Log10(1 + hertz / 700);

        double Reflected(int i)
        {
            while (i < 0 || i >= wave.Length)
                i = i < 0 ? -i : 2 * (wave.Length - 1) - i;
            return wave[i];
        }
    }

    /// <summary>|Σ x[n] e^(−2πi kn/N)|².</summary>
    public static double Power(double[] x, int k, int points)
    {
        double re = 0, im = 0;
        for (int n = 0; n < x.Length; n++)
        {
            double angle = 2 * Math.PI * ((long)k * n % points) / points;
            re += x[n] * Math.Cos(angle);
            im -= x[n] * Math.Sin(angle);
        }
        return re * re + im * im;
    }
}
