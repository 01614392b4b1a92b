using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Chunks;

/// <summary>An entry of the newer indices: an address, and with filters the stored bytes and the filters left out.</summary>
internal readonly struct ChunkEntry
{
    private readonly int _sizeBytes;
    private readonly long _chunkBytes;

    /// <param name="block">Where the index says how large its entries are, for a message.</param>
    /// <param name="bytes">Bytes of an entry.</param>
    /// <param name="table">The chunks.</param>
    public ChunkEntry(Block block, int bytes, ChunkTable table)
    {
        Bytes = bytes;
        _chunkBytes = table.ChunkBytes;
        int address = block.Source.OffsetSize;
        _sizeBytes = table.Filters.Any ? bytes - address - 4 : 0;
        if (table.Filters.Any ? _sizeBytes is < 1 or > 8 : bytes != address)
            throw block.Bad($"an entry of a chunk index has {bytes} bytes, which does not fit the dataset's filters");
    }

    public int Bytes { get; }

    public StoredChunk Read(Block block)
    {
        long address = block.Address();
        return _sizeBytes == 0 ? new(address, _chunkBytes, 0) : new(address, block.Number(_sizeBytes), block.U32());
    }
}
