using System.Buffers.Binary;
using System.Text;
using Volley.Recipes.Json;

namespace Volley.Data;

/// <summary>One array of a MATLAB file: the elements within an element.</summary>
internal static class MatMatrix
{
    private const int MostAxes = 32, MostNameBytes = 1024;
    private const uint Int8 = 1, Int32 = 5, UInt32 = 6, ComplexFlag = 0x800;

    private static readonly string[] Classes =
    [
        "0", "cell", "struct", "object", "char", "sparse", "double", "single", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64",
    ];

    private const int FirstNumeric = 6;

    /// <summary>Reads what the tag before it announced; null where it is none of <paramref name="names"/>.</summary>
    public static MatArray? Read(MatSource source, uint size, long at, ReadOnlySpan<string> names)
    {
        long start = source.Position;
        (uint type, byte[] flags) = Element(source, "the flags", 8);
        if (type != UInt32 || flags.Length != 8)
            throw source.Bad(start, $"an array begins with 8 bytes of flags, found {flags.Length} of type {type}");
        uint word = source.ToUInt32(flags), kind = word & 0xFF;
        int[] shape = Shape(source);
        string name = Name(source);
        if (!names.Contains(name))
            return null;
        if (kind is < FirstNumeric or >= 16)
            throw source.Bad(start, $"'{name}' is an array of the class '{(kind < 16 ? Classes[kind] : kind)}'; only numbers are read");
        if ((word & ComplexFlag) != 0)
            throw source.Bad(start, $"'{name}' is complex; only real numbers are read");
        double[] values = Values(source, name, shape);
        return source.Position - start <= (long)size + 8
            ? new MatArray(name, shape, values)
            : throw source.Bad(at, $"the array '{name}' needs {source.Position - start} bytes, but its element has {size}");
    }

    private static int[] Shape(MatSource source)
    {
        long at = source.Position;
        (uint type, byte[] bytes) = Element(source, "the sizes", 4 * MostAxes);
        if (type != Int32 || bytes.Length < 8 || bytes.Length % 4 != 0)
            throw source.Bad(at, $"the sizes of an array are two or more int32, found {bytes.Length} bytes of type {type}");
        var shape = new int[bytes.Length / 4];
        long elements = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            uint axis = source.ToUInt32(bytes.AsSpan(4 * i));
            // One factor is at most MostElements and the other below 2^32: the product fits.
            elements *= axis;
            if (elements > MatFile.MostElements)
                throw source.Bad(at, $"the sizes up to the {i + 1}. ({axis}) ask for more than {MatFile.MostElements} elements");
            shape[i] = (int)axis;
        }
        return shape;
    }

    private static string Name(MatSource source)
    {
        long at = source.Position;
        (uint type, byte[] bytes) = Element(source, "the name", MostNameBytes);
        return type == Int8 ? Names.Shown(Encoding.Latin1.GetString(bytes)) : throw source.Bad(at, $"the name of an array is int8, found type {type}");
    }

    private static double[] Values(MatSource source, string name, int[] shape)
    {
        long at = source.Position;
        int count = shape.Aggregate(1, (product, axis) => product * axis);
        (uint type, byte[] bytes) = Element(source, $"the values of '{name}'", (long)count * sizeof(double));
        int size = SizeOf(type);
        if (size == 0)
            throw source.Bad(at, $"the values of '{name}' are of type {type}, which is no number");
        if (bytes.Length != (long)count * size)
            throw source.Bad(at, $"the array '{name}' of {string.Join(" x ", shape)} needs {(long)count * size} bytes, but its values have {bytes.Length}");
        var values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = Number(type, bytes.AsSpan(i * size, size), source.BigEndian);
        return values;
    }

    /// <summary>Type and content of the next element, with the bytes that fill it up to a multiple of eight. A small one, of at most four bytes, has
    /// its size in the upper half of its type.</summary>
    private static (uint Type, byte[] Content) Element(MatSource source, string what, long most)
    {
        long at = source.Position;
        uint type = source.UInt32(what), size;
        bool small = type > 0xFFFF;
        (type, size) = small ? (type & 0xFFFF, type >> 16) : (type, source.UInt32(what));
        if (small && size > 4)
            throw source.Bad(at, $"{what} are a small element of {size} bytes, which has at most 4");
        if (size > Math.Min(most, int.MaxValue - 8))
            throw source.Bad(at, $"{what} have {size} bytes, expected at most {most}");
        byte[] content = source.ReadArray((int)size, what);
        int padding = small ? 4 - (int)size : (int)((8 - size % 8) % 8);
        // The last element of an array may end without it.
        if (padding > 0 && source.Left > 0)
            source.Pass(padding);
        return (type, content);
    }

    /// <summary>Bytes of a number of that type; 0 for what is none.</summary>
    private static int SizeOf(uint type) => type switch { 1 or 2 => 1, 3 or 4 => 2, 5 or 6 or 7 => 4, 9 or 12 or 13 => 8, _ => 0 };

    private static double Number(uint type, ReadOnlySpan<byte> bytes, bool bigEndian) => (type, bigEndian) switch
    {
        (1, _) => (sbyte)bytes[0],
        (2, _) => bytes[0],
        (3, false) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        (3, true) => BinaryPrimitives.ReadInt16BigEndian(bytes),
        (4, false) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (4, true) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        (5, false) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        (5, true) => BinaryPrimitives.ReadInt32BigEndian(bytes),
        (6, false) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        (6, true) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        (7, false) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        (7, true) => BinaryPrimitives.ReadSingleBigEndian(bytes),
        (9, false) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        (9, true) => BinaryPrimitives.ReadDoubleBigEndian(bytes),
        (12, false) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        (12, true) => BinaryPrimitives.ReadInt64BigEndian(bytes),
        (13, false) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        _ => BinaryPrimitives.ReadUInt64BigEndian(bytes),
    };
}
