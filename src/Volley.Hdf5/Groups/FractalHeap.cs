using System.Numerics;
using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Groups;

/// <summary>A heap whose blocks double in size row by row; an object is found by its place in the heap as a whole.</summary>
internal sealed class FractalHeap
{
    private const string Name = "a heap of links";

    private readonly Source _source;
    private readonly Budget _structure, _objects;
    private readonly int _offsetBytes, _lengthBytes, _width;
    private readonly long _smallest, _largest;

    // Blocks that hold objects, by where each begins in the heap.
    private readonly SortedList<long, (long Address, long Bytes)> _blocks = [];

    public FractalHeap(Source source, long address)
    {
        _source = source;
        _structure = new Budget(source);
        _objects = new Budget(source);
        Block header = _structure.Read(address, 26 + 12 * source.LengthSize + 3 * source.OffsetSize, Name);
        header.Signature("FRHP"u8, Name);
        header.Version(0, Name);
        header.Skip(2);
        if (header.U16() != 0)
            throw header.Bad("a compressed heap of links is not read");
        header.Skip(1);
        long mostObject = header.U32();
        header.Skip(source.LengthSize + source.OffsetSize + source.LengthSize + source.OffsetSize + 8L * source.LengthSize);
        _width = header.U16();
        _smallest = header.Size();
        _largest = header.Size();
        int bits = header.U16();
        header.Skip(2);
        long root = header.Address();
        int rows = header.U16();
        header.Checksum(Name);
        if (bits is < 1 or > 62 || _width < 1 || !BitOperations.IsPow2(_width) || _smallest < 1 || _largest < _smallest || !BitOperations.IsPow2(_smallest)
            || !BitOperations.IsPow2(_largest) || _largest > 1L << 32 || rows > 64)
        {
            throw header.Bad($"blocks of {_smallest} … {_largest} bytes, {_width} a row, {rows} rows of 2^{bits} bytes are not read");
        }
        _offsetBytes = (bits + 7) / 8;
        _lengthBytes = Math.Max(1, Math.Min((BitOperations.Log2((ulong)_largest) + 7) / 8, BitOperations.Log2((ulong)Math.Max(1, mostObject)) / 8 + 1));
        if (root < 0)
            return;
        if (rows == 0)
            _blocks.Add(0, (root, _smallest));
        else
            ReadRows(root, rows, 0);
    }

    /// <summary>The object of the identifier that is next in <paramref name="id"/>.</summary>
    public Block Open(Block id)
    {
        int flags = id.U8();
        if (flags >> 4 != 0)
            throw id.Bad("a link that is kept outside of its heap's blocks is not read");
        long place = id.Number(_offsetBytes), length = id.Number(_lengthBytes);
        int i = Last(place);
        if (i < 0)
            throw id.Bad($"byte {place} of the heap lies in none of its blocks");
        (long start, (long address, long bytes)) = (_blocks.GetKeyAtIndex(i), _blocks.GetValueAtIndex(i));
        if (place - start > bytes - length)
            throw id.Bad($"{length} bytes from byte {place} of the heap on do not fit in a block");
        return _objects.Read(address + (place - start), length, Name);
    }

    private void ReadRows(long address, int rows, long start)
    {
        long direct = 0, all = 0;
        for (int row = 0; row < rows; row++)
        {
            all += _width;
            direct += BlockBytes(row) <= _largest ? _width : 0;
        }
        int head = 5 + _source.OffsetSize + _offsetBytes;
        Block block = _structure.Read(address, head + all * _source.OffsetSize + 4, Name);
        block.Signature("FHIB"u8, Name);
        block.Version(0, Name);
        block.Skip(_source.OffsetSize + _offsetBytes);
        for (int row = 0; row < rows; row++)
        {
            long bytes = BlockBytes(row);
            for (int column = 0; column < _width; column++, start += bytes)
            {
                long child = block.Address();
                if (child < 0)
                    continue;
                if (bytes > _largest)
                    ReadRows(child, RowsOf(bytes), start);
                else if (!_blocks.TryAdd(start, (child, bytes)))
                    throw block.Bad("two blocks of a heap begin at the same place");
            }
        }
        block.Checksum(Name);
    }

    /// <summary>Bytes of a block in a row: twice the row before from the third on.</summary>
    private long BlockBytes(int row)
    {
        int shift = Math.Max(0, row - 1);
        return shift < 62 - BitOperations.Log2((ulong)_smallest) ? _smallest << shift : long.MaxValue >> 1;
    }

    /// <summary>Rows of a block of blocks that stands for so many bytes of the heap.</summary>
    private int RowsOf(long bytes) =>
        Math.Max(1, BitOperations.Log2((ulong)bytes) - BitOperations.Log2((ulong)(_smallest * _width)) + 1);

    private int Last(long place)
    {
        int low = 0, high = _blocks.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_blocks.GetKeyAtIndex(middle) <= place)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }
}
