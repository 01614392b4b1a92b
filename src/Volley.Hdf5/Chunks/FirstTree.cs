using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Chunks;

/// <summary>The B-tree of version 1, by the chunks' first elements.</summary>
internal static class FirstTree
{
    private const string Name = "a chunk index";

    public static void Read(ChunkTable table) => ReadNode(table, new Budget(table.Source), table.Layout.Address, null);

    private static void ReadNode(ChunkTable table, Budget budget, long address, int? expected)
    {
        Source source = table.Source;
        int head = 8 + 2 * source.OffsetSize, key = 8 + 8 * (table.Axes + 1);
        Block start = budget.Read(address, head, Name);
        start.Signature("TREE"u8, Name);
        int type = start.U8(), level = start.U8(), count = start.U16();
        if (type != 1)
            throw start.Bad($"a tree of kind {type} stands where chunks were expected");
        if (expected is { } wanted && level != wanted)
            throw start.Bad($"a node has level {level}; {wanted} was expected");
        Block block = budget.Read(address + head, (long)count * (key + source.OffsetSize), Name);
        Span<long> place = stackalloc long[table.Axes];
        for (int i = 0; i < count; i++)
        {
            long at = block.At, bytes = block.U32();
            uint mask = block.U32();
            for (int axis = 0; axis < table.Axes; axis++)
            {
                long first = block.Number(8);
                if (level == 0 && first % table.Layout.Shape[axis] != 0)
                    throw source.Bad(at, $"a chunk begins at element {first} of axis {axis}, which is no multiple of {table.Layout.Shape[axis]}");
                place[axis] = first / table.Layout.Shape[axis];
            }
            block.Skip(8);
            long child = block.Address();
            if (level == 0)
                table.Add(place, new StoredChunk(child, bytes, mask), at);
            else
                ReadNode(table, budget, child, level - 1);
        }
    }
}
