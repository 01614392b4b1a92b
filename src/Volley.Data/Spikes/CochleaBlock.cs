using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Volley.Data;

/// <summary>The samples of one file as steps of bits, as they lie in the cache: count, steps and words a step (int32, little-endian), labels,
/// speakers (int32), then the bits.</summary>
internal sealed record CochleaBlock(int[] Labels, int[] Speakers, ulong[][] Bits)
{
    private const int HeaderBytes = 12;

    /// <summary>The block in bytes of the cache, or null where they are none of these sizes.</summary>
    public static CochleaBlock? Parse(byte[] bytes, int steps, int words, int classes)
    {
        if (bytes.Length < HeaderBytes || Int(bytes, 4) != steps || Int(bytes, 8) != words)
            return null;
        int count = Int(bytes, 0), each = steps * words;
        if (count < 1 || HeaderBytes + count * (8L + 8L * each) != bytes.Length)
            return null;
        int[] labels = [.. Enumerable.Range(0, count).Select(i => Int(bytes, HeaderBytes + 4 * i))];
        int[] speakers = [.. Enumerable.Range(0, count).Select(i => Int(bytes, HeaderBytes + 4 * (count + i)))];
        if (labels.Any(label => (uint)label >= (uint)classes))
            return null;
        var bits = new ulong[count][];
        ReadOnlySpan<byte> rest = bytes.AsSpan(HeaderBytes + 8 * count);
        for (int i = 0; i < count; i++)
        {
            bits[i] = new ulong[each];
            rest.Slice(i * 8 * each, 8 * each).CopyTo(MemoryMarshal.AsBytes(bits[i].AsSpan()));
        }
        return new CochleaBlock(labels, speakers, bits);
    }

    /// <summary>The bytes to keep; none where an array cannot hold them.</summary>
    public ReadOnlyMemory<byte> ToBytes(int steps, int words)
    {
        int count = Labels.Length, each = 8 * steps * words;
        long size = HeaderBytes + count * (8L + each);
        if (size > Array.MaxLength)
            return default;
        var bytes = new byte[size];
        foreach ((int at, int value) in (ReadOnlySpan<(int, int)>)[(0, count), (4, steps), (8, words)])
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeaderBytes + 4 * i), Labels[i]);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeaderBytes + 4 * (count + i)), Speakers[i]);
            MemoryMarshal.AsBytes(Bits[i].AsSpan()).CopyTo(bytes.AsSpan(HeaderBytes + 8 * count + i * each));
        }
        return bytes;
    }

    private static int Int(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
}
