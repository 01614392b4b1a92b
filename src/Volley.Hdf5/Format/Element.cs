using System.Numerics;
using System.Text;

namespace Volley.Hdf5.Format;

/// <summary>From bytes to numbers and text.</summary>
internal static class Element
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Turns all of <paramref name="bytes"/> into numbers.</summary>
    /// <exception cref="OverflowException">A number does not fit in <typeparamref name="T"/>.</exception>
    public static void Numbers<T>(ReadOnlySpan<byte> bytes, Hdf5Type type, Span<T> numbers)
        where T : struct, INumber<T>
    {
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = Number<T>(bytes.Slice(i * type.Bytes, type.Bytes), type);
    }

    /// <summary>A text that ends at its first zero, or is padded with spaces.</summary>
    /// <exception cref="DecoderFallbackException">The bytes are no UTF-8.</exception>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Utf8.GetString(end < 0 ? bytes : bytes[..end]).TrimEnd(' ');
    }

    private static T Number<T>(ReadOnlySpan<byte> bytes, Hdf5Type type)
        where T : struct, INumber<T>
    {
        ulong bits = 0;
        for (int i = 0; i < bytes.Length; i++)
            bits = bits << 8 | bytes[type.BigEndian ? i : bytes.Length - 1 - i];
        if (type.Kind == Hdf5Kind.Real)
        {
            return type.Bytes switch
            {
                2 => T.CreateChecked(BitConverter.UInt16BitsToHalf((ushort)bits)),
                4 => T.CreateChecked(BitConverter.UInt32BitsToSingle((uint)bits)),
                _ => T.CreateChecked(BitConverter.UInt64BitsToDouble(bits)),
            };
        }
        int above = 64 - 8 * type.Bytes;
        return type.HasSign ? T.CreateChecked((long)(bits << above) >> above) : T.CreateChecked(bits);
    }
}
