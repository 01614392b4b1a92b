namespace Volley.Tensors;

/// <summary>Spikes as bits, one row of the last axis padded to a multiple of 64, with one scale for all of them.</summary>
/// <remarks>Where spikes carry numbers (binned counts, pooled or added spikes), <see cref="Values"/> holds them, nonzero exactly where the bit is set;
/// where they carry signs, <see cref="Negative"/> marks those that count −1. The value of a spike is Scale · (value or ±1).</remarks>
public sealed class Spikes : Signal
{
    private readonly Storage _bits;
    private readonly Storage _negative;
    private readonly bool _signed;

    private Spikes(Shape shape, Storage bits, float scale, Tensor? values, Storage? negative, int[]? lengths) : base(shape, lengths)
    {
        _bits = bits;
        _signed = negative is not null;
        _negative = negative.GetValueOrDefault();
        Scale = scale;
        Values = values;
    }

    /// <summary>Spikes in <paramref name="arena"/>, valid until its reset; the bits are whatever was there.</summary>
    public static Spikes In(Arena arena, Shape shape, int[]? lengths = null, float scale = 1, Tensor? values = null, bool withSigns = false,
        Spikes? support = null) =>
        new(shape, arena.Take(Bytes(shape)), scale, values, withSigns ? arena.Take(Bytes(shape)) : null, lengths) { Support = support };

    /// <summary>No spikes, in memory of their own.</summary>
    public static Spikes None(Shape shape) => new(shape, Storage.Own(Bytes(shape)), 1, null, null, null);

    /// <summary>ulongs in one row.</summary>
    public int WordsPerRow => (Shape.Last + 63) / 64;

    /// <summary>What a set bit counts.</summary>
    public float Scale { get; }

    /// <summary>Numbers of the spikes, in the shape of the spikes; null when all are 1.</summary>
    public Tensor? Values { get; }

    /// <summary>True where <see cref="Negative"/> exists.</summary>
    public bool IsSigned => _signed;

    /// <summary>Rows × <see cref="WordsPerRow"/>; bit j of word w is column 64·w + j; bits behind the last column are 0.</summary>
    public Span<ulong> Bits => _bits.View<ulong>(Shape.Rows * WordsPerRow);

    /// <summary>Where the gradient of the spikes can matter: the surrogate of what fired them has a bounded support and is not 0 here.
    /// A mask like <see cref="Bits"/>; null where it can matter everywhere. Layers behind may leave the gradient 0 elsewhere.</summary>
    internal Spikes? Support { get; init; }

    /// <summary>Which of the spikes count −1; empty if none can.</summary>
    public Span<ulong> Negative => _signed ? _negative.View<ulong>(Shape.Rows * WordsPerRow) : default;

    /// <summary>The same spikes in the same memory, with a gradient and with lengths of their own.</summary>
    internal Spikes WithLengths(int[]? lengths) => new(Shape, _bits, Scale, Values, _signed ? _negative : null, lengths) { Support = Support };

    private static nint Bytes(Shape shape) => (nint)shape.Rows * ((shape.Last + 63) / 64) * sizeof(ulong);
}
