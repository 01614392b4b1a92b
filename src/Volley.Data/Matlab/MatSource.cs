using System.Buffers.Binary;

namespace Volley.Data;

/// <summary>The bytes of a MATLAB file, or of a packed element of it, front to back: nothing is allocated on the word of the file alone.</summary>
/// <param name="stream">Where they come from.</param>
/// <param name="path">The file, for messages.</param>
/// <param name="most">No more bytes than these can come.</param>
/// <param name="where">What offsets are counted in, for messages; empty for bytes of the file.</param>
internal sealed class MatSource(Stream stream, string path, long most, string where = "")
{
    private const int FirstChunk = 1 << 20;

    public string Path => path;

    public bool BigEndian { get; set; }

    public long Position { get; private set; }

    /// <summary>How many bytes can still come at most.</summary>
    public long Left => most - Position;

    public void MoveTo(long position) => Position = position;

    public uint UInt32(string what)
    {
        Span<byte> bytes = stackalloc byte[4];
        ReadExactly(bytes, what);
        return ToUInt32(bytes);
    }

    public uint ToUInt32(ReadOnlySpan<byte> bytes) => BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    public void ReadExactly(Span<byte> buffer, string what)
    {
        long start = Position;
        int read = ReadSome(buffer);
        if (read < buffer.Length)
            throw Bad(start, $"{what} needs {buffer.Length} bytes, but the data end after {read} of them");
    }

    /// <summary>The next <paramref name="count"/> bytes, in an array that grows as they arrive.</summary>
    public byte[] ReadArray(int count, string what)
    {
        long start = Position;
        if (count > Left)
            throw Bad(start, $"{what} needs {count} bytes, but at most {Left} follow");
        var data = new byte[Math.Min(count, FirstChunk)];
        int read = ReadSome(data);
        while (read == data.Length && read < count)
        {
            Array.Resize(ref data, (int)Math.Min(count, data.Length * 2L));
            read += ReadSome(data.AsSpan(read));
        }
        return read == count ? data : throw Bad(start, $"{what} needs {count} bytes, but the data end after {read} of them");
    }

    /// <summary>Passes over at most eight bytes, as far as there are any.</summary>
    public void Pass(int count)
    {
        Span<byte> passed = stackalloc byte[8];
        ReadSome(passed[..count]);
    }

    /// <summary>Requires that nothing follows; a packed element's checksum is behind its last byte.</summary>
    public void ExpectEnd()
    {
        long end = Position;
        Span<byte> rest = stackalloc byte[8];
        // An array may be padded to a multiple of eight bytes.
        if (ReadSome(rest) == rest.Length)
            throw Bad(end, "the data go on where the array should end");
    }

    public InvalidDataException Bad(long offset, string what) => new($"'{path}', byte {offset}{(where.Length > 0 ? " " + where : "")}: {what}.");

    private int ReadSome(Span<byte> buffer)
    {
        int read = 0;
        try
        {
            while (read < buffer.Length && stream.Read(buffer[read..]) is > 0 and int more)
            {
                read += more;
                Position += more;
            }
        }
        catch (InvalidDataException damage)
        {
            throw new InvalidDataException($"'{path}', byte {Position} {where}: the packed data are damaged: {damage.Message}", damage);
        }
        return read;
    }
}
