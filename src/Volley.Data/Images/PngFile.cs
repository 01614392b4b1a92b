using System.Buffers.Binary;
using System.IO.Compression;

namespace Volley.Data;

/// <summary>Reads PNG images of 8-bit grey or 8-bit colour, without transparency and not interlaced (PNG specification, third edition).</summary>
internal static class PngFile
{
    private const int HeaderBytes = 13, ChunkBytes = 12, Grey = 0, Colour = 2;
    private const int MostFileBytes = 1 << 26;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>Reads a square image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pixels">[side, side], written: 0 black … 255 white; a colour image becomes grey as CIFAR's do.</param>
    /// <param name="side">Pixels a side; an image of another size is an error.</param>
    /// <exception cref="InvalidDataException">The file is no such image; the message says where it goes wrong.</exception>
    public static void ReadGrey(string path, Span<byte> pixels, int side)
    {
        using DataFile file = DataFile.Open(path);
        if (file.IsGzip)
            throw file.Bad(0, "this is gzip data and no PNG image");
        byte[] bytes = file.ReadToEnd(MostFileBytes);
        file.ExpectEnd("the image has more bytes than are read");
        if (!bytes.AsSpan().StartsWith(Signature))
            throw file.Bad(0, "this is no PNG image");
        int channels = 0;
        using var packed = new MemoryStream();
        for (int at = Signature.Length; ;)
        {
            ReadOnlySpan<byte> content = Chunk(file, bytes, at, out ReadOnlySpan<byte> type);
            if (type.SequenceEqual("IHDR"u8) != (channels == 0))
                throw file.Bad(at, "the header (IHDR) must be the first chunk and the only one of its kind");
            if (channels == 0)
                channels = Channels(file, at + 8, content, side);
            else if (type.SequenceEqual("IDAT"u8))
                packed.Write(content);
            else if (type.SequenceEqual("IEND"u8))
            {
                if (at + ChunkBytes + content.Length < bytes.Length)
                    throw file.Bad(at + ChunkBytes + content.Length, "the file goes on behind the end of the image");
                break;
            }
            else if ((type[0] & 0x20) == 0)
                throw file.Bad(at + 4, "the image needs a chunk that is not read (such as a palette); save it as 8-bit grey");
            at += ChunkBytes + content.Length;
        }
        packed.Position = 0;
        byte[] rows = Unpack(file, packed, side * (1 + side * channels));
        Unfilter(file, rows, side, channels);
        Convert(rows, pixels, side, channels);
    }

    /// <summary>The content of the chunk at a place; its checksum is right.</summary>
    private static ReadOnlySpan<byte> Chunk(DataFile file, byte[] bytes, int at, out ReadOnlySpan<byte> type)
    {
        if (bytes.Length - at < ChunkBytes)
            throw file.Bad(at, "the image is cut: the last chunk (IEND) is missing");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
        if (length > bytes.Length - at - ChunkBytes)
            throw file.Bad(at, $"a chunk of {length} bytes does not fit the rest of the file");
        type = bytes.AsSpan(at + 4, 4);
        if (Crc(bytes.AsSpan(at + 4, 4 + (int)length)) != BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 8 + (int)length)))
            throw file.Bad(at, "the checksum of this chunk is wrong");
        return bytes.AsSpan(at + 8, (int)length);
    }

    private static int Channels(DataFile file, int at, ReadOnlySpan<byte> header, int side)
    {
        if (header.Length != HeaderBytes)
            throw file.Bad(at, $"the header has {header.Length} bytes, expected {HeaderBytes}");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(header), height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (width != side || height != side)
            throw file.Bad(at, $"the image has {width} x {height} pixels, expected {side} x {side}");
        (int depth, int colour) = (header[8], header[9]);
        if (depth != 8 || colour is not (Grey or Colour))
            throw file.Bad(at + 8, $"the image has {depth} bits and the colour type {colour}, expected 8 bits of grey (0) or of red, green and blue (2)");
        if (header[10] != 0 || header[11] != 0 || header[12] != 0)
            throw file.Bad(at + 10, "the image has a compression or filter that is not PNG's, or is interlaced");
        return colour == Grey ? 1 : 3;
    }

    private static byte[] Unpack(DataFile file, MemoryStream packed, int length)
    {
        var rows = new byte[length];
        try
        {
            using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
            int read = zlib.ReadAtLeast(rows, length, throwOnEndOfStream: false);
            if (read < length)
                throw file.Bad(file.Position, $"the pixels are cut: {read} of {length} bytes are there");
            if (zlib.ReadByte() >= 0)
                throw file.Bad(file.Position, $"there are more pixels than the header says");
        }
        catch (Exception failure) when (failure is IOException || failure is InvalidDataException && !failure.Message.StartsWith('\''))
        {
            // zlib has an exception of its own, an IOException, for a stream that needs a dictionary.
            throw new InvalidDataException($"'{file.Path}': the pixels (IDAT) are damaged: {failure.Message}", failure);
        }
        return rows;
    }

    /// <summary>Undoes the filter of each row in place; section 9 of the specification.</summary>
    private static void Unfilter(DataFile file, byte[] rows, int side, int channels)
    {
        int stride = side * channels;
        ReadOnlySpan<byte> above = new byte[stride];
        for (int y = 0; y < side; y++)
        {
            int start = y * (stride + 1);
            Span<byte> row = rows.AsSpan(start + 1, stride);
            int filter = rows[start];
            if (filter > 4)
                throw file.Bad(file.Position, $"row {y} has the filter {filter}, expected 0 … 4");
            for (int x = 0; x < stride && filter > 0; x++)
            {
                int left = x < channels ? 0 : row[x - channels], corner = x < channels ? 0 : above[x - channels];
                row[x] += (byte)(filter switch
                {
                    1 => left,
                    2 => above[x],
                    3 => (left + above[x]) / 2,
                    _ => Paeth(left, above[x], corner),
                });
            }
            above = row;
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        int guess = left + above - corner, a = Math.Abs(guess - left), b = Math.Abs(guess - above), c = Math.Abs(guess - corner);
        return a <= b && a <= c ? left : b <= c ? above : corner;
    }

    private static void Convert(ReadOnlySpan<byte> rows, Span<byte> pixels, int side, int channels)
    {
        for (int y = 0; y < side; y++)
        {
            ReadOnlySpan<byte> row = rows.Slice(y * (side * channels + 1) + 1, side * channels);
            Span<byte> target = pixels.Slice(y * side, side);
            if (channels == 1)
                row.CopyTo(target);
            for (int x = 0; channels == 3 && x < side; x++)
                target[x] = Bt601.Luma(row[3 * x], row[3 * x + 1], row[3 * x + 2]);
        }
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
            crc = CrcTable[(byte)(crc ^ b)] ^ crc >> 8;
        return ~crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            uint crc = n;
            for (int k = 0; k < 8; k++)
                crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ crc >> 1;
            table[n] = crc;
        }
        return table;
    }
}
