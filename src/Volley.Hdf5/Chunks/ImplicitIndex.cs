namespace Volley.Hdf5.Chunks;

/// <summary>No index: all chunks one after another.</summary>
internal static class ImplicitIndex
{
    public static void Read(ChunkTable table)
    {
        long most = table.Source.Length / table.ChunkBytes;
        long count = table.MostChunks(most)
            ?? throw table.Source.Bad(table.Layout.At, $"more chunks than the {most} that fit in this file should follow one another");
        Span<long> place = stackalloc long[table.Axes];
        for (long i = 0; i < count; i++)
        {
            table.Place(i, 0, place);
            table.Add(place, new StoredChunk(table.Layout.Address + i * table.ChunkBytes, table.ChunkBytes, 0), table.Layout.At);
        }
    }
}
