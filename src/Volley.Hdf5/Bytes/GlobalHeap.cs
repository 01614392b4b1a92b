namespace Volley.Hdf5.Bytes;

/// <summary>Collections of elements with lengths of their own. Each is walked once, and where its objects are is kept: 24 bytes for each.</summary>
internal sealed class GlobalHeap(Source source)
{
    private const string Name = "a heap of variable-length elements";

    private readonly Dictionary<long, Dictionary<int, (long Address, long Bytes)>> _collections = [];
    private readonly Budget _walked = new(source);

    /// <summary>Where an object lies.</summary>
    /// <param name="collection">The address of its collection.</param>
    /// <param name="index">Its number there.</param>
    /// <param name="at">Where the file names it.</param>
    public (long Address, long Bytes) Find(long collection, long index, long at)
    {
        if (!_collections.TryGetValue(collection, out Dictionary<int, (long, long)>? objects))
            _collections.Add(collection, objects = Walk(collection));
        return index is > 0 and <= ushort.MaxValue && objects.TryGetValue((int)index, out (long, long) place)
            ? place
            : throw source.Bad(at, $"element {index} is not in the heap that should have it");
    }

    private Dictionary<int, (long, long)> Walk(long collection)
    {
        int head = 8 + source.LengthSize;
        Block header = _walked.Read(collection, head, Name);
        header.Signature("GCOL"u8, Name);
        header.Version(1, Name);
        header.Skip(3);
        long size = header.Size();
        source.Place(collection, size, Name);
        var objects = new Dictionary<int, (long, long)>();
        long next = collection + Round(head), end = collection + size;
        while (end - next >= Round(head))
        {
            Block block = _walked.Read(next, head, Name);
            int index = block.U16();
            block.Skip(6);
            long bytes = block.Size();
            if (index == 0)
                break;
            long first = next + Round(head);
            if (bytes > end - first)
                throw block.Bad($"an element of {bytes} bytes does not fit in its heap");
            if (!objects.TryAdd(index, (first, bytes)))
                throw block.Bad($"element {index} is in its heap twice");
            next = first + Round(bytes);
        }
        return objects;
    }

    private static long Round(long bytes) => bytes + 7 & ~7L;
}
