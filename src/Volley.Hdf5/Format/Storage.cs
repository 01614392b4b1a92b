using Volley.Hdf5.Bytes;
using Volley.Hdf5.Chunks;

namespace Volley.Hdf5.Format;

/// <summary>The elements of a dataset as bytes, wherever they lie.</summary>
internal abstract class Storage(int elementBytes)
{
    public int ElementBytes { get; } = elementBytes;

    /// <summary>A dataset that says it has more bytes than this is not believed.</summary>
    public abstract long MostBytes { get; }

    /// <summary>Reads one element, counted in row-major order.</summary>
    public abstract void Read(long index, Span<byte> element);

    /// <summary>Reads all elements in row-major order.</summary>
    /// <param name="elements">As many as there are.</param>
    public abstract void ReadAll(Span<byte> elements);

    public static Storage Open(Source source, ObjectHeader header, Dataspace space, int elementBytes)
    {
        if (header.Has(MessageKind.ExternalFiles))
            throw source.Bad(header.At, "elements in other files are not read");
        Layout layout = Layout.Read(header.Require(MessageKind.Layout, "layout"), space.Shape.Length, elementBytes);
        byte[] fill = FillValue.Read(header, elementBytes);
        return layout switch
        {
            CompactLayout compact => new CompactStorage(source, compact, elementBytes),
            ContiguousLayout { Address: < 0 } => new EmptyStorage(fill),
            ContiguousLayout contiguous => new ContiguousStorage(source, contiguous, elementBytes),
            ChunkedLayout chunked => new ChunkedStorage(
                ChunkTable.Read(source, chunked, space, new Filters(header.Find(MessageKind.Filters), elementBytes)), space.Shape, fill),
            _ => throw source.Bad(header.At, "the layout is not read"),
        };
    }
}

/// <summary>Elements in the header.</summary>
internal sealed class CompactStorage(Source source, CompactLayout layout, int elementBytes) : Storage(elementBytes)
{
    public override long MostBytes => layout.Data.Length;

    public override void Read(long index, Span<byte> element) => Piece(index * ElementBytes, element.Length).CopyTo(element);

    public override void ReadAll(Span<byte> elements) => Piece(0, elements.Length).CopyTo(elements);

    private Span<byte> Piece(long from, int bytes) => from <= layout.Data.Length - bytes
        ? layout.Data.AsSpan((int)from, bytes)
        : throw source.Bad(layout.At, $"the header holds {layout.Data.Length} bytes of elements; at least {from + bytes} were expected");
}

/// <summary>Elements that nobody wrote.</summary>
internal sealed class EmptyStorage(byte[] fill) : Storage(fill.Length)
{
    public override long MostBytes => 0;

    public override void Read(long index, Span<byte> element) => fill.CopyTo(element);

    public override void ReadAll(Span<byte> elements)
    {
        for (int i = 0; i < elements.Length; i += fill.Length)
            fill.CopyTo(elements[i..]);
    }
}

/// <summary>Elements in one piece.</summary>
internal sealed class ContiguousStorage : Storage
{
    private const string Name = "a dataset";

    private readonly Source _source;
    private readonly ContiguousLayout _layout;
    private readonly long _at;

    public ContiguousStorage(Source source, ContiguousLayout layout, int elementBytes)
        : base(elementBytes)
    {
        _source = source;
        _layout = layout;
        _at = source.Place(layout.Address, layout.Bytes, Name);
    }

    public override long MostBytes => _layout.Bytes;

    public override void Read(long index, Span<byte> element) => ReadFrom(index * ElementBytes, element);

    public override void ReadAll(Span<byte> elements) => ReadFrom(0, elements);

    private void ReadFrom(long from, Span<byte> elements)
    {
        if (from > _layout.Bytes - elements.Length)
            throw _source.Bad(_at, $"a dataset has {_layout.Bytes} bytes; at least {from + elements.Length} were expected");
        _source.Read(_layout.Address + from, elements, Name);
    }
}
