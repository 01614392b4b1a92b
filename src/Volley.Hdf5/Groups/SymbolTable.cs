using System.Text;
using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Groups;

/// <summary>The older groups: a B-tree of version 1 whose leaves are tables of symbols, and a heap of names.</summary>
internal static class SymbolTable
{
    private const string Name = "a group";
    private const int Hard = 0, Cached = 1;

    // What an object's header can hold.
    private const int MostNameBytes = 65_536;

    public static void Read(Source source, Block message, List<Link> links)
    {
        long tree = message.Address(), heap = message.Address();
        var budget = new Budget(source);
        Block header = budget.Read(heap, 8 + 2 * source.LengthSize + source.OffsetSize, "a heap of names");
        header.Signature("HEAP"u8, "a heap of names");
        header.Version(0, "a heap of names");
        header.Skip(3);
        long size = header.Size();
        header.Size();
        var names = new NameHeap(budget.Read(header.Address(), size, "a heap of names"));
        ReadNode(source, budget, names, tree, null, links);
    }

    private static void ReadNode(Source source, Budget budget, NameHeap names, long address, int? expected, List<Link> links)
    {
        int head = 8 + 2 * source.OffsetSize;
        Block start = budget.Read(address, head, Name);
        start.Signature("TREE"u8, Name);
        int type = start.U8(), level = start.U8(), count = start.U16();
        if (type != 0)
            throw start.Bad($"a tree of kind {type} stands where a group was expected");
        if (expected is { } wanted && level != wanted)
            throw start.Bad($"a node has level {level}; {wanted} was expected");
        Block block = budget.Read(address + head, (long)count * (source.LengthSize + source.OffsetSize), Name);
        for (int i = 0; i < count; i++)
        {
            block.Size();
            long child = block.Address();
            if (level == 0)
                ReadSymbols(source, budget, names, child, links);
            else
                ReadNode(source, budget, names, child, level - 1, links);
        }
    }

    private static void ReadSymbols(Source source, Budget budget, NameHeap names, long address, List<Link> links)
    {
        Block start = budget.Read(address, 8, Name);
        start.Signature("SNOD"u8, Name);
        start.Version(1, Name);
        start.Skip(1);
        int count = start.U16(), bytes = 2 * source.OffsetSize + 24;
        Block block = budget.Read(address + 8, (long)count * bytes, Name);
        for (int i = 0; i < count; i++)
        {
            long at = block.At, name = block.Address(), target = block.Address(), kind = block.U32();
            block.Skip(20);
            links.Add(new Link(names.At(name, at), kind is Hard or Cached ? target : -1, at));
        }
    }

    /// <summary>Names by their place in the heap; a name is read once however many symbols share it.</summary>
    private sealed class NameHeap(Block block)
    {
        private readonly byte[] _bytes = block.Take(block.Left).ToArray();
        private readonly Dictionary<long, string> _names = [];
        private long _read;

        public string At(long place, long at)
        {
            if (_names.TryGetValue(place, out string? known))
                return known;
            if (place < 0 || place >= _bytes.Length)
                throw block.Source.Bad(at, $"a name lies at {place} in a heap of {_bytes.Length} bytes");
            ReadOnlySpan<byte> rest = _bytes.AsSpan((int)place);
            int length = rest[..Math.Min(rest.Length, MostNameBytes)].IndexOf((byte)0);
            if (length < 0)
                throw block.Source.Bad(at, "a name has no end");
            _read += length + 1;
            if (_read > _bytes.Length)
                throw block.Source.Bad(at, "names overlap in their heap");
            return _names[place] = Encoding.UTF8.GetString(rest[..length]);
        }
    }
}
