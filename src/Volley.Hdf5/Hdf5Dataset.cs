using System.Numerics;
using System.Text;
using Volley.Hdf5.Bytes;
using Volley.Hdf5.Format;

namespace Volley.Hdf5;

/// <summary>A dataset of a file: numbers, texts, or rows of numbers with lengths of their own.</summary>
public sealed class Hdf5Dataset
{
    // Elements that nobody wrote take no room in the file; this much is believed all the same.
    private const long MostUnwrittenBytes = 1 << 20;

    private readonly Source _source;
    private readonly Storage _storage;
    private readonly GlobalHeap _heap;
    private readonly long[] _shape;
    private readonly long _at;

    internal Hdf5Dataset(Source source, ObjectHeader header, string path)
    {
        _source = source;
        _at = header.At;
        Path = path;
        Dataspace space = Dataspace.Read(header.Require(MessageKind.Dataspace, "dataspace"));
        _shape = space.Shape;
        Count = Product(space.Shape);
        (Type, int stored) = Datatype.Read(header.Require(MessageKind.Datatype, "datatype"));
        if (Count > long.MaxValue / stored)
            throw source.Bad(_at, $"'{path}' should have {Count} elements");
        _storage = Storage.Open(source, header, space, stored);
        _heap = new GlobalHeap(source);
    }

    /// <summary>Its name in the file.</summary>
    public string Path { get; }

    /// <summary>Elements along each axis; empty for a single element.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>Elements in all.</summary>
    public long Count { get; }

    /// <summary>What the elements are.</summary>
    public Hdf5Type Type { get; }

    /// <summary>All numbers, in row-major order.</summary>
    /// <typeparam name="T">Any number that has room for them; floats are not read as integers.</typeparam>
    /// <exception cref="InvalidDataException">These are no numbers, one does not fit, or the file is damaged.</exception>
    public T[] ReadAll<T>()
        where T : struct, INumber<T>
    {
        if (Type.IsRow)
            throw Wrong("single numbers");
        CheckNumbers<T>();
        byte[] bytes = ReadBytes();
        return Numbers<T>(bytes, Count, _at);
    }

    /// <summary>One row.</summary>
    /// <param name="index">Counted in row-major order.</param>
    /// <typeparam name="T">Any number that has room for the row's; floats are not read as integers.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="InvalidDataException">These are no rows of numbers, one does not fit, or the file is damaged.</exception>
    public T[] ReadRow<T>(long index)
        where T : struct, INumber<T>
    {
        CheckRows<T>();
        if (index < 0 || index >= Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"'{Path}' has rows 0 … {Count - 1}.");
        return Row<T>(index, null);
    }

    /// <summary>All rows in order, each read as it is asked for.</summary>
    /// <typeparam name="T">As in <see cref="ReadRow"/>.</typeparam>
    /// <exception cref="InvalidDataException">These are no rows of numbers, one does not fit, or the file is damaged. Rows that share their
    /// elements so often that the file could not hold them are damage.</exception>
    public IEnumerable<T[]> Rows<T>()
        where T : struct, INumber<T>
    {
        CheckRows<T>();
        return Each();

        IEnumerable<T[]> Each()
        {
            var budget = new Budget(_source);
            for (long i = 0; i < Count; i++)
                yield return Row<T>(i, budget);
        }
    }

    /// <summary>All texts, in row-major order, without padding.</summary>
    /// <exception cref="InvalidDataException">These are no texts, one is no UTF-8, or the file is damaged.</exception>
    public string[] ReadTexts()
    {
        if (Type.Kind != Hdf5Kind.Text)
            throw Wrong("texts");
        byte[] bytes = ReadBytes();
        int stored = _storage.ElementBytes;
        var texts = new string[Count];
        var budget = new Budget(_source);
        try
        {
            for (int i = 0; i < texts.Length; i++)
            {
                ReadOnlySpan<byte> element = bytes.AsSpan(i * stored, stored);
                texts[i] = Element.Text(Type.Bytes > 0 ? element : Variable(element, 1, budget, out _));
            }
        }
        catch (DecoderFallbackException)
        {
            throw _source.Bad(_at, $"'{Path}' has a text that is no UTF-8");
        }
        return texts;
    }

    private T[] Row<T>(long index, Budget? budget)
        where T : struct, INumber<T>
    {
        Span<byte> element = stackalloc byte[_storage.ElementBytes];
        _storage.Read(index, element);
        byte[] bytes = Variable(element, Type.Bytes, budget, out long at);
        return Numbers<T>(bytes, bytes.Length / Type.Bytes, at);
    }

    /// <summary>The bytes that an element of variable length stands for: its length, its collection and its number there.</summary>
    private byte[] Variable(ReadOnlySpan<byte> element, int each, Budget? budget, out long at)
    {
        at = _at;
        var block = new Block(_source, _at, element.ToArray());
        long length = block.U32() * (long)each, collection = block.Address(), index = block.U32();
        if (length == 0)
            return [];
        (long address, long bytes) = _heap.Find(collection, index, _at);
        at = _source.Place(address, bytes, "a row");
        if (length > bytes)
            throw _source.Bad(at, $"an element of '{Path}' has {bytes} bytes here; {length} were expected");
        budget?.Take(length, at, "a row");
        var content = new byte[length];
        _source.Read(address, content, "a row");
        return content;
    }

    private byte[] ReadBytes()
    {
        long bytes = Count * _storage.ElementBytes;
        if (bytes > Math.Max(MostUnwrittenBytes, _storage.MostBytes) || bytes > Array.MaxLength)
            throw _source.Bad(_at, $"'{Path}' should have {Count} elements, more than this file can hold");
        var content = new byte[bytes];
        _storage.ReadAll(content);
        return content;
    }

    private T[] Numbers<T>(byte[] bytes, long count, long at)
        where T : struct, INumber<T>
    {
        var numbers = new T[count];
        try
        {
            Element.Numbers<T>(bytes, Type, numbers);
        }
        catch (OverflowException)
        {
            throw _source.Bad(at, $"'{Path}' has a number that does not fit in {typeof(T).Name}");
        }
        return numbers;
    }

    private void CheckRows<T>()
        where T : struct, INumber<T>
    {
        if (!Type.IsRow)
            throw Wrong("rows of numbers");
        CheckNumbers<T>();
    }

    private void CheckNumbers<T>()
        where T : struct, INumber<T>
    {
        bool whole = T.One / (T.One + T.One) == T.Zero;
        if (Type.Kind == Hdf5Kind.Text || (whole && Type.Kind == Hdf5Kind.Real))
            throw Wrong(whole ? "integers" : "numbers");
    }

    private InvalidDataException Wrong(string asked) => _source.Bad(_at, $"'{Path}' holds {Type}, not {asked}");

    private long Product(long[] shape)
    {
        if (shape.Contains(0))
            return 0;
        long count = 1;
        foreach (long length in shape)
        {
            if (length > long.MaxValue / count)
                throw _source.Bad(_at, $"'{Path}' should have more elements than can be counted");
            count *= length;
        }
        return count;
    }
}
