using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Format;

/// <summary>Reads what the elements are, and says in a sentence which types are not read.</summary>
internal static class Datatype
{
    private const int Integer = 0, Float = 1, Text = 3, Enumeration = 8, Variable = 9;

    private static readonly string[] Names =
        ["integer", "float", "time", "text", "bit field", "opaque", "compound", "reference", "enumeration", "variable-length", "array"];

    /// <returns>The type, and the bytes of one element in the dataset itself.</returns>
    public static (Hdf5Type Type, int Stored) Read(Block block)
    {
        (int kind, uint bits, long size) = Head(block);
        if (kind != Variable)
            return (Fixed(block, kind, bits, size), (int)size);
        // A length, and where the elements are: an address and a number in the global heap.
        int reference = 4 + block.Source.OffsetSize + 4;
        if (size != reference)
            throw block.Bad($"a variable-length element has {size} bytes; {reference} were expected");
        if ((bits & 0xF) == 1)
            return (new Hdf5Type(Hdf5Kind.Text, 0, false, false, false), reference);
        (int inner, uint innerBits, long innerSize) = Head(block);
        if (inner is not (Integer or Float or Enumeration))
            throw block.Bad($"rows of the type '{Name(inner)}' are not read");
        return (Fixed(block, inner, innerBits, innerSize) with { IsRow = true }, reference);
    }

    private static (int Kind, uint Bits, long Size) Head(Block block)
    {
        int first = block.U8();
        if (first >> 4 is < 1 or > 4)
            throw block.Bad($"a datatype has version {first >> 4}; versions 1 to 4 are read");
        ReadOnlySpan<byte> bits = block.Take(3);
        return (first & 0xF, (uint)(bits[0] | bits[1] << 8 | bits[2] << 16), block.U32());
    }

    private static Hdf5Type Fixed(Block block, int kind, uint bits, long size) => kind switch
    {
        Integer => ReadInteger(block, bits, size),
        Float => ReadFloat(block, bits, size),
        Text => size is > 0 and <= 1 << 20
            ? new Hdf5Type(Hdf5Kind.Text, (int)size, false, false, false)
            : throw block.Bad($"a text has {size} bytes; 1 … {1 << 20} are read"),
        Enumeration => ReadEnumeration(block, size),
        _ => throw block.Bad($"elements of the type '{Name(kind)}' are not read"),
    };

    private static Hdf5Type ReadInteger(Block block, uint bits, long size)
    {
        int offset = block.U16(), precision = block.U16();
        if (size is not (1 or 2 or 4 or 8) || offset != 0 || precision != 8 * size)
            throw block.Bad($"an integer has {precision} bits from bit {offset} in {size} bytes; whole ones of 1, 2, 4 and 8 bytes are read");
        return new Hdf5Type(Hdf5Kind.Whole, (int)size, (bits & 8) != 0, (bits & 1) != 0, false);
    }

    private static Hdf5Type ReadFloat(Block block, uint bits, long size)
    {
        int offset = block.U16(), precision = block.U16(), exponentAt = block.U8(), exponent = block.U8(), mantissaAt = block.U8(), mantissa = block.U8();
        uint bias = block.U32();
        (int At, int Bits, int Mantissa, uint Bias) ieee = size switch
        {
            2 => (10, 5, 10, 15),
            4 => (23, 8, 23, 127),
            8 => (52, 11, 52, 1023),
            _ => default,
        };
        bool isIeee = ieee.Bits != 0 && offset == 0 && precision == 8 * size && mantissaAt == 0 && (bits >> 8 & 0xFF) == precision - 1
            && (exponentAt, exponent, mantissa, bias) == ieee && (bits & 0x40) == 0 && (bits >> 4 & 3) == 2;
        return isIeee
            ? new Hdf5Type(Hdf5Kind.Real, (int)size, true, (bits & 1) != 0, false)
            : throw block.Bad($"a float of {size} bytes is not laid out as IEEE 754 says; those of 2, 4 and 8 bytes are read");
    }

    private static Hdf5Type ReadEnumeration(Block block, long size)
    {
        (int kind, uint bits, long innerSize) = Head(block);
        return kind == Integer && innerSize == size
            ? ReadInteger(block, bits, size)
            : throw block.Bad("an enumeration is not of integers of its own size");
    }

    private static string Name(int kind) => kind < Names.Length ? Names[kind] : $"number {kind}";
}
