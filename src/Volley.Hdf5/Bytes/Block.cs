using System.Buffers.Binary;
using System.Text;

namespace Volley.Hdf5.Bytes;

/// <summary>A piece of a file's structure, read field by field; running over its end is an error that says where.</summary>
internal sealed class Block(Source source, long start, byte[] bytes, int from = 0, int? to = null)
{
    private readonly int _from = from, _end = to ?? bytes.Length;
    private int _next = from;

    public Source Source => source;

    /// <summary>Where the next field lies in the file.</summary>
    public long At => start + _next;

    public int Left => _end - _next;

    public byte U8() => Take(1)[0];

    public int U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>A number of the width that the superblock gives to sizes.</summary>
    public long Size() => Number(source.LengthSize);

    /// <summary>An address; −1 where it is undefined.</summary>
    public long Address()
    {
        ReadOnlySpan<byte> field = Take(source.OffsetSize);
        return field.ContainsAnyExcept((byte)0xFF) ? Parse(field) : -1;
    }

    /// <summary>A size, or −1 where there is no limit.</summary>
    public long Limit()
    {
        ReadOnlySpan<byte> field = Take(source.LengthSize);
        return field.ContainsAnyExcept((byte)0xFF) ? Parse(field) : -1;
    }

    /// <summary>A number of 1 to 8 bytes.</summary>
    public long Number(int width) => Parse(Take(width));

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Left)
            throw Bad($"{count} more bytes were expected, but only {Left} are left here");
        _next += (int)count;
        return bytes.AsSpan(_next - (int)count, (int)count);
    }

    public void Skip(long count) => Take(count);

    /// <summary>The next bytes as a block of their own.</summary>
    public Block Part(long count)
    {
        int first = _next;
        Take(count);
        return new Block(source, start, bytes, first, _next);
    }

    /// <summary>The same block from its beginning.</summary>
    public Block Again() => new(source, start, bytes, _from, _end);

    /// <summary>The characters up to the next zero.</summary>
    public string Text(string what)
    {
        int length = bytes.AsSpan(_next, Left).IndexOf((byte)0);
        if (length < 0)
            throw Bad($"{what} has no end");
        string text = Encoding.UTF8.GetString(Take(length));
        Skip(1);
        return text;
    }

    /// <summary>Four letters that begin a structure.</summary>
    public void Signature(ReadOnlySpan<byte> letters, string what)
    {
        if (!Take(4).SequenceEqual(letters))
            throw source.Bad(At - 4, $"{what} should begin here with {Encoding.ASCII.GetString(letters)}");
    }

    public void Version(int known, string what)
    {
        int version = U8();
        if (version != known)
            throw source.Bad(At - 1, $"{what} has version {version}; version {known} is read");
    }

    /// <summary>Checks the sum in the next four bytes, of everything before them.</summary>
    public void Checksum(string what)
    {
        int summed = _next;
        uint sum = U32();
        if (source.Verify && sum != Lookup3.Hash(bytes.AsSpan(_from, summed - _from)))
            throw source.Bad(start + summed, $"the checksum of {what} does not fit; the file is damaged");
    }

    public InvalidDataException Bad(string sentence) => source.Bad(At, sentence);

    private long Parse(ReadOnlySpan<byte> field)
    {
        ulong value = 0;
        for (int i = field.Length - 1; i >= 0; i--)
            value = value << 8 | field[i];
        return value <= long.MaxValue ? (long)value : throw source.Bad(At - field.Length, $"{value} is too large a number");
    }
}
