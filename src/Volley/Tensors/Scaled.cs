namespace Volley.Tensors;

/// <summary>x·factor + offset of each channel, not computed yet: a neuron layer does it while it reads, everything else asks for it to be written out.</summary>
/// <remarks>Saves a batch normalisation in front of neurons from writing its output and from reading it twice. One fused multiply-add an element either way,
/// so the bits are the same.</remarks>
public sealed class Scaled : Signal
{
    private readonly Tensor _coefficients;

    /// <param name="source">x [B, T, C].</param>
    /// <param name="coefficients">Factors, then offsets [2, C].</param>
    internal Scaled(Tensor source, Tensor coefficients) : base(source.Shape, source.Lengths) => (Source, _coefficients) = (source, coefficients);

    /// <summary>x.</summary>
    public Tensor Source { get; }

    /// <summary>The factor of each channel.</summary>
    public ReadOnlySpan<float> Factors => _coefficients.Data[..Shape.Last];

    /// <summary>The offset of each channel.</summary>
    public ReadOnlySpan<float> Offsets => _coefficients.Data[Shape.Last..];
}
