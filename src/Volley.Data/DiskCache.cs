using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Volley.Serialization;

namespace Volley.Data;

/// <summary>Decoded data kept in a folder, so that the next run need not decode it again. Deleting the folder costs only time.</summary>
/// <remarks>
/// An entry's name is a hash of what was read and of what was done to it: the content of every source file, in order, and the
/// transform. Content and not name, size and time, because a file can be replaced within the clock's resolution, and copied to another
/// place or machine without changing; hashing a file is several times faster than decoding it.
/// An entry is a header with the length and the SHA-256 of the data, then the data. It is written beside its place, flushed and
/// renamed, so a reader sees all of it or nothing; one that is damaged all the same is decoded anew and replaced.
/// The cache never stands in the way: where it cannot be read or written it says so through <c>warn</c> and the data is decoded.
/// </remarks>
public sealed class DiskCache
{
    private const int DigestBytes = SHA256.HashSizeInBytes;
    private const int HeaderBytes = 8 + 8 + DigestBytes;

    private static readonly byte[] Magic = "VOLLEYC1"u8.ToArray();

    private readonly string _folder;
    private readonly Action<string>? _warn;

    /// <param name="folder">Where entries go; made when the first is written.</param>
    /// <param name="warn">Told in one sentence when an entry was damaged or cannot be read or written.</param>
    public DiskCache(string folder, Action<string>? warn = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = folder;
        _warn = warn;
    }

    /// <summary>The decoded form of some files: from the cache where it is there, else from <paramref name="decode"/>, and then kept.</summary>
    /// <param name="sources">The files that <paramref name="decode"/> reads, in its order.</param>
    /// <param name="transform">Everything besides the files that the result depends on, including the version of its layout.</param>
    /// <param name="parse">Makes the result from the bytes of an entry; null where they are not one, which counts as damage.</param>
    /// <param name="decode">Makes the result from the files.</param>
    /// <param name="encode">The bytes to keep; none where it is not to be kept.</param>
    /// <exception cref="IOException">A source file cannot be read.</exception>
    public T GetOrDecode<T>(
        IReadOnlyList<string> sources, string transform, Func<byte[], T?> parse, Func<T> decode, Func<T, ReadOnlyMemory<byte>> encode)
        where T : class => GetOrDecode([.. sources.Select(Digest)], transform, parse, decode, encode);

    /// <summary>The same, for files whose <see cref="Digest"/> is known already.</summary>
    internal T GetOrDecode<T>(
        IReadOnlyList<byte[]> digests, string transform, Func<byte[], T?> parse, Func<T> decode, Func<T, ReadOnlyMemory<byte>> encode)
        where T : class
    {
        string path = EntryPath(digests, transform);
        if (TryRead(path) is { } kept)
        {
            if (parse(kept) is { } known)
                return known;
            Warn($"The cache entry '{path}' does not hold what it should; it is replaced.");
        }
        T decoded = decode();
        ReadOnlyMemory<byte> data = encode(decoded);
        if (!data.IsEmpty)
            TryWrite(path, data);
        return decoded;
    }

    /// <summary>The place of an entry.</summary>
    internal string EntryPath(IReadOnlyList<string> sources, string transform) => EntryPath([.. sources.Select(Digest)], transform);

    /// <summary>The SHA-256 of a file's content.</summary>
    internal static byte[] Digest(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return SHA256.HashData(file);
    }

    private string EntryPath(IReadOnlyList<byte[]> digests, string transform)
    {
        using var key = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] digest in digests)
            key.AppendData(digest);
        key.AppendData(Encoding.UTF8.GetBytes(transform));
        return Path.Combine(_folder, Convert.ToHexStringLower(key.GetHashAndReset().AsSpan(0, 16)) + ".cache");
    }

    private byte[]? TryRead(string path)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            Span<byte> header = stackalloc byte[HeaderBytes];
            long length = file.Length - HeaderBytes;
            if (length >= 0)
                file.ReadExactly(header);
            if (length < 0 || length > Array.MaxLength || !header.StartsWith(Magic)
                || BinaryPrimitives.ReadInt64LittleEndian(header[8..]) != length)
            {
                Warn($"The cache entry '{path}' is damaged (header or length); it is replaced.");
                return null;
            }
            var data = new byte[length];
            file.ReadExactly(data);
            if (SHA256.HashData(data).AsSpan().SequenceEqual(header[16..]))
                return data;
            Warn($"The cache entry '{path}' is damaged (checksum); it is replaced.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Warn($"The cache entry '{path}' cannot be read ({failure.Message}); the data is decoded instead.");
        }
        return null;
    }

    private void TryWrite(string path, ReadOnlyMemory<byte> data)
    {
        try
        {
            Directory.CreateDirectory(_folder);
            var header = new byte[HeaderBytes];
            Magic.CopyTo(header, 0);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), data.Length);
            SHA256.HashData(data.Span, header.AsSpan(16));
            AtomicFile.Write(path, file =>
            {
                file.Write(header);
                file.Write(data.Span);
            });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Warn($"The cache entry '{path}' cannot be written ({failure.Message}); the data will be decoded again next time.");
        }
    }

    private void Warn(string message) => _warn?.Invoke(message);
}
