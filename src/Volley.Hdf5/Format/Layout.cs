using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Format;

/// <summary>Where a dataset's elements are.</summary>
internal abstract record Layout
{
    private const int Compact = 0, Contiguous = 1, Chunked = 2;
    private const long MostChunkBytes = 1 << 28;

    public static Layout Read(Block block, int axes, int elementBytes)
    {
        int version = block.U8();
        if (version is not (3 or 4))
            throw block.Bad($"the layout has version {version}; versions 3 and 4 are read");
        int kind = block.U8();
        return kind switch
        {
            Compact => new CompactLayout(block.At + 2, block.Take(block.U16()).ToArray()),
            Contiguous => new ContiguousLayout(block.Address(), block.Size()),
            Chunked => ReadChunks(block, version, axes, elementBytes),
            _ => throw block.Bad($"a layout of kind {kind} is not read; compact, contiguous and chunked are"),
        };
    }

    private static ChunkedLayout ReadChunks(Block block, int version, int axes, int elementBytes)
    {
        int flags = version == 4 ? block.U8() : 0, dimensions = block.U8();
        if (dimensions != axes + 1 || axes == 0)
            throw block.Bad($"chunks of {dimensions - 1} axes do not fit a dataset of {axes}");
        long address = version == 3 ? block.Address() : 0;
        int width = version == 3 ? 4 : block.U8();
        if (width is < 1 or > 8)
            throw block.Bad($"chunk sizes have {width} bytes; 1 … 8 were expected");
        var shape = new long[axes];
        long bytes = elementBytes;
        for (int i = 0; i < axes; i++)
        {
            shape[i] = block.Number(width);
            if (shape[i] < 1 || shape[i] > MostChunkBytes / bytes)
                throw block.Bad($"a chunk of more than {MostChunkBytes} bytes or of none is not read");
            bytes *= shape[i];
        }
        if (block.Number(width) is var stated && stated != elementBytes)
            throw block.Bad($"the layout has elements of {stated} bytes; the datatype has {elementBytes}");
        if (version == 3)
            return new ChunkedLayout(shape, (int)bytes, ChunkIndexKind.FirstTree, address) { At = block.At };
        var kind = (ChunkIndexKind)block.U8();
        var layout = new ChunkedLayout(shape, (int)bytes, kind, 0) { At = block.At, PartialUnfiltered = (flags & 1) != 0 };
        switch (kind)
        {
            case ChunkIndexKind.Single:
                if ((flags & 2) != 0)
                    layout = layout with { SingleBytes = block.Size(), SingleMask = block.U32() };
                break;
            case ChunkIndexKind.Implicit:
                break;
            case ChunkIndexKind.FixedArray:
                block.Skip(1);
                break;
            case ChunkIndexKind.ExtensibleArray:
                block.Skip(5);
                break;
            case ChunkIndexKind.SecondTree:
                block.Skip(6);
                break;
            default:
                throw block.Bad($"a chunk index of kind {(int)kind} is not read");
        }
        return layout with { Address = block.Address() };
    }
}

/// <summary>In the header itself.</summary>
internal sealed record CompactLayout(long At, byte[] Data) : Layout;

/// <summary>In one piece; the address is −1 where nothing was written.</summary>
internal sealed record ContiguousLayout(long Address, long Bytes) : Layout;

/// <summary>In chunks of one shape, each somewhere, found by an index.</summary>
internal sealed record ChunkedLayout(long[] Shape, int Bytes, ChunkIndexKind Index, long Address) : Layout
{
    /// <summary>Where the layout lies, for messages.</summary>
    public long At { get; init; }

    /// <summary>Whether chunks that reach over the dataset's edge are stored without filters.</summary>
    public bool PartialUnfiltered { get; init; }

    /// <summary>Stored bytes of an only chunk; null without filters.</summary>
    public long? SingleBytes { get; init; }

    public uint SingleMask { get; init; }
}

/// <summary>How chunks are found; the numbers are the format's, 0 stands for the tree of the older layout.</summary>
internal enum ChunkIndexKind
{
    FirstTree = 0,
    Single = 1,
    Implicit = 2,
    FixedArray = 3,
    ExtensibleArray = 4,
    SecondTree = 5,
}
