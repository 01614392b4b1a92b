using System.Buffers.Binary;

namespace Volley.Data;

/// <summary>Reads idx files (LeCun, Cortes &amp; Burges, the MNIST page) of unsigned bytes, plain or gzip.</summary>
/// <remarks>Big-endian: 0, 0, type (8 = unsigned byte), number of dimensions, one 32-bit size a dimension, then the data, last axis contiguous.</remarks>
public static class Idx
{
    /// <summary>The most elements that are read, so that the decoded images fit an array.</summary>
    internal const int MostElements = 1_000_000_000;

    private const byte UnsignedByte = 8;

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dimensions">How many dimensions it must have, 1 … 8.</param>
    /// <exception cref="InvalidDataException">The file is no such array, or shorter or longer than its header says; the message has the offset.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IdxArray Read(string path, int dimensions)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(dimensions, 1, 8), dimensions);
        using DataFile file = DataFile.Open(path);
        int[] shape = ReadHeader(file, dimensions);
        byte[] data = file.ReadArray(shape.Aggregate(1, (product, size) => product * size), $"an array of {string.Join(" x ", shape)}");
        file.ExpectEnd();
        return new IdxArray(shape, data);
    }

    /// <summary>Reads a list of labels, each below <paramref name="classes"/>.</summary>
    internal static ReadOnlyMemory<byte> ReadLabels(string path, int classes)
    {
        using DataFile file = DataFile.Open(path);
        int count = ReadHeader(file, 1)[0];
        byte[] labels = file.ReadArray(count, $"an array of {count}");
        file.ExpectEnd();
        int bad = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        return bad < 0
            ? labels
            : throw file.Bad(8 + bad, $"label {labels[bad]} of item {bad} is not one of the {classes} classes 0 … {classes - 1}");
    }

    /// <summary>The sizes that the header claims, checked against the length of the file.</summary>
    internal static int[] ReadShape(string path, int dimensions)
    {
        using DataFile file = DataFile.Open(path);
        return ReadHeader(file, dimensions);
    }

    private static int[] ReadHeader(DataFile file, int dimensions)
    {
        Span<byte> header = stackalloc byte[4 + 4 * dimensions];
        file.ReadExactly(header[..4], "the idx header");
        if (header[0] != 0 || header[1] != 0)
            throw file.Bad(0, $"an idx file starts with two zero bytes, found {header[0]} and {header[1]}");
        if (header[2] != UnsignedByte)
            throw file.Bad(2, $"the element type is {header[2]}, expected {UnsignedByte} (unsigned byte)");
        if (header[3] != dimensions)
            throw file.Bad(3, $"there are {header[3]} dimensions, expected {dimensions}");
        file.ReadExactly(header[4..], "the list of sizes");

        var shape = new int[dimensions];
        long elements = 1;
        for (int d = 0; d < dimensions; d++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + 4 * d)..]);
            if (size == 0)
                throw file.Bad(4 + 4 * d, $"size {d} is 0, expected at least 1");
            // One factor is at most MostElements and the other below 2^32: the product fits.
            elements *= size;
            if (elements > Math.Min(MostElements, file.MostBytes))
                throw file.Bad(4 + 4 * d, $"the sizes up to this one ({size}) ask for more bytes than the file can hold");
            shape[d] = (int)size;
        }
        return shape;
    }
}
