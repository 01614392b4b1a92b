using System.Buffers.Binary;
using System.IO.Compression;
using Volley.Hdf5.Bytes;

namespace Volley.Hdf5.Format;

/// <summary>What was done to each chunk as it was written, undone in reverse.</summary>
internal sealed class Filters
{
    private const int Deflate = 1, Shuffle = 2, Fletcher32 = 3;
    private const int MostFilters = 32;

    // Deflate's densest code: 258 bytes for 2 bits (RFC 1951).
    private const int MostDeflateRatio = 1032;
    private const int FirstInflated = 1 << 16;

    private readonly List<int> _filters = [];

    /// <param name="block">The message, or null where nothing is done.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    public Filters(Block? block, int elementBytes)
    {
        ElementBytes = elementBytes;
        if (block is null)
            return;
        int version = block.U8(), count = block.U8();
        if (version is not (1 or 2))
            throw block.Bad($"the filters have version {version}; versions 1 and 2 are read");
        if (count > MostFilters)
            throw block.Bad($"there are {count} filters; HDF5 allows {MostFilters}");
        if (version == 1)
            block.Skip(6);
        for (int i = 0; i < count; i++)
            _filters.Add(ReadOne(block, version));
    }

    public int ElementBytes { get; }

    /// <summary>No chunk can be this many times larger than what is stored of it.</summary>
    public int MostRatio => _filters.Contains(Deflate) ? MostDeflateRatio : 1;

    public bool Any => _filters.Count > 0;

    /// <summary>Undoes the filters.</summary>
    /// <param name="stored">The chunk as the file has it; overwritten.</param>
    /// <param name="mask">A bit for each filter that was left out.</param>
    /// <param name="size">Bytes of the chunk as it was.</param>
    /// <param name="source">For messages.</param>
    /// <param name="at">Where it lies.</param>
    public byte[] Undo(byte[] stored, uint mask, int size, Source source, long at)
    {
        byte[] data = stored;
        for (int i = _filters.Count - 1; i >= 0; i--)
        {
            if ((mask >> i & 1) != 0)
                continue;
            data = _filters[i] switch
            {
                Deflate => Inflate(data, size, source, at),
                Shuffle => Unshuffle(data),
                _ => Check(data, source, at),
            };
        }
        return data.Length == size ? data : throw source.Bad(at, $"a chunk has {data.Length} bytes; {size} were expected");
    }

    private static int ReadOne(Block block, int version)
    {
        int id = block.U16();
        int nameBytes = version == 1 || id >= 256 ? block.U16() : 0;
        block.Skip(2);
        int values = block.U16();
        block.Skip(version == 1 ? nameBytes + 7 & ~7 : nameBytes);
        block.Skip(4L * values + (version == 1 && values % 2 == 1 ? 4 : 0));
        return id is Deflate or Shuffle or Fletcher32
            ? id
            : throw block.Bad($"the filter {Name(id)} is not read; deflate (gzip), shuffle and fletcher32 are");
    }

    private static string Name(int id) => id switch
    {
        4 => "szip",
        5 => "nbit",
        6 => "scaleoffset",
        32000 => "lzf",
        32001 => "blosc",
        32004 => "lz4",
        32015 => "zstd",
        _ => $"number {id}",
    };

    private static byte[] Inflate(byte[] data, int size, Source source, long at)
    {
        // A checksum below the compression is four bytes that the chunk's size does not count.
        if (size > (long)data.Length * MostDeflateRatio)
            throw source.Bad(at, $"{data.Length} compressed bytes cannot be a chunk of {size} bytes");
        // What a file promises is made room for as it comes true.
        var inflated = new byte[Math.Min(size + 4L, Math.Max(FirstInflated, 16L * data.Length))];
        int read = 0;
        try
        {
            using var stream = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
            while (true)
            {
                read += stream.ReadAtLeast(inflated.AsSpan(read), inflated.Length - read, throwOnEndOfStream: false);
                if (read < inflated.Length || read == size + 4)
                    break;
                Array.Resize(ref inflated, (int)Math.Min(size + 4L, 2L * inflated.Length));
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            // zlib has an exception of its own for a stream that needs a dictionary.
            throw source.Bad(at, "a compressed chunk is damaged");
        }
        return read == inflated.Length ? inflated : inflated[..read];
    }

    /// <summary>All first bytes of the elements, then all second ones, …; bytes of no whole element stay last.</summary>
    private byte[] Unshuffle(byte[] data)
    {
        int elements = data.Length / ElementBytes;
        var sorted = new byte[data.Length];
        for (int b = 0; b < ElementBytes; b++)
        {
            ReadOnlySpan<byte> plane = data.AsSpan(b * elements, elements);
            for (int i = 0; i < plane.Length; i++)
                sorted[i * ElementBytes + b] = plane[i];
        }
        data.AsSpan(elements * ElementBytes).CopyTo(sorted.AsSpan(elements * ElementBytes));
        return sorted;
    }

    private static byte[] Check(byte[] data, Source source, long at)
    {
        if (data.Length < 4)
            throw source.Bad(at, "a chunk is shorter than its checksum");
        byte[] content = data[..^4];
        uint sum = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(content.Length));
        return !source.Verify || FletcherFits(content, sum) ? content : throw source.Bad(at, "the checksum of a chunk does not fit; the file is damaged");
    }

    /// <summary>Fletcher's sum over words of two bytes, the first byte above the second. Writers leave either 0 or 65535 where a half is a
    /// multiple of 65535.</summary>
    private static bool FletcherFits(ReadOnlySpan<byte> data, uint sum)
    {
        uint low = 0, high = 0;
        for (int i = 0; i < data.Length; i += 2)
        {
            low = (low + (uint)(data[i] << 8 | (i + 1 < data.Length ? data[i + 1] : 0))) % 65535;
            high = (high + low) % 65535;
        }
        return low == (sum & 0xFFFF) % 65535 && high == (sum >> 16) % 65535;
    }
}
