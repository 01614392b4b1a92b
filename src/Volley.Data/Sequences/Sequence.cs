using System.Runtime.InteropServices;

namespace Volley.Data;

/// <summary>A decoded recording: values or spikes over time.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Steps">Time steps, at least 1.</param>
/// <param name="Units">Channels of a step.</param>
/// <param name="Values">[Steps, Units]; empty for spikes.</param>
/// <param name="Bits">[Steps, ⌈Units / 64⌉]; empty for values.</param>
internal sealed record Sequence(SampleKind Kind, int Steps, int Units, float[] Values, ulong[] Bits)
{
    /// <summary>The most bytes of a recording, decoded.</summary>
    public const long MostBytes = 1 << 30;

    public static Sequence OfValues(float[] values, int units) => new(SampleKind.Values, values.Length / units, units, values, []);

    /// <summary>Room for a recording; its size must have been checked by <see cref="BytesOf"/>.</summary>
    public static Sequence Empty(SampleKind kind, int steps, int units) => kind == SampleKind.Values
        ? new Sequence(kind, steps, units, new float[steps * units], [])
        : new Sequence(kind, steps, units, [], new ulong[steps * SpikeWords.Per(units)]);

    public static long BytesOf(SampleKind kind, long steps, int units) =>
        steps * (kind == SampleKind.Values ? sizeof(float) * (long)units : sizeof(ulong) * (long)SpikeWords.Per(units));

    /// <summary>Its content, in this machine's byte order.</summary>
    public Span<byte> Bytes => Kind == SampleKind.Values ? MemoryMarshal.AsBytes(Values.AsSpan()) : MemoryMarshal.AsBytes(Bits.AsSpan());
}
