using System.Numerics;

namespace Volley.Hdf5.Bytes;

/// <summary>The B-tree of version 2: records of one size, all of which are visited.</summary>
internal sealed class SecondTree
{
    private const string Name = "a tree";
    private const int NodeBytes = 10;

    // Nodes have at least two children, so no file is large enough for a deeper one.
    private const int MostDepth = 40;

    private readonly Source _source;
    private readonly Budget _budget;
    private readonly int _recordBytes, _countBytes;
    private readonly long[] _mostBelow;   // records of a node and all below it, by depth
    private readonly Action<Block> _visit;

    private SecondTree(Source source, long address, int type, Action<Block, int> visit)
    {
        _source = source;
        _budget = new Budget(source);
        Block header = _budget.Read(address, 22 + source.OffsetSize + source.LengthSize, Name);
        header.Signature("BTHD"u8, Name);
        header.Version(0, Name);
        int found = header.U8();
        if (found != type)
            throw header.Bad($"a tree of kind {found} stands where kind {type} was expected");
        long nodeBytes = header.U32();
        _recordBytes = header.U16();
        int depth = header.U16();
        header.Skip(2);
        long root = header.Address();
        int count = header.U16();
        header.Size();
        header.Checksum(Name);
        if (_recordBytes < 1 || nodeBytes < NodeBytes + _recordBytes || depth > MostDepth)
            throw header.Bad($"nodes of {nodeBytes} bytes with records of {_recordBytes}, {depth} deep, are not read");
        _visit = block => visit(block, _recordBytes);
        _mostBelow = new long[depth + 1];
        _mostBelow[0] = (nodeBytes - NodeBytes) / _recordBytes;
        _countBytes = Width(_mostBelow[0]);
        for (int d = 1; d <= depth; d++)
        {
            int pointer = PointerBytes(d);
            long most = (nodeBytes - NodeBytes - pointer) / (_recordBytes + pointer);
            if (most < 1 || most > (long.MaxValue >> 1) / (_mostBelow[d - 1] + 1) - 1)
                throw header.Bad($"nodes of {nodeBytes} bytes do not fit a tree {depth} deep");
            _mostBelow[d] = (most + 1) * _mostBelow[d - 1] + most;
        }
        if (root >= 0)
            ReadNode(root, depth, count, type);
    }

    /// <summary>Visits all records in order.</summary>
    /// <param name="source">The file.</param>
    /// <param name="address">The tree's header.</param>
    /// <param name="type">What its records should be.</param>
    /// <param name="visit">Reads one record, given its bytes.</param>
    public static void Visit(Source source, long address, int type, Action<Block, int> visit) => _ = new SecondTree(source, address, type, visit);

    private void ReadNode(long address, int depth, long count, int type)
    {
        int pointer = depth == 0 ? 0 : PointerBytes(depth);
        Block block = _budget.Read(address, NodeBytes + count * _recordBytes + (depth == 0 ? 0 : (count + 1) * pointer), Name);
        if (depth == 0)
            block.Signature("BTLF"u8, Name);
        else
            block.Signature("BTIN"u8, Name);
        block.Version(0, Name);
        if (block.U8() != type)
            throw block.Bad("a node is of another kind than its tree");
        for (long i = 0; i < count; i++)
            _visit(block.Part(_recordBytes));
        if (depth > 0)
        {
            for (long i = 0; i <= count; i++)
            {
                long child = block.Address(), records = block.Number(_countBytes);
                block.Skip(pointer - _source.OffsetSize - _countBytes);
                if (records > _mostBelow[0])
                    throw block.Bad($"a node should have {records} records; at most {_mostBelow[0]} fit");
                ReadNode(child, depth - 1, records, type);
            }
        }
        block.Checksum(Name);
    }

    private int PointerBytes(int depth) => _source.OffsetSize + _countBytes + (depth > 1 ? Width(_mostBelow[depth - 1]) : 0);

    private static int Width(long most) => BitOperations.Log2((ulong)most) / 8 + 1;
}
