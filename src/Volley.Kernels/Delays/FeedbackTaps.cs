namespace Volley.Kernels.Delays;

/// <summary>Taps of spikes that come back to their own layer: h[n, τ] = g·max(0, (s − |τ − (1 + d[n])|)/s²), s = 1 + σ, for τ = 1, 2, …; h[n, 0] = 0.</summary>
/// <remarks>A triangle of area g around the step 1 + d (DelRec: Queant et al.); what of it lies at or before the spike itself is lost. Stored as
/// <see cref="AxonalTaps"/> reads taps, [⌈N/16⌉, K, 16].</remarks>
public static class FeedbackTaps
{
    /// <summary>K: taps from τ = 0 to the last that can differ from 0.</summary>
    /// <param name="longest">The largest d.</param>
    public static int Count(float longest, float sigma) => (int)MathF.Ceiling(2 + longest + sigma);

    /// <summary>Writes the taps.</summary>
    /// <param name="delays">d [N], not negative.</param>
    /// <param name="sigma">σ ≥ 0.</param>
    /// <param name="gain">g, what a spike counts.</param>
    /// <param name="taps">[⌈N/16⌉, K, 16], written; 0 behind the last neuron.</param>
    /// <param name="count">K.</param>
    public static void Build(ReadOnlySpan<float> delays, float sigma, float gain, Span<float> taps, int count)
    {
        Check(delays.Length, sigma, taps.Length, count);
        taps.Clear();
        float half = 1 + sigma;
        for (int n = 0; n < delays.Length; n++)
        {
            for (int step = 1; step < count; step++)
                taps[At(n, step, count)] = gain * (MathF.Max(0, half - MathF.Abs(step - (1 + delays[n]))) / (half * half));
        }
    }

    /// <summary>dd[n] += g·Σ_τ dh[n, τ]·sign(τ − (1 + d[n]))/s² over the taps within s.</summary>
    /// <param name="dTaps">[⌈N/16⌉, K, 16].</param>
    /// <param name="dDelays">[N], added to.</param>
    /// <inheritdoc cref="Build"/>
    public static void Backward(ReadOnlySpan<float> delays, float sigma, float gain, ReadOnlySpan<float> dTaps, Span<float> dDelays, int count)
    {
        Check(delays.Length, sigma, dTaps.Length, count);
        Kernels.Check.Length(dDelays, delays.Length, nameof(dDelays));
        float half = 1 + sigma, slope = gain / (half * half);
        for (int n = 0; n < delays.Length; n++)
        {
            float sum = 0;
            for (int step = 1; step < count; step++)
            {
                float behind = step - (1 + delays[n]);
                if (MathF.Abs(behind) < half && behind != 0)
                    sum += behind > 0 ? dTaps[At(n, step, count)] : -dTaps[At(n, step, count)];
            }
            dDelays[n] += slope * sum;
        }
    }

    private static int At(int neuron, int step, int count) => (neuron / AxonalCall.Block * count + step) * AxonalCall.Block + neuron % AxonalCall.Block;

    private static void Check(int neurons, float sigma, int taps, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (!(sigma >= 0))
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "The width of the interpolation cannot be negative.");
        Kernels.Check.Length(taps, 1, new AxonalCall(0, 0, neurons, count, 0).TapFloats, nameof(taps));
    }
}
