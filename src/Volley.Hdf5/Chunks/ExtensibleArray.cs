using System.Numerics;
using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Chunks;

/// <summary>The index of a dataset that can grow along one axis: entries in blocks that double in size, found through the index block or
/// through secondary blocks.</summary>
internal sealed class ExtensibleArray
{
    private const string Name = "a chunk index (extensible array)";
    private const int MostBits = 60;

    private readonly ChunkTable _table;
    private readonly Source _source;
    private readonly Budget _budget;
    private readonly ChunkEntry _entry;
    private readonly int _unlimited, _indexEntries, _smallest, _pointers, _offsetBytes;
    private readonly long _page;
    private readonly int _secondaries;
    private readonly long _index;
    private long _next;

    private ExtensibleArray(ChunkTable table)
    {
        _table = table;
        _source = table.Source;
        _budget = new Budget(_source);
        _unlimited = table.Unlimited();
        Block header = _budget.Read(table.Layout.Address, 16 + 6 * _source.LengthSize + _source.OffsetSize, Name);
        header.Signature("EAHD"u8, Name);
        header.Version(0, Name);
        header.Skip(1);
        _entry = new ChunkEntry(header, header.U8(), table);
        int bits = header.U8();
        _indexEntries = header.U8();
        _smallest = header.U8();
        _pointers = header.U8();
        int pageBits = header.U8();
        if (bits is < 1 or > MostBits || pageBits > 30 || !BitOperations.IsPow2(_smallest) || !BitOperations.IsPow2(_pointers) || _pointers < 2
            || bits < BitOperations.Log2((uint)_smallest))
        {
            throw header.Bad($"sizes of {bits} bits, blocks of {_smallest}, {_pointers} pointers and 2^{pageBits} a page are not read");
        }
        _page = 1L << pageBits;
        _offsetBytes = (bits + 7) / 8;
        _secondaries = 1 + bits - BitOperations.Log2((uint)_smallest);
        header.Skip(6L * _source.LengthSize);
        _index = header.Address();
        header.Checksum(Name);
    }

    public static void Read(ChunkTable table) => new ExtensibleArray(table).ReadIndex();

    private void ReadIndex()
    {
        if (_index < 0)
            return;
        // The data blocks of the first groups have their addresses here; those of a later group have a block of their own.
        int direct = Math.Min(_secondaries, 2 * BitOperations.Log2((uint)_pointers)), blocks = 2 * (_pointers - 1);
        int width = _source.OffsetSize, head = 6 + width;
        long bytes = head + (long)_indexEntries * _entry.Bytes + (long)blocks * width + (long)(_secondaries - direct) * width + 4;
        Block block = Begin(_budget.Read(_index, bytes, Name), "EAIB"u8);
        ReadEntries(block, _indexEntries);
        for (int group = 0; group < direct; group++)
        {
            for (long b = 0; b < Blocks(group); b++)
                ReadBlock(block.Address(), Entries(group), null, 0);
        }
        for (int group = direct; group < _secondaries; group++)
        {
            long address = block.Address();
            if (address < 0)
                _next += Blocks(group) * Entries(group);
            else
                ReadGroup(address, group);
        }
        block.Checksum(Name);
    }

    private void ReadGroup(long address, int group)
    {
        long blocks = Blocks(group), entries = Entries(group), pages = entries > _page ? entries / _page : 0, bitmap = (pages + 7) / 8;
        if (blocks > _source.Length)
            throw _source.Bad(_source.Place(address, 0, Name), $"{blocks} blocks do not fit in this file");
        int head = 6 + _source.OffsetSize + _offsetBytes;
        if (bitmap > _source.Length / blocks)
            throw _source.Bad(_source.Place(address, 0, Name), $"{blocks} blocks of {pages} pages do not fit in this file");
        Block block = Begin(_budget.Read(address, head + blocks * bitmap + blocks * _source.OffsetSize + 4, Name), "EASB"u8);
        block.Skip(_offsetBytes);
        byte[] written = block.Take(blocks * bitmap).ToArray();
        for (long b = 0; b < blocks; b++)
            ReadBlock(block.Address(), entries, pages == 0 ? null : written, b * pages);
        block.Checksum(Name);
    }

    /// <param name="address">Where; −1 where nothing was written.</param>
    /// <param name="entries">How many.</param>
    /// <param name="written">A bit for each page of all blocks of the group; null without pages.</param>
    /// <param name="bit">The bit of the block's first page.</param>
    private void ReadBlock(long address, long entries, byte[]? written, long bit)
    {
        if (address < 0)
        {
            _next += entries;
            return;
        }
        int head = 6 + _source.OffsetSize + _offsetBytes;
        if (entries > _source.Length)
            throw _source.Bad(_source.Place(address, 0, Name), $"{entries} entries do not fit in this file");
        if (written is null)
        {
            Block block = Begin(_budget.Read(address, head + entries * _entry.Bytes + 4, Name), "EADB"u8);
            block.Skip(_offsetBytes);
            ReadEntries(block, entries);
            block.Checksum(Name);
            return;
        }
        Block first = Begin(_budget.Read(address, head + 4, Name), "EADB"u8);
        first.Skip(_offsetBytes);
        first.Checksum(Name);
        long at = address + head + 4;
        for (long end = bit + entries / _page; bit < end; bit++, at += _page * _entry.Bytes + 4)
        {
            if ((written[bit / 8] >> (int)(7 - bit % 8) & 1) == 0)
            {
                _next += _page;
                continue;
            }
            Block block = _budget.Read(at, _page * _entry.Bytes + 4, Name);
            ReadEntries(block, _page);
            block.Checksum(Name);
        }
    }

    private void ReadEntries(Block block, long count)
    {
        Span<long> place = stackalloc long[_table.Axes];
        for (long i = 0; i < count; i++)
        {
            long at = block.At;
            _table.Place(_next++, _unlimited, place);
            _table.Add(place, _entry.Read(block), at);
        }
    }

    private static Block Begin(Block block, ReadOnlySpan<byte> letters)
    {
        block.Signature(letters, Name);
        block.Version(0, Name);
        block.Skip(1 + block.Source.OffsetSize);
        return block;
    }

    private static long Blocks(int group) => 1L << group / 2;

    private long Entries(int group) => (1L << (group + 1) / 2) * _smallest;
}
