namespace Volley.Hdf5.Bytes;

/// <summary>The bytes of a file that nobody vouches for: every place and size is checked against the file before anything is allocated.</summary>
internal sealed class Source : IDisposable
{
    // No table or header of a real file comes near it.
    private const int MostBlockBytes = 1 << 28;

    private readonly Stream _stream;

    public Source(Stream stream, string path, bool verify = true)
    {
        _stream = stream;
        Path = path;
        Verify = verify;
        Length = stream.Length;
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>Whether checksums are checked. Only a fuzz test turns it off, to get past them.</summary>
    public bool Verify { get; }

    /// <summary>Bytes of an address and of a size, and the place that addresses count from; from the superblock.</summary>
    public int OffsetSize { get; set; } = 8;

    public int LengthSize { get; set; } = 8;

    public long Base { get; set; }

    /// <summary>Reads a piece of the file's structure.</summary>
    /// <param name="address">As the file says it.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="what">Its name in a message.</param>
    public Block Read(long address, long size, string what)
    {
        long at = Place(address, size, what);
        if (size > MostBlockBytes)
            throw Bad(at, $"{what} has {size} bytes; at most {MostBlockBytes} are read");
        var bytes = new byte[size];
        ReadAt(at, bytes);
        return new Block(this, at, bytes);
    }

    /// <summary>Reads data into <paramref name="destination"/>.</summary>
    public void Read(long address, Span<byte> destination, string what) => ReadAt(Place(address, destination.Length, what), destination);

    /// <summary>Where <paramref name="size"/> bytes from <paramref name="address"/> on lie in the file.</summary>
    public long Place(long address, long size, string what)
    {
        // In this order nothing overflows.
        if (address < 0 || size < 0 || address > Length - Base || size > Length - Base - address)
            throw Bad(address < 0 || address > Length - Base ? Length : Base + address, $"{what} should have {size} bytes here, but the file ends at byte {Length}");
        return Base + address;
    }

    public InvalidDataException Bad(long at, string sentence) => new($"'{Path}', byte {at}: {sentence}.");

    public void Dispose() => _stream.Dispose();

    private void ReadAt(long at, Span<byte> destination)
    {
        _stream.Position = at;
        int read = _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (read < destination.Length)
            throw Bad(at + read, "the file became shorter while it was read");
    }
}
