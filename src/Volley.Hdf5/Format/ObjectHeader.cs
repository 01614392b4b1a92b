using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Format;

/// <summary>The header of a group or dataset: a list of messages, in one or several blocks.</summary>
internal sealed class ObjectHeader
{
    private const string Name = "an object's header";

    // As many objects deep may a message be shared: a datatype of its own, which is no reference again.
    private const int MostShared = 4;

    private readonly Source _source;
    private readonly List<Message> _messages = [];

    private ObjectHeader(Source source, long address)
    {
        _source = source;
        At = source.Place(address, 0, Name);
    }

    /// <summary>Where it lies in the file.</summary>
    public long At { get; }

    public IEnumerable<Message> Messages => _messages;

    public static ObjectHeader Read(Source source, long address)
    {
        var header = new ObjectHeader(source, address);
        var budget = new Budget(source);
        Block first = source.Read(address, 4, Name);
        if (first.Take(4).SequenceEqual("OHDR"u8))
            header.ReadSecond(budget, address);
        else
            header.ReadFirst(budget, address);
        return header;
    }

    public bool Has(MessageKind kind) => _messages.Any(message => message.Kind == kind);

    /// <summary>The body of the first message of a kind; null where there is none.</summary>
    public Block? Find(MessageKind kind) => Find(kind, 0);

    public Block Require(MessageKind kind, string what) => Find(kind) ?? throw _source.Bad(At, $"this object has no {what}");

    private Block? Find(MessageKind kind, int depth)
    {
        foreach (Message message in _messages)
        {
            if (message.Kind == kind)
                return message.Shared ? Follow(message.Open(), kind, depth) : message.Open();
        }
        return null;
    }

    /// <summary>A datatype that several datasets share lies in the header of an object of its own.</summary>
    private Block Follow(Block reference, MessageKind kind, int depth)
    {
        if (depth == MostShared)
            throw reference.Bad("a message is shared through too many objects");
        int version = reference.U8(), type = reference.U8();
        if (version == 1)
            reference.Skip(6);
        if (version is < 1 or > 3 || (version == 3 && type != 2))
            throw reference.Bad($"a message is shared in a way that is not read (version {version}, type {type})");
        ObjectHeader other = Read(_source, reference.Address());
        return other.Find(kind, depth + 1) ?? throw _source.Bad(other.At, "the shared message is not in this object");
    }

    private void ReadFirst(Budget budget, long address)
    {
        Block prefix = budget.Read(address, 16, Name);
        prefix.Version(1, Name);
        prefix.Skip(1);
        int count = prefix.U16();
        prefix.Skip(4);
        long size = prefix.U32();
        var blocks = new Queue<Block>([budget.Read(address + 16, size, Name)]);
        while (blocks.TryDequeue(out Block? block))
        {
            while (block.Left >= 8 && _messages.Count < count)
            {
                var kind = (MessageKind)block.U16();
                int length = block.U16(), flags = block.U8();
                block.Skip(3);
                Add(kind, flags, block, length, budget, blocks, second: false);
            }
        }
    }

    private void ReadSecond(Budget budget, long address)
    {
        Block prefix = _source.Read(address, Math.Min(64, _source.Length - _source.Base - address), Name);
        prefix.Skip(4);
        prefix.Version(2, Name);
        int flags = prefix.U8();
        int skipped = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0), width = 1 << (flags & 3);
        prefix.Skip(skipped - 6);
        long size = prefix.Number(width);
        Block whole = budget.Read(address, Sum(prefix, skipped + width + 4, size), Name);
        whole.Skip(skipped + width);
        int head = (flags & 0x04) != 0 ? 6 : 4;
        var blocks = new Queue<Block>();
        ReadMessages(whole);
        while (blocks.TryDequeue(out Block? block))
        {
            block.Signature("OCHK"u8, "a continued header");
            ReadMessages(block);
        }

        void ReadMessages(Block block)
        {
            while (block.Left - 4 >= head)
            {
                var kind = (MessageKind)block.U8();
                int length = block.U16(), messageFlags = block.U8();
                block.Skip(head - 4);
                if (length > block.Left - 4)
                    throw block.Bad($"a message of {length} bytes does not fit in its header");
                Add(kind, messageFlags, block, length, budget, blocks, second: true);
            }
            block.Skip(block.Left - 4);
            block.Checksum(Name);
        }
    }

    private void Add(MessageKind kind, int flags, Block block, int length, Budget budget, Queue<Block> blocks, bool second)
    {
        Block body = block.Part(length);
        if (kind == MessageKind.Continuation)
        {
            long address = body.Address(), size = body.Size();
            if (second && size < 8)
                throw body.Bad($"a continued header has {size} bytes; at least 8 were expected");
            blocks.Enqueue(budget.Read(address, size, "a continued header"));
        }
        _messages.Add(new Message(kind, (flags & 2) != 0, body.Again));
    }

    private static long Sum(Block block, int fixedPart, long size) =>
        size <= block.Source.Length ? fixedPart + size : throw block.Bad($"a header of {size} bytes is larger than the file");
}
