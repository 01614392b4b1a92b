using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Volley.Data.Tests.Matlab;

/// <summary>MATLAB 5 files, written byte by byte.</summary>
internal sealed class MatFiles(bool bigEndian)
{
    public static readonly (int Type, int Size, int Class)[] Types =
    [
        (1, 1, 8), (2, 1, 9), (3, 2, 10), (4, 2, 11), (5, 4, 12), (6, 4, 13), (7, 4, 7), (9, 8, 6), (12, 8, 14), (13, 8, 15),
    ];

    public byte[] File(params byte[][] elements) => [.. Header(0x0100), .. elements.SelectMany(element => element)];

    public byte[] Header(int version)
    {
        var header = new byte[128];
        header.AsSpan().Fill((byte)' ');
        Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file").CopyTo(header, 0);
        U16(version).CopyTo(header, 124);
        Encoding.ASCII.GetBytes(bigEndian ? "MI" : "IM").CopyTo(header, 126);
        return header;
    }

    /// <summary>An array of numbers; <paramref name="type"/> is how they are stored.</summary>
    public byte[] Array(string name, int[] shape, double[] values, int type, int kind = 6, int flags = 0) => Element(14,
    [
        .. Element(6, [.. U32((uint)(kind | flags)), .. U32(0)]),
        .. Element(5, [.. shape.SelectMany(size => U32((uint)size))]),
        .. Element(1, Encoding.ASCII.GetBytes(name)),
        .. Element(type, [.. values.SelectMany(value => Number(type, value))]),
    ]);

    public byte[] Packed(byte[] element)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
            zlib.Write(element);
        byte[] content = packed.ToArray();
        return [.. U32(15), .. U32((uint)content.Length), .. content];
    }

    /// <summary>A small element where the content fits into one.</summary>
    public byte[] Element(int type, byte[] content)
    {
        if (content.Length is > 0 and <= 4)
            return [.. U32((uint)(content.Length << 16 | type)), .. content, .. new byte[4 - content.Length]];
        return [.. U32((uint)type), .. U32((uint)content.Length), .. content, .. new byte[(8 - content.Length % 8) % 8]];
    }

    private byte[] Number(int type, double value)
    {
        byte[] bytes = type switch
        {
            1 => [(byte)(sbyte)value],
            2 => [(byte)value],
            3 => BitConverter.GetBytes((short)value),
            4 => BitConverter.GetBytes((ushort)value),
            5 => BitConverter.GetBytes((int)value),
            6 => BitConverter.GetBytes((uint)value),
            7 => BitConverter.GetBytes((float)value),
            9 => BitConverter.GetBytes(value),
            12 => BitConverter.GetBytes((long)value),
            _ => BitConverter.GetBytes((ulong)value),
        };
        return bigEndian == BitConverter.IsLittleEndian ? [.. bytes.Reverse()] : bytes;
    }

    private byte[] U16(int value)
    {
        var bytes = new byte[2];
        if (bigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return bytes;
    }

    public byte[] U32(uint value)
    {
        var bytes = new byte[4];
        if (bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
