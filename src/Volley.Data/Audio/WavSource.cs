namespace Volley.Data.Audio;

/// <summary>The bytes of a WAV file, front to back, with a count of them for messages.</summary>
internal sealed class WavSource(Stream stream, string name, bool leaveOpen) : IDisposable
{
    private const int SkipBytes = 4096;

    public long Position { get; private set; }

    /// <summary>Bytes in all, counted from where the stream stood; null where it cannot tell.</summary>
    public long? Length { get; } = stream.CanSeek ? stream.Length - stream.Position : null;

    /// <summary>Fills <paramref name="buffer"/> as far as the stream goes.</summary>
    public int ReadSome(Span<byte> buffer)
    {
        int read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        Position += read;
        return read;
    }

    /// <summary>Passes over bytes. Behind the end of a file there is nothing to pass over, and whoever reads next finds that.</summary>
    public void Skip(long count, long start, string what)
    {
        if (Length is { } length)
        {
            if (count > length - Position)
                throw Bad(length, $"the file ends here, within {what} that begins at byte {start}: it is cut or its sizes are wrong");
            stream.Seek(count, SeekOrigin.Current);
            Position += count;
            return;
        }
        Span<byte> passed = stackalloc byte[SkipBytes];
        while (count > 0)
        {
            int read = ReadSome(passed[..(int)Math.Min(count, SkipBytes)]);
            if (read == 0)
                throw Bad(Position, $"the stream ends here, within {what} that begins at byte {start}: it is cut or its sizes are wrong");
            count -= read;
        }
    }

    public InvalidDataException Bad(long offset, string what) => new($"'{name}', byte {offset}: {what}.");

    public void Dispose()
    {
        if (!leaveOpen)
            stream.Dispose();
    }
}
