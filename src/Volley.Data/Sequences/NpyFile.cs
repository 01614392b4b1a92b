using System.Buffers.Binary;
using System.Text;
using Volley.Recipes.Json;

namespace Volley.Data;

/// <summary>A recording in a NumPy file (format 1, 2 or 3; NEP 1): <c>[steps]</c> or <c>[steps, channels]</c>, of floats, integers or booleans.</summary>
internal static class NpyFile
{
    private const int MostHeaderBytes = 1 << 16;

    private const long MostUnits = 10_000_000;

    /// <exception cref="InvalidDataException">It is bad; one sentence with the byte.</exception>
    public static Sequence Read(string path)
    {
        using DataFile file = DataFile.Open(path);
        if (file.IsGzip)
            throw file.Bad(0, "the file is packed by gzip; unpack it");
        NpyHeader header = ReadHeader(file);
        if (header.Shape.Length is 0 or > 2 || header.Shape.Contains(0))
            throw file.Bad(file.Position, $"the array has the shape ({string.Join(", ", header.Shape)}); expected (steps) or (steps, channels), none of them 0");
        (Func<byte[], int, double> read, int size) = ReaderOf(header, file);
        long steps = header.Shape[0], units = header.Shape.Length == 2 ? header.Shape[1] : 1, rest = file.MostBytes - file.Position;
        // Each factor is at most what the file holds, so that no product overflows.
        if (steps > rest || units > rest || (Int128)steps * units * size != rest)
            throw file.Bad(file.Position, $"the array of {string.Join(" x ", header.Shape)} values of {size} bytes does not fit the {rest} bytes that follow");
        if (units > MostUnits || steps * units > Sequence.MostBytes / sizeof(float))
            throw file.Bad(file.Position, $"the array of {string.Join(" x ", header.Shape)} values is larger than a recording may be; cut it");
        var values = new float[steps * units];
        Fill(file, values, (int)steps, (int)units, header.Fortran, read, size);
        return Sequence.OfValues(values, (int)units);
    }

    private static NpyHeader ReadHeader(DataFile file)
    {
        Span<byte> start = stackalloc byte[12];
        int read = file.ReadSome(start[..8]);
        if (start[..read].StartsWith("PK"u8))
            throw file.Bad(0, "this is an archive (.npz); save its arrays one by one by numpy.save");
        if (read < 8 || !start.StartsWith("\u0093NUMPY"u8[1..]))
            throw file.Bad(0, "this is no .npy file: it does not begin with \\x93NUMPY");
        int version = start[6];
        if (version is < 1 or > 3)
            throw file.Bad(6, $"the version of the format is {version}, expected 1, 2 or 3");
        int lengthBytes = version == 1 ? 2 : 4;
        file.ReadExactly(start[8..(8 + lengthBytes)], "the header's length");
        long length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (length > MostHeaderBytes)
            throw file.Bad(8, $"the header has {length} bytes; at most {MostHeaderBytes} are read");
        long at = file.Position;
        byte[] text = file.ReadArray((int)length, "the header");
        try
        {
            return NpyHeader.Parse(Encoding.Latin1.GetString(text));
        }
        catch (FormatException failure)
        {
            throw file.Bad(at, failure.Message);
        }
    }

    private static void Fill(DataFile file, float[] values, int steps, int units, bool fortran, Func<byte[], int, double> read, int size)
    {
        var block = new byte[(1 << 16) / size * size];
        for (int done = 0; done < values.Length;)
        {
            int count = Math.Min(values.Length - done, block.Length / size);
            long at = file.Position;
            file.ReadExactly(block.AsSpan(0, count * size), "the array");
            for (int i = 0; i < count; i++, done++)
            {
                var value = (float)read(block, i * size);
                if (!float.IsFinite(value))
                    throw file.Bad(at + i * size, "this value is no finite number that float32 holds");
                values[fortran ? done % steps * units + done / steps : done] = value;
            }
        }
    }

    private static (Func<byte[], int, double> Read, int Size) ReaderOf(NpyHeader header, DataFile file)
    {
        bool big = header.BigEndian;
        return header.Type switch
        {
            "b1" => ((bytes, at) => bytes[at] == 0 ? 0 : 1, 1),
            "i1" => ((bytes, at) => (sbyte)bytes[at], 1),
            "u1" => ((bytes, at) => bytes[at], 1),
            "i2" => ((bytes, at) => (short)Bits16(bytes, at, big), 2),
            "u2" => ((bytes, at) => Bits16(bytes, at, big), 2),
            "f2" => ((bytes, at) => (double)BitConverter.UInt16BitsToHalf(Bits16(bytes, at, big)), 2),
            "i4" => ((bytes, at) => (int)Bits32(bytes, at, big), 4),
            "u4" => ((bytes, at) => Bits32(bytes, at, big), 4),
            "f4" => ((bytes, at) => BitConverter.UInt32BitsToSingle(Bits32(bytes, at, big)), 4),
            "i8" => ((bytes, at) => (long)Bits64(bytes, at, big), 8),
            "u8" => ((bytes, at) => Bits64(bytes, at, big), 8),
            "f8" => ((bytes, at) => BitConverter.UInt64BitsToDouble(Bits64(bytes, at, big)), 8),
            _ => throw file.Bad(file.Position, $"the values are of the type '{Names.Shown(header.Type)}'; expected float of 2, 4 or 8 bytes, int or uint of 1 to 8, or bool"),
        };
    }

    private static ushort Bits16(byte[] bytes, int at, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint Bits32(byte[] bytes, int at, bool big) =>
        big ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static ulong Bits64(byte[] bytes, int at, bool big) =>
        big ? BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}
