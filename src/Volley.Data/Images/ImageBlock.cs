using System.Buffers.Binary;

namespace Volley.Data;

/// <summary>Decoded images in one array, as they lie in memory and in the cache: count, sample size and classes (int32, little-endian),
/// one label byte a sample, then the samples.</summary>
internal sealed class ImageBlock
{
    private const int HeaderBytes = 12;

    private readonly byte[] _bytes;

    private ImageBlock(byte[] bytes)
    {
        _bytes = bytes;
        Count = Read(0);
        SampleBytes = Read(4);
        int Read(int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
    }

    public int Count { get; }

    public int SampleBytes { get; }

    public static ImageBlock Create(int count, int sampleBytes, int classes)
    {
        var bytes = new byte[checked((int)Size(count, sampleBytes))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), sampleBytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), classes);
        return new ImageBlock(bytes);
    }

    /// <summary>Bytes of a block, or more than an array can have.</summary>
    public static long Size(long count, long sampleBytes) => HeaderBytes + count + count * sampleBytes;

    /// <summary>The block in bytes from the cache, or null where they are no block of these samples and classes.</summary>
    public static ImageBlock? Parse(byte[] bytes, int sampleBytes, int classes)
    {
        if (bytes.Length < HeaderBytes)
            return null;
        var block = new ImageBlock(bytes);
        bool fits = block.Count > 0 && block.SampleBytes == sampleBytes && Size(block.Count, sampleBytes) == bytes.Length
            && BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8)) == classes;
        return fits && !block.Labels.ContainsAnyExceptInRange((byte)0, (byte)(classes - 1)) ? block : null;
    }

    public ReadOnlyMemory<byte> Bytes => _bytes;

    public Span<byte> Labels => _bytes.AsSpan(HeaderBytes, Count);

    public Span<byte> Sample(int index) => _bytes.AsSpan(HeaderBytes + Count + index * SampleBytes, SampleBytes);
}
