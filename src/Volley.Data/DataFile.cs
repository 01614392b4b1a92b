using System.Buffers.Binary;
using System.IO.Compression;

namespace Volley.Data;

/// <summary>A plain or gzip file, read front to back, that nobody vouches for: nothing is allocated on the word of the file alone, and
/// whatever is wrong is one <see cref="InvalidDataException"/> that says where.</summary>
internal sealed class DataFile : IDisposable
{
    // Deflate's densest code: 258 bytes for 2 bits (RFC 1951), so a gzip file cannot hold more than 1032 times its size.
    private const long MostGzipRatio = 1032;
    private const int FirstChunk = 1 << 20;

    private readonly Stream _content;
    private readonly FileStream _file;

    private DataFile(string path, FileStream file, bool gzip)
    {
        Path = path;
        _file = file;
        IsGzip = gzip;
        _content = gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        MostBytes = gzip ? file.Length * MostGzipRatio : file.Length;
    }

    public string Path { get; }

    /// <summary>Told by the first two bytes, not by the name.</summary>
    public bool IsGzip { get; }

    /// <summary>No content can be longer than this: the length of a plain file, a bound for a gzip file.</summary>
    public long MostBytes { get; }

    /// <summary>Bytes of content read so far.</summary>
    public long Position { get; private set; }

    public static DataFile Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        try
        {
            bool gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            return new DataFile(path, file, gzip);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Fills <paramref name="buffer"/> as far as the content goes.</summary>
    public int ReadSome(Span<byte> buffer)
    {
        int read = 0;
        try
        {
            while (read < buffer.Length && _content.Read(buffer[read..]) is > 0 and int more)
            {
                read += more;
                Position += more;
            }
        }
        catch (InvalidDataException damage) when (IsGzip)
        {
            throw new InvalidDataException($"'{Path}' is damaged gzip data after {Position} unpacked bytes: {damage.Message}", damage);
        }
        return read;
    }

    public void ReadExactly(Span<byte> buffer, string what)
    {
        long start = Position;
        int read = ReadSome(buffer);
        if (read < buffer.Length)
            throw Bad(start, $"{what} needs {buffer.Length} bytes, but the content ends after {read} of them");
    }

    /// <summary>The next <paramref name="count"/> bytes.</summary>
    public byte[] ReadArray(int count, string what)
    {
        long start = Position;
        byte[] data = ReadToEnd(count);
        return data.Length == count
            ? data
            : throw Bad(start, $"{what} needs {count} bytes, but the content ends after {data.Length} of them");
    }

    /// <summary>The rest of the content, but at most <paramref name="most"/> bytes, in an array that grows as they arrive.</summary>
    public byte[] ReadToEnd(int most)
    {
        most = (int)Math.Min(most, MostBytes - Position);
        var data = new byte[IsGzip ? Math.Min(most, FirstChunk) : most];
        int read = ReadSome(data);
        while (read == data.Length && read < most)
        {
            Array.Resize(ref data, (int)Math.Min(most, data.Length * 2L));
            read += ReadSome(data.AsSpan(read));
        }
        Array.Resize(ref data, read);
        return data;
    }

    /// <summary>Requires that the content ends here and that nothing of the file is missing.</summary>
    public void ExpectEnd(string otherwise = "the content goes on where it should end")
    {
        long end = Position;
        Span<byte> one = stackalloc byte[1];
        if (ReadSome(one) > 0)
            throw Bad(end, otherwise);
        if (IsGzip)
            CheckTrailer();
    }

    // .NET takes the end of a cut gzip file for the end of its content. The last four bytes of a whole one are the content's length
    // (RFC 1952), which also refuses files of several members: no data set here comes as one.
    private void CheckTrailer()
    {
        Span<byte> trailer = stackalloc byte[4];
        int read = RandomAccess.Read(_file.SafeFileHandle, trailer, Math.Max(0, _file.Length - 4));
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        if (read < 4 || length != (uint)Position)
            throw Bad(Position, $"the content ends here, but the last four bytes of the gzip file promise {length} bytes: it is cut or damaged");
    }

    public InvalidDataException Bad(long offset, string what) =>
        new($"'{Path}', byte {offset}{(IsGzip ? " unpacked" : "")}: {what}.");

    public void Dispose()
    {
        _content.Dispose();
        _file.Dispose();
    }
}
