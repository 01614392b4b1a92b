using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Volley.Data.Tests;

/// <summary>Writes PNG images with any filter, and damaged ones with right checksums.</summary>
internal static class PngFiles
{
    /// <param name="pixels">[height, width, channels].</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="filter">The filter of row y.</param>
    /// <param name="header">Changes the header before its checksum.</param>
    /// <param name="pieces">How many chunks the pixels come in.</param>
    public static byte[] Of(byte[] pixels, int width, int channels, Func<int, int> filter, Action<byte[]>? header = null, int pieces = 1)
    {
        int stride = width * channels, height = pixels.Length / stride;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                zlib.WriteByte((byte)filter(y));
                for (int x = 0; x < stride; x++)
                {
                    int At(int row, int column) => row < 0 || column < 0 ? 0 : pixels[row * stride + column];
                    int a = At(y, x - channels), b = At(y - 1, x), c = x < channels ? 0 : At(y - 1, x - channels);
                    int guess = filter(y) switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => Nearest(a, b, c), _ => 0 };
                    zlib.WriteByte((byte)(pixels[y * stride + x] - guess));
                }
            }
        }
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        (head[8], head[9]) = (8, (byte)(channels == 1 ? 0 : 2));
        header?.Invoke(head);
        byte[] data = packed.ToArray();
        IEnumerable<byte[]> parts = data.Chunk((data.Length + pieces - 1) / pieces);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", head), .. Chunk("tEXt", [1, 2]), .. parts.SelectMany(part => Chunk("IDAT", part)), .. Chunk("IEND", [])];
    }

    public static byte[] Chunk(string type, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content];
        var result = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(result, content.Length);
        named.CopyTo(result, 4);
        uint crc = uint.MaxValue;
        foreach (byte b in named)
        {
            crc ^= b;
            for (int k = 0; k < 8; k++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
        }
        BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(4 + named.Length), ~crc);
        return result;
    }

    // The specification's words: of left, above and corner the one nearest to left + above − corner, ties in that order.
    private static int Nearest(int a, int b, int c) => new[] { a, b, c }.MinBy(v => Math.Abs(a + b - c - v));
}
