using Volley.Hdf5.Bytes;
using Volley.Hdf5.Format;

namespace Volley.Hdf5.Chunks;

/// <summary>Elements in chunks. The chunk that was read last is kept.</summary>
internal sealed class ChunkedStorage(ChunkTable table, long[] shape, byte[] fill) : Storage(fill.Length)
{
    private readonly long[] _chunk = table.Layout.Shape;
    private long[] _keptPlace = [];
    private byte[]? _kept;

    private Source File => table.Source;

    public override long MostBytes => table.DecodedBytes + File.Length;

    public override void Read(long index, Span<byte> element)
    {
        Span<long> place = stackalloc long[shape.Length], inside = stackalloc long[shape.Length];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            (index, long at) = Math.DivRem(index, shape[axis]);
            (place[axis], inside[axis]) = Math.DivRem(at, _chunk[axis]);
        }
        (Load(place) is { } chunk ? chunk.AsSpan((int)Number(inside, _chunk) * ElementBytes, ElementBytes) : fill).CopyTo(element);
    }

    public override void ReadAll(Span<byte> elements)
    {
        for (int i = 0; i < elements.Length; i += ElementBytes)
            fill.CopyTo(elements[i..]);
        if (elements.IsEmpty)
            return;
        var place = new long[shape.Length];
        do
        {
            if (Load(place) is { } chunk)
                Copy(chunk, place, elements);
        }
        while (Next(place, table.Grid));
    }

    /// <summary>Copies what lies within the dataset, a run along the last axis at a time.</summary>
    private void Copy(byte[] chunk, long[] place, Span<byte> elements)
    {
        int last = shape.Length - 1;
        long[] first = [.. place.Select((p, axis) => p * _chunk[axis])];
        long[] extent = [.. first.Select((f, axis) => axis == last ? 1 : Math.Min(_chunk[axis], shape[axis] - f))];
        int run = (int)Math.Min(_chunk[last], shape[last] - first[last]) * ElementBytes;
        var inside = new long[shape.Length];
        var there = new long[shape.Length];
        do
        {
            for (int axis = 0; axis < there.Length; axis++)
                there[axis] = first[axis] + inside[axis];
            chunk.AsSpan((int)Number(inside, _chunk) * ElementBytes, run).CopyTo(elements[((int)Number(there, shape) * ElementBytes)..]);
        }
        while (Next(inside, extent));
    }

    private byte[]? Load(ReadOnlySpan<long> place)
    {
        if (_kept is not null && place.SequenceEqual(_keptPlace))
            return _kept;
        if (table.Find(place) is not { } chunk)
            return null;
        long at = File.Place(chunk.Address, chunk.Bytes, "a chunk");
        var stored = new byte[chunk.Bytes];
        File.Read(chunk.Address, stored, "a chunk");
        bool plain = table.Layout.PartialUnfiltered && IsPartial(place);
        byte[] data = table.Filters.Undo(stored, plain ? uint.MaxValue : chunk.Mask, table.ChunkBytes, File, at);
        _keptPlace = place.ToArray();
        return _kept = data;
    }

    private bool IsPartial(ReadOnlySpan<long> place)
    {
        for (int axis = 0; axis < place.Length; axis++)
        {
            if (shape[axis] - place[axis] * _chunk[axis] < _chunk[axis])
                return true;
        }
        return false;
    }

    /// <summary>Counts up, the last axis fastest; false after the last place.</summary>
    private static bool Next(long[] place, IReadOnlyList<long> counts)
    {
        for (int axis = place.Length - 1; axis >= 0; axis--)
        {
            if (++place[axis] < counts[axis])
                return true;
            place[axis] = 0;
        }
        return false;
    }

    private static long Number(ReadOnlySpan<long> place, long[] counts)
    {
        long number = 0;
        for (int axis = 0; axis < place.Length; axis++)
            number = number * counts[axis] + place[axis];
        return number;
    }
}
