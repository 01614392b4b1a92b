using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Format;

/// <summary>The beginning of a file: widths of numbers, and where the root group is.</summary>
internal static class Superblock
{
    private const int SignatureBytes = 8;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Sets the source's widths and base.</summary>
    /// <returns>The address of the root group's header.</returns>
    public static long Read(Source source)
    {
        long at = Find(source);
        Block block = source.Read(at, Math.Min(128, source.Length - at), "the superblock");
        block.Skip(SignatureBytes);
        int version = block.U8();
        return version switch
        {
            0 or 1 => ReadFirst(source, block, at, version),
            2 or 3 => ReadSecond(source, block, at),
            _ => throw source.Bad(at + SignatureBytes, $"the superblock has version {version}; versions 0 to 3 are read"),
        };
    }

    /// <summary>A block of the user's own may come first; its size is 512 bytes or a larger power of two.</summary>
    private static long Find(Source source)
    {
        Span<byte> found = stackalloc byte[SignatureBytes];
        for (long at = 0; at <= source.Length - SignatureBytes; at = at == 0 ? 512 : at * 2)
        {
            source.Read(at, found, "the superblock");
            if (found.SequenceEqual(Signature))
                return at;
        }
        throw source.Bad(0, "this is no HDF5 file");
    }

    private static long ReadFirst(Source source, Block block, long at, int version)
    {
        block.Skip(4);
        Widths(source, block);
        block.Skip(1 + 2 + 2 + 4 + (version == 1 ? 4 : 0));
        SetBase(source, block, at);
        block.Skip(3L * source.OffsetSize);
        block.Skip(source.OffsetSize);
        return block.Address();
    }

    private static long ReadSecond(Source source, Block block, long at)
    {
        Widths(source, block);
        block.Skip(1);
        SetBase(source, block, at);
        block.Skip(2L * source.OffsetSize);
        long root = block.Address();
        block.Checksum("the superblock");
        return root;
    }

    private static void Widths(Source source, Block block)
    {
        source.OffsetSize = Width(block, "addresses");
        source.LengthSize = Width(block, "sizes");
    }

    private static int Width(Block block, string what)
    {
        int width = block.U8();
        return width is 2 or 4 or 8 ? width : throw block.Source.Bad(block.At - 1, $"{what} have {width} bytes; 2, 4 and 8 are read");
    }

    // Where a file sits behind a user's block, some writers count from the file's start and some from the superblock.
    private static void SetBase(Source source, Block block, long at)
    {
        long stated = block.Address();
        if (stated != at && stated != 0)
            throw source.Bad(block.At - source.OffsetSize, $"addresses count from {stated}; 0 or {at} was expected");
        source.Base = stated;
    }
}
