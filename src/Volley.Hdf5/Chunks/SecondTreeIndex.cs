using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Chunks;

/// <summary>The index of a dataset that can grow along several axes: a B-tree of version 2.</summary>
internal static class SecondTreeIndex
{
    private const int Plain = 10, Filtered = 11;

    public static void Read(ChunkTable table)
    {
        bool filtered = table.Filters.Any;
        SecondTree.Visit(table.Source, table.Layout.Address, filtered ? Filtered : Plain, (block, bytes) =>
        {
            long at = block.At;
            var entry = new ChunkEntry(block, bytes - 8 * table.Axes, table);
            StoredChunk chunk = entry.Read(block);
            Span<long> place = stackalloc long[table.Axes];
            for (int axis = 0; axis < place.Length; axis++)
                place[axis] = block.Number(8);
            table.Add(place, chunk, at);
        });
    }
}
