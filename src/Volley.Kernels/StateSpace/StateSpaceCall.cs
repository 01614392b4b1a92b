namespace Volley.Kernels.StateSpace;

/// <summary>How continuous dynamics become those of one time step Δ.</summary>
public enum Discretization
{
    /// <summary>Ā = (1 + Δ·A/2)/(1 − Δ·A/2), B̄ = Δ/(1 − Δ·A/2)·B: Tustin's rule.</summary>
    Bilinear,

    /// <summary>Ā = e^(Δ·A), B̄ = (e^(Δ·A) − 1)/A·B: exact for an input that is constant within a step.</summary>
    ZeroOrderHold,
}

/// <summary>Sizes of a diagonal state-space layer over a batch.</summary>
/// <param name="Batch">B.</param>
/// <param name="Steps">L, the padded number of time steps.</param>
/// <param name="Channels">H, each with a state of its own.</param>
/// <param name="Modes">Complex modes of a channel: N/2, their conjugates being implied.</param>
/// <param name="Sets">Sets of (A, B); channel h uses set h mod Sets.</param>
/// <param name="Bidirectional">True for a second kernel that reads backward in time.</param>
/// <param name="Rule">The discretisation.</param>
public readonly record struct StateSpaceCall(int Batch, int Steps, int Channels, int Modes, int Sets, bool Bidirectional, Discretization Rule)
{
    /// <summary>Kernels a channel: 1 or 2.</summary>
    public int Directions => Bidirectional ? 2 : 1;

    /// <summary>Channels rounded up to the widest lanes.</summary>
    internal int Padded => (Channels + 15) & ~15;

    /// <summary>Floats of the coefficients of <see cref="StateSpaceScan"/>.</summary>
    public int ScanCount => (4 * Modes + 1) * Padded;

    /// <summary>Floats of one sample's state in <see cref="StateSpaceScan"/>: (re, im) of every mode, and the number of steps since small values were last cleared.</summary>
    public int StateCount => 2 * Modes * Padded + 1;

    /// <summary>Floats that the spectra of the kernels take, which forward makes and backward reads.</summary>
    public long SpectrumCount(ReadOnlySpan<int> lengths) => 2L * Padded * new TransformSizes(lengths, Batch, Steps).Total;

    /// <summary>Floats in which backward adds up gradients.</summary>
    public long PartialCount(ReadOnlySpan<int> lengths) => SampleGroups * SpectrumCount(lengths) + 8L * Channels * Modes;

    /// <summary>Groups of samples whose spectra are added up apart, so that there is work for more threads than tiles of channels. Depends on the shape alone.</summary>
    internal int SampleGroups => Batch >= 8 && Channels <= 64 ? 4 : 1;
}

/// <summary>The sizes of transform that the samples of a batch need, ascending. A sample's depends on its own length, never on padding or on the other samples.</summary>
internal readonly ref struct TransformSizes
{
    private readonly uint _present;

    public TransformSizes(ReadOnlySpan<int> lengths, int batch, int steps)
    {
        if (lengths.IsEmpty)
        {
            _present = batch > 0 && steps > 0 ? (uint)TimeFourier.PointsFor(steps) : 0;
            return;
        }
        foreach (int length in lengths)
            _present |= length > 0 ? (uint)TimeFourier.PointsFor(length) : 0;
    }

    /// <summary>Sizes are powers of two: each is its own bit.</summary>
    public uint Mask => _present;

    /// <summary>All points together, which is the sum of distinct powers of two.</summary>
    public long Total => _present;
}
