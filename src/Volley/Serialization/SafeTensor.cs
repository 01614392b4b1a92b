using System.Globalization;
using System.Runtime.InteropServices;

namespace Volley.Serialization;

/// <summary>One named array of a safetensors file: its element type, its shape and its bytes (little-endian, last axis contiguous).</summary>
public sealed class SafeTensor
{
    private readonly byte[] _bytes;
    private readonly long[] _shape;

    internal SafeTensor(string name, SafeType type, long[] shape, byte[] bytes)
    {
        Name = name;
        Type = type;
        _shape = shape;
        _bytes = bytes;
    }

    /// <summary>The entry's name, unique in its file.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public SafeType Type { get; }

    /// <summary>The extent of each axis; empty for a single number.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>The elements as stored.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The number of elements.</summary>
    public long Count => _bytes.Length / Type.Size();

    /// <summary>Copies float32 values; <paramref name="shape"/> empty means one axis that holds them all.</summary>
    /// <exception cref="ArgumentException">The shape does not hold exactly the values.</exception>
    public static SafeTensor Of(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Create(name, SafeType.F32, MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>Copies float64 values.</summary>
    /// <inheritdoc cref="Of(string, ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public static SafeTensor Of(string name, ReadOnlySpan<double> values, params ReadOnlySpan<long> shape) =>
        Create(name, SafeType.F64, MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>Copies 64-bit integers.</summary>
    /// <inheritdoc cref="Of(string, ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public static SafeTensor Of(string name, ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) =>
        Create(name, SafeType.I64, MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>Copies bytes.</summary>
    /// <inheritdoc cref="Of(string, ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public static SafeTensor Of(string name, ReadOnlySpan<byte> values, params ReadOnlySpan<long> shape) =>
        Create(name, SafeType.U8, values, values.Length, shape);

    /// <summary>The float32 elements as stored, without a copy.</summary>
    /// <exception cref="InvalidDataException">The entry has another element type.</exception>
    public ReadOnlySpan<float> Singles() => As<float>(SafeType.F32);

    /// <summary>The float64 elements as stored, without a copy.</summary>
    /// <inheritdoc cref="Singles"/>
    public ReadOnlySpan<double> Doubles() => As<double>(SafeType.F64);

    /// <summary>The 64-bit integers as stored, without a copy.</summary>
    /// <inheritdoc cref="Singles"/>
    public ReadOnlySpan<long> Longs() => As<long>(SafeType.I64);

    /// <summary>The float32 elements, converted where the file of another tool holds F16, BF16 or F64.</summary>
    /// <exception cref="InvalidDataException">The elements are not real floating-point numbers.</exception>
    public float[] ToSingles()
    {
        switch (Type)
        {
            case SafeType.F32:
                return Singles().ToArray();
            case SafeType.F64:
                return Convert(Doubles(), static value => (float)value);
            case SafeType.F16:
                return Convert(As<Half>(SafeType.F16), static value => (float)value);
            case SafeType.BF16:
                return Convert(As<ushort>(SafeType.BF16), static value => BitConverter.UInt32BitsToSingle((uint)value << 16));
            default:
                throw new InvalidDataException($"Entry '{Name}' holds {Type}, which is not a floating-point type.");
        }
    }

    /// <summary>Like <c>F32 [256, 140]</c>.</summary>
    public override string ToString() =>
        $"{Type} [{string.Join(", ", _shape.Select(extent => extent.ToString(CultureInfo.InvariantCulture)))}]";

    private static SafeTensor Create(string name, SafeType type, ReadOnlySpan<byte> bytes, int count, ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        long[] extents = shape.IsEmpty ? [count] : shape.ToArray();
        if (!ShapeProduct.TryCount(extents, out long product) || product != count)
        {
            throw new ArgumentException(
                $"Entry '{name}': a shape of [{string.Join(", ", extents)}] does not hold {count} values.", nameof(shape));
        }
        return new SafeTensor(name, type, extents, bytes.ToArray());
    }

    private static float[] Convert<T>(ReadOnlySpan<T> values, Func<T, float> convert)
    {
        var result = new float[values.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = convert(values[i]);
        return result;
    }

    private ReadOnlySpan<T> As<T>(SafeType expected) where T : struct
    {
        if (Type != expected)
            throw new InvalidDataException($"Entry '{Name}' holds {Type}, not {expected}.");
        return MemoryMarshal.Cast<byte, T>(_bytes);
    }
}
