using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Chunks;

/// <summary>The index of a dataset that cannot grow: one entry a chunk, in pages where there are many.</summary>
internal static class FixedArray
{
    private const string Name = "a chunk index (fixed array)";

    public static void Read(ChunkTable table)
    {
        Source source = table.Source;
        var budget = new Budget(source);
        Block header = budget.Read(table.Layout.Address, 12 + source.LengthSize + source.OffsetSize, Name);
        header.Signature("FAHD"u8, Name);
        header.Version(0, Name);
        header.Skip(1);
        var entry = new ChunkEntry(header, header.U8(), table);
        int pageBits = header.U8();
        long count = header.Size(), address = header.Address();
        header.Checksum(Name);
        if (pageBits > 30)
            throw header.Bad($"pages of 2^{pageBits} entries are not read");
        if (count > source.Length / entry.Bytes)
            throw header.Bad($"{count} entries do not fit in this file");
        if (address < 0)
            return;
        long page = 1L << pageBits, pages = count > page ? (count + page - 1) / page : 0;
        int head = 6 + source.OffsetSize;
        if (pages == 0)
        {
            Block block = Begin(budget.Read(address, head + count * entry.Bytes + 4, Name));
            ReadEntries(table, entry, block, 0, count);
            block.Checksum(Name);
            return;
        }
        long bitmap = (pages + 7) / 8;
        Block first = Begin(budget.Read(address, head + bitmap + 4, Name));
        byte[] written = first.Take(bitmap).ToArray();
        first.Checksum(Name);
        for (long p = 0, at = address + head + bitmap + 4; p < pages; p++)
        {
            long entries = Math.Min(page, count - p * page);
            if ((written[p / 8] >> (int)(7 - p % 8) & 1) != 0)
            {
                Block block = budget.Read(at, entries * entry.Bytes + 4, Name);
                ReadEntries(table, entry, block, p * page, entries);
                block.Checksum(Name);
            }
            at += page * entry.Bytes + 4;
        }
    }

    private static Block Begin(Block block)
    {
        block.Signature("FADB"u8, Name);
        block.Version(0, Name);
        block.Skip(1 + block.Source.OffsetSize);
        return block;
    }

    private static void ReadEntries(ChunkTable table, ChunkEntry entry, Block block, long first, long count)
    {
        Span<long> place = stackalloc long[table.Axes];
        for (long i = first; i < first + count; i++)
        {
            long at = block.At;
            table.Place(i, 0, place);
            table.Add(place, entry.Read(block), at);
        }
    }
}
