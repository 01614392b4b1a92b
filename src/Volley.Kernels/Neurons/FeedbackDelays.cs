using Volley.Kernels.Delays;

namespace Volley.Kernels.Neurons;

/// <summary>How late the spikes of a recurrent layer come back to it; the default is one step. Either <see cref="Taps"/> or <see cref="Whole"/>.</summary>
public readonly ref struct FeedbackDelays
{
    /// <summary>h [⌈N/16⌉, K, 16] of <see cref="FeedbackTaps"/>: a spike of neuron n at t adds h[n, τ] to what arrives at t + τ.</summary>
    public ReadOnlySpan<float> Taps { get; init; }

    /// <summary>Forward: what arrives, a[b, t, n] = Σ_τ h[n, τ]·z[b, t − τ, n], [B, T, N], written. Backward: its gradient, written. With <see cref="Taps"/>.</summary>
    public Span<float> Arriving { get; init; }

    /// <summary>The spikes that come back, [B, T, words]: the others are dropped. Empty for all. With <see cref="Taps"/>.</summary>
    public ReadOnlySpan<ulong> Kept { get; init; }

    /// <summary>d [N], whole steps: a spike of neuron n at t arrives at t + 1 + d[n]. Forward only.</summary>
    public ReadOnlySpan<int> Whole { get; init; }

    /// <summary>The spikes that arrive, [B, T, words], written. With <see cref="Whole"/>.</summary>
    public Span<ulong> ArrivingSpikes { get; init; }

    /// <summary>K.</summary>
    internal int Count(int neurons) => Taps.IsEmpty ? 0 : Taps.Length / new AxonalCall(0, 0, neurons, 1, 0).TapFloats;

    internal void Check(NeuronCall call)
    {
        if (Taps.IsEmpty && Whole.IsEmpty)
            return;
        int rows = checked(call.Batch * call.Steps);
        if (!Taps.IsEmpty)
        {
            Kernels.Check.Length(Taps.Length, Count(call.Neurons), new AxonalCall(0, 0, call.Neurons, 1, 0).TapFloats, nameof(Taps));
            Kernels.Check.Length(Arriving.Length, rows, call.Neurons, nameof(Arriving));
            Kernels.Check.LengthOrEmpty(Kept, (long)rows * call.WordsPerRow, nameof(Kept));
            return;
        }
        Kernels.Check.Length(Whole.Length, 1, call.Neurons, nameof(Whole));
        Kernels.Check.Length(ArrivingSpikes.Length, rows, call.WordsPerRow, nameof(ArrivingSpikes));
        foreach (int delay in Whole)
            ArgumentOutOfRangeException.ThrowIfNegative(delay, nameof(Whole));
    }
}
