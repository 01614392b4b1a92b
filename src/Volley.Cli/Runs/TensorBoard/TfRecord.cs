using System.Buffers.Binary;
using System.Numerics;

namespace Volley.Cli.Runs.TensorBoard;

/// <summary>TensorFlow's framing of records: length (8 bytes, little-endian), checksum of the length (4), the bytes, checksum of the bytes (4).</summary>
/// <remarks>Source: tensorflow/core/lib/io/record_writer.h and core/lib/hash/crc32c.h.</remarks>
internal static class TfRecord
{
    /// <summary>Bytes of a record around its content.</summary>
    private const int Head = 12, Foot = 4;

    /// <summary>The record that holds <paramref name="content"/>.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> content)
    {
        byte[] record = new byte[Head + content.Length + Foot];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), Masked(record.AsSpan(0, 8)));
        content.CopyTo(record.AsSpan(Head));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(Head + content.Length), Masked(content));
        return record;
    }

    /// <summary>CRC32C (Castagnoli), as in RFC 3720 B.4.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>Turned and moved, so that a checksum over data that hold checksums means something.</summary>
    private static uint Masked(ReadOnlySpan<byte> bytes) => unchecked(BitOperations.RotateRight(Crc32C(bytes), 15) + 0xa282ead8u);
}
