namespace Volley.Data.Audio;

/// <summary>Triangular filters over the bins of a power spectrum: E[c] = Σ weight[c, k] P[k], k ascending.</summary>
internal sealed class MelBank
{
    private readonly int[] _first, _at;
    private readonly double[] _weights;

    private MelBank(int bins, int[] first, int[] at, double[] weights) => (Bins, _first, _at, _weights) = (bins, first, at, weights);

    public int Bins { get; }

    public int Channels => _first.Length;

    /// <summary>Corners evenly spaced in mel = 2595 log₁₀(1 + f / 700); triangles straight in Hz, of peak 1 (HTK's corners, as torchaudio and
    /// most neuromorphic work have them).</summary>
    public static MelBank StraightInHertz(int channels, int points, double rate, double low, double high)
    {
        const double scale = 2595 / 2.30258509299404568402;
        double from = scale * StableMath.Log(1 + low / 700), to = scale * StableMath.Log(1 + high / 700);
        double Corner(int i) => 700 * (StableMath.Exp((from + (to - from) * i / (channels + 1)) / scale) - 1);
        return Of(channels, points, k => k * rate / points, Corner, points / 2 + 1);
    }

    /// <summary>Corners evenly spaced in mel = 1127 ln(1 + f / 700); triangles straight in mel, of peak 1; the bin at half the rate is left out (Kaldi).</summary>
    public static MelBank StraightInMel(int channels, int points, double rate, double low, double high)
    {
        static double Mel(double hertz) => 1127 * StableMath.Log(1 + hertz / 700);
        double from = Mel(low), step = (Mel(high) - from) / (channels + 1);
        return Of(channels, points, k => Mel(k * rate / points), i => from + i * step, points / 2);
    }

    private static MelBank Of(int channels, int points, Func<int, double> place, Func<int, double> corner, int usedBins)
    {
        double[] corners = [.. Enumerable.Range(0, channels + 2).Select(corner)];
        double[] places = [.. Enumerable.Range(0, usedBins).Select(place)];
        var first = new int[channels];
        var at = new int[channels + 1];
        var weights = new List<double>();
        for (int c = 0; c < channels; c++)
        {
            (double left, double peak, double right) = (corners[c], corners[c + 1], corners[c + 2]);
            first[c] = Array.FindIndex(places, f => f > left);
            for (int k = first[c]; k >= 0 && k < usedBins && places[k] < right; k++)
                weights.Add(Math.Min((places[k] - left) / (peak - left), (right - places[k]) / (right - peak)));
            // A band between two bins, or above the last, sees nothing.
            first[c] = Math.Max(first[c], 0);
            at[c + 1] = weights.Count;
        }
        return new MelBank(points / 2 + 1, first, at, [.. weights]);
    }

    public void Energies(ReadOnlySpan<double> power, Span<double> energies)
    {
        for (int c = 0; c < energies.Length; c++)
        {
            ReadOnlySpan<double> weights = _weights.AsSpan(_at[c].._at[c + 1]), bins = power.Slice(_first[c], weights.Length);
            double sum = 0;
            for (int k = 0; k < weights.Length; k++)
                sum += weights[k] * bins[k];
            energies[c] = sum;
        }
    }
}
