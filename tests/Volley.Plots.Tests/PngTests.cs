using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Volley.Plots.Tests;

public class PngTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(256, 1)]
    [InlineData(1, 300)]
    [InlineData(513, 129)]
    public void WhatIsEncodedIsDecoded(int width, int height)
    {
        var pixels = new byte[width * height];
        new Random(width).NextBytes(pixels);
        var (w, h, decoded) = Decode(Png.EncodeGray(pixels, width, height));
        Assert.Equal((width, height), (w, h));
        Assert.Equal(pixels, decoded);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(4, 2, 3)]
    [InlineData(4, -2, -2)]
    public void SizesMustFit(int pixels, int width, int height) =>
        Assert.Throws<ArgumentException>(() => Png.EncodeGray(new byte[pixels], width, height));

    [Fact]
    public void AFlippedBitIsNoticed()
    {
        byte[] png = Png.EncodeGray([1, 2, 3, 4], 2, 2);
        png[18] ^= 1;
        Assert.ThrowsAny<Exception>(() => Decode(png));
    }

    /// <summary>A reader of just this kind, with a bitwise CRC of its own.</summary>
    internal static (int Width, int Height, byte[] Pixels) Decode(byte[] png)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        var chunks = new List<(string Type, byte[] Content)>();
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            Assert.Equal(Crc(png.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            chunks.Add((Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(c => c.Type));
        byte[] header = chunks[0].Content;
        int width = BinaryPrimitives.ReadInt32BigEndian(header), height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        Assert.Equal([8, 0, 0, 0, 0], header[8..]);
        using var zlib = new ZLibStream(new MemoryStream(chunks[1].Content), CompressionMode.Decompress);
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);
        byte[] rows = raw.ToArray();
        Assert.Equal((width + 1) * height, rows.Length);
        var pixels = new byte[width * height];
        for (int y = 0; y < height; y++)
        {
            Assert.Equal(0, rows[y * (width + 1)]);
            rows.AsSpan(y * (width + 1) + 1, width).CopyTo(pixels.AsSpan(y * width));
        }
        return (width, height, pixels);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int k = 0; k < 8; k++)
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
