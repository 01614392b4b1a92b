using Volley.Hdf5.Bytes;
using Volley.Hdf5.Format;

namespace Volley.Hdf5.Chunks;

/// <summary>A chunk as the file has it.</summary>
/// <param name="Address">Where.</param>
/// <param name="Bytes">How many bytes are stored.</param>
/// <param name="Mask">A bit for each filter that was left out.</param>
internal readonly record struct StoredChunk(long Address, long Bytes, uint Mask);

/// <summary>The chunks of a dataset that are there, by their place in the grid of chunks.</summary>
internal sealed class ChunkTable
{
    private readonly Source _source;
    private readonly ChunkedLayout _layout;
    private readonly Filters _filters;
    private readonly Budget _stored;
    private readonly Dictionary<long, StoredChunk> _chunks = [];
    private readonly long[] _grid, _mostGrid;
    private long _decoded;

    private ChunkTable(Source source, ChunkedLayout layout, Dataspace space, Filters filters)
    {
        _source = source;
        _layout = layout;
        _filters = filters;
        _stored = new Budget(source);
        _grid = [.. space.Shape.Select((length, i) => Pieces(length, layout.Shape[i]))];
        _mostGrid = [.. space.Most.Select((length, i) => length < 0 ? -1 : Pieces(length, layout.Shape[i]))];
    }

    public Source Source => _source;

    public ChunkedLayout Layout => _layout;

    public Filters Filters => _filters;

    /// <summary>Bytes of a chunk without its filters, where those of all chunks are alike.</summary>
    public int ChunkBytes => _layout.Bytes;

    public int Axes => _grid.Length;

    /// <summary>Chunks along each axis.</summary>
    public IReadOnlyList<long> Grid => _grid;

    /// <summary>Bytes of all chunks that are there, without their filters.</summary>
    public long DecodedBytes => _decoded;

    public static ChunkTable Read(Source source, ChunkedLayout layout, Dataspace space, Filters filters)
    {
        var table = new ChunkTable(source, layout, space, filters);
        if (layout.Address < 0 || table._grid.Contains(0))
            return table;
        switch (layout.Index)
        {
            case ChunkIndexKind.FirstTree:
                FirstTree.Read(table);
                break;
            case ChunkIndexKind.Single:
                table.Add([.. table._grid.Select(_ => 0L)], new StoredChunk(layout.Address, layout.SingleBytes ?? layout.Bytes, layout.SingleMask), layout.At);
                break;
            case ChunkIndexKind.Implicit:
                ImplicitIndex.Read(table);
                break;
            case ChunkIndexKind.FixedArray:
                FixedArray.Read(table);
                break;
            case ChunkIndexKind.ExtensibleArray:
                ExtensibleArray.Read(table);
                break;
            default:
                SecondTreeIndex.Read(table);
                break;
        }
        return table;
    }

    /// <summary>The chunk at a place; null where none was written.</summary>
    public StoredChunk? Find(ReadOnlySpan<long> place) => _chunks.TryGetValue(Number(place), out StoredChunk chunk) ? chunk : null;

    /// <summary>Adds a chunk that an index names.</summary>
    /// <param name="place">Where it is in the grid; one that lies outside is left over from a larger dataset and passed over.</param>
    /// <param name="chunk">The chunk; passed over where it has no address.</param>
    /// <param name="at">Where the index says so.</param>
    public void Add(ReadOnlySpan<long> place, StoredChunk chunk, long at)
    {
        for (int i = 0; i < place.Length; i++)
        {
            if (place[i] < 0 || place[i] >= _grid[i])
                return;
        }
        if (chunk.Address < 0)
            return;
        _source.Place(chunk.Address, chunk.Bytes, "a chunk");
        _stored.Take(chunk.Bytes, at, "a chunk");
        if (chunk.Bytes < ChunkBytes / _filters.MostRatio)
            throw _source.Bad(at, $"a chunk of {ChunkBytes} bytes cannot be stored in {chunk.Bytes}");
        _decoded += ChunkBytes;
        if (_decoded > _source.Length * _filters.MostRatio)
            throw _source.Bad(at, $"the chunks so far should hold {_decoded} bytes, more than this file can");
        if (!_chunks.TryAdd(Number(place), chunk))
            throw _source.Bad(at, "a chunk is named twice");
    }

    /// <summary>The place of chunk number <paramref name="index"/> in an index that counts as far as the dataset may grow.</summary>
    /// <param name="index">Counted in row-major order.</param>
    /// <param name="first">The axis that is counted slowest; 0 for the axes in their order.</param>
    /// <param name="place">Its place.</param>
    public void Place(long index, int first, Span<long> place)
    {
        for (int i = Axes - 1; i >= 0; i--)
        {
            // The axes in the order first, 0, 1, … without first.
            int axis = i == 0 ? first : i <= first ? i - 1 : i;
            long count = i == 0 ? -1 : Math.Max(1, _mostGrid[axis]);
            (index, place[axis]) = count < 0 ? (0, index) : Math.DivRem(index, count);
        }
    }

    /// <summary>The axis without a limit, which an extensible array counts slowest.</summary>
    public int Unlimited() => Math.Max(0, Array.IndexOf(_mostGrid, -1L));

    /// <summary>How many chunks the dataset has as far as it may grow; null for more than <paramref name="most"/> or without limit.</summary>
    public long? MostChunks(long most)
    {
        long all = 1;
        foreach (long pieces in _mostGrid)
        {
            if (pieces < 0 || pieces > most)
                return null;
            all *= pieces;
            if (all > most)
                return null;
        }
        return all;
    }

    private long Number(ReadOnlySpan<long> place)
    {
        long number = 0;
        for (int i = 0; i < place.Length; i++)
            number = number * _grid[i] + place[i];
        return number;
    }

    private static long Pieces(long length, long piece) => length == 0 ? 0 : (length - 1) / piece + 1;
}
