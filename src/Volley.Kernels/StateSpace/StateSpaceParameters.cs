namespace Volley.Kernels.StateSpace;

/// <summary>What a diagonal state-space layer learns, or the gradients of it. Complex numbers are pairs (re, im).</summary>
public readonly ref struct StateSpaceParameters
{
    /// <summary>log Δ [H].</summary>
    public required Span<float> LogStep { get; init; }

    /// <summary>log(−Re A) [sets, N/2].</summary>
    public required Span<float> LogDecay { get; init; }

    /// <summary>Im A [sets, N/2].</summary>
    public required Span<float> Frequency { get; init; }

    /// <summary>B [sets, N/2, 2].</summary>
    public required Span<float> B { get; init; }

    /// <summary>C [directions, H, N/2, 2].</summary>
    public required Span<float> C { get; init; }

    /// <summary>D [H].</summary>
    public required Span<float> D { get; init; }

    /// <exception cref="ArgumentException">A length does not fit the sizes.</exception>
    internal void CheckLengths(in StateSpaceCall call)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(call.Sets);
        long pairs = (long)call.Sets * call.Modes;
        Check.Length(LogStep, call.Channels, nameof(LogStep));
        Check.Length(LogDecay, pairs, nameof(LogDecay));
        Check.Length(Frequency, pairs, nameof(Frequency));
        Check.Length(B, 2 * pairs, nameof(B));
        Check.Length(C, 2L * call.Directions * call.Channels * call.Modes, nameof(C));
        Check.Length(D, call.Channels, nameof(D));
    }
}

/// <summary>The same as pointers, for what runs on threads.</summary>
internal unsafe struct StateSpacePointers
{
    public float* LogStep, LogDecay, Frequency, B, C, D;
}
