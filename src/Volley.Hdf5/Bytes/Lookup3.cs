using System.Buffers.Binary;
using System.Numerics;

namespace Volley.Hdf5.Bytes;

/// <summary>Bob Jenkins' hash lookup3 (2006, public domain), which HDF5 uses as the checksum of its newer structures.</summary>
internal static class Lookup3
{
    public static uint Hash(ReadOnlySpan<byte> data)
    {
        uint a = 0xDEADBEEF + (uint)data.Length, b = a, c = a;
        if (data.IsEmpty)
            return c;
        for (; data.Length > 12; data = data[12..])
        {
            (a, b, c) = (a + Word(data, 0), b + Word(data, 4), c + Word(data, 8));
            a = (a - c) ^ BitOperations.RotateLeft(c, 4); c += b;
            b = (b - a) ^ BitOperations.RotateLeft(a, 6); a += c;
            c = (c - b) ^ BitOperations.RotateLeft(b, 8); b += a;
            a = (a - c) ^ BitOperations.RotateLeft(c, 16); c += b;
            b = (b - a) ^ BitOperations.RotateLeft(a, 19); a += c;
            c = (c - b) ^ BitOperations.RotateLeft(b, 4); b += a;
        }
        Span<byte> last = stackalloc byte[12];
        last.Clear();
        data.CopyTo(last);
        (a, b, c) = (a + Word(last, 0), b + Word(last, 4), c + Word(last, 8));
        c = (c ^ b) - BitOperations.RotateLeft(b, 14);
        a = (a ^ c) - BitOperations.RotateLeft(c, 11);
        b = (b ^ a) - BitOperations.RotateLeft(a, 25);
        c = (c ^ b) - BitOperations.RotateLeft(b, 16);
        a = (a ^ c) - BitOperations.RotateLeft(c, 4);
        b = (b ^ a) - BitOperations.RotateLeft(a, 14);
        return (c ^ b) - BitOperations.RotateLeft(b, 24);
    }

    private static uint Word(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt32LittleEndian(data[at..]);
}
