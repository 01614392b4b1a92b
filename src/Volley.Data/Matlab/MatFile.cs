using System.Buffers.Binary;
using System.IO.Compression;

namespace Volley.Data;

/// <summary>Reads numeric arrays of MATLAB 5 files (<c>.mat</c>, as <c>save -v6</c> and <c>-v7</c> write them, and SciPy): both byte orders, plain or
/// compressed, real. MathWorks, "MAT-File Format", chapter 1.</summary>
/// <remarks>A header of 128 bytes, then elements: type and size (4 bytes each), then the content. An array is an element of elements: flags,
/// sizes, name, values. Values may be stored in a smaller type than the array's own.</remarks>
internal static class MatFile
{
    /// <summary>The most elements of an array.</summary>
    public const int MostElements = 1 << 27;

    // Deflate's densest code: 258 bytes for 2 bits (RFC 1951).
    private const long MostRatio = 1032;

    private const int HeaderBytes = 128, MatrixElement = 14, PackedElement = 15;

    /// <summary>The arrays of some names.</summary>
    /// <exception cref="InvalidDataException">The file is no such file, damaged, or has not all of them; one sentence with the byte.</exception>
    public static IReadOnlyList<MatArray> Read(string path, params ReadOnlySpan<string> names)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        var file = new MatSource(stream, path, stream.Length);
        ReadHeader(file);
        var found = new Dictionary<string, MatArray>();
        while (file.Left > 0)
        {
            long at = file.Position;
            (uint type, uint size) = (file.UInt32("an element's type"), file.UInt32("an element's size"));
            if (size > file.Left)
                throw file.Bad(at, $"an element of {size} bytes begins here, but {file.Left} follow");
            long end = file.Position + size;
            if (ReadElement(file, stream, type, size, at, names) is { } array)
                found.TryAdd(array.Name, array);
            // Behind a packed element its reader may stand anywhere.
            stream.Position = end;
            file.MoveTo(end);
        }
        var arrays = new MatArray[names.Length];
        for (int i = 0; i < arrays.Length; i++)
            arrays[i] = found.GetValueOrDefault(names[i]) ?? throw file.Bad(file.Position, $"the file ends and has no array '{names[i]}'");
        return arrays;
    }

    private static void ReadHeader(MatSource file)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        file.ReadExactly(header, "the header");
        if (header.StartsWith("MATLAB 7.3"u8))
            throw file.Bad(0, "this is a MATLAB 7.3 file; save it by 'save -v7'");
        ReadOnlySpan<byte> order = header[126..];
        file.BigEndian = order.SequenceEqual("MI"u8);
        if (!file.BigEndian && !order.SequenceEqual("IM"u8))
            throw file.Bad(126, "this is no MATLAB 5 file: bytes 126 and 127 are neither 'IM' nor 'MI'");
        int version = file.BigEndian ? BinaryPrimitives.ReadInt16BigEndian(header[124..]) : BinaryPrimitives.ReadInt16LittleEndian(header[124..]);
        if (version != 0x0100)
            throw file.Bad(124, $"the version of the format is {version}, expected {0x0100}");
    }

    private static MatArray? ReadElement(MatSource file, FileStream stream, uint type, uint size, long at, ReadOnlySpan<string> names)
    {
        if (type == MatrixElement)
            return MatMatrix.Read(file, size, at, names);
        if (type != PackedElement)
            return null;
        using var slice = new MatSlice(stream, size);
        using var unpacked = new ZLibStream(slice, CompressionMode.Decompress);
        var inner = new MatSource(unpacked, file.Path, size * MostRatio, $"unpacked from byte {at}") { BigEndian = file.BigEndian };
        uint innerType = inner.UInt32("an element's type");
        if (innerType != MatrixElement)
            return null;
        uint innerSize = inner.UInt32("an element's size");
        MatArray? array = MatMatrix.Read(inner, innerSize, 0, names);
        if (array is not null)
            inner.ExpectEnd();
        return array;
    }
}
