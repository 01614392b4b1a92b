namespace Volley.Data.Tests;

public sealed class PngFileTests
{
    private const int Side = 9;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_filter(int channels)
    {
        using var folder = new TempFolder();
        var random = new Random(5);
        for (int filter = 0; filter < 6; filter++)
        {
            // Steep and smooth at once, so that every predictor is right and wrong somewhere.
            byte[] pixels = [.. Enumerable.Range(0, Side * Side * channels).Select(i => (byte)(i * 3 + random.Next(i % 7 == 0 ? 200 : 3)))];
            string path = folder.Write("a.png", PngFiles.Of(pixels, Side, channels, y => filter == 5 ? y % 5 : filter, pieces: 1 + filter % 3));
            var read = new byte[Side * Side];
            PngFile.ReadGrey(path, read, Side);
            byte[] grey = channels == 1 ? pixels : [.. pixels.Chunk(3).Select(p => (byte)Math.Round(0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2]))];
            Assert.All(read.Zip(grey), pair => Assert.InRange(pair.First - pair.Second, channels == 1 ? 0 : -1, channels == 1 ? 0 : 1));
        }
    }

    [Fact]
    public void What_is_not_read_is_refused()
    {
        var pixels = new byte[Side * Side];
        Says("8 x 9 pixels, expected 9 x 9", PngFiles.Of(pixels, Side, 1, _ => 0, head => head[3] = 8));
        Says("16 bits and the colour type 0", PngFiles.Of(pixels, Side, 1, _ => 0, head => head[8] = 16));
        Says("8 bits and the colour type 3", PngFiles.Of(pixels, Side, 1, _ => 0, head => head[9] = 3));
        Says("is interlaced", PngFiles.Of(pixels, Side, 1, _ => 0, head => head[12] = 1));
        Says("row 4 has the filter 5", PngFiles.Of(pixels, Side, 1, y => y == 4 ? 5 : 0));
        Says("the pixels are cut: 80 of 90 bytes", PngFiles.Of(pixels[..(8 * Side)], Side, 1, _ => 0, head => head[7] = 9));
        Says("more pixels than the header says", PngFiles.Of([.. pixels, .. pixels], Side, 1, _ => 0, head => head[7] = 9));
        byte[] good = PngFiles.Of(pixels, Side, 1, _ => 0);
        Says("no PNG image", [.. "GIF89a"u8]);
        Says("byte 0: this is no PNG image", []);
        Says("the last chunk (IEND) is missing", good[..^12]);
        Says("the file goes on behind the end", [.. good, 0]);
        Says("the header (IHDR) must be the first chunk", [.. good[..8], .. good[33..]]);
        Says("the header (IHDR) must be the first chunk", [.. good[..33], .. good[8..]]);
        Says("a palette", [.. good[..33], .. PngFiles.Chunk("PLTE", [1, 2, 3]), .. good[33..]]);
        Says("the header has 12 bytes", [.. good[..8], .. PngFiles.Chunk("IHDR", new byte[12])]);
        Says("the pixels (IDAT) are damaged", [.. good[..33], .. PngFiles.Chunk("IDAT", [1, 2, 3, 4]), .. good[^12..]]);
        // A zlib stream that needs a dictionary: .NET has an exception of its own for it.
        Says("the pixels (IDAT) are damaged", [.. good[..33], .. PngFiles.Chunk("IDAT", [0x78, 0xBB, 1, 2, 3, 4, 5, 6, 7, 8]), .. good[^12..]]);
        byte[] wrong = [.. good];
        wrong[20] ^= 1;
        Says("byte 8: the checksum of this chunk is wrong", wrong);
        byte[] huge = [.. good];
        huge[33] = 0x7F;
        Says("byte 33: a chunk of 2130706434 bytes does not fit", huge);
        Says("gzip", TempFolder.Gzip(good));
    }

    [Fact]
    public void Any_bytes()
    {
        using var folder = new TempFolder();
        var random = new Random(20261128);
        byte[] pixels = [.. Enumerable.Range(0, Side * Side).Select(i => (byte)random.Next(256))];
        byte[] good = PngFiles.Of(pixels, Side, 1, y => y % 5, pieces: 3);
        int read = 0, refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = i % 3 == 0 ? Mutations.Of(good, random) : Resealed(good, random);
            string path = folder.Write("x.png", bytes);
            try
            {
                PngFile.ReadGrey(path, new byte[Side * Side], Side);
                read++;
            }
            catch (InvalidDataException failure)
            {
                Assert.Contains("x.png", failure.Message);
                refused++;
            }
        }
        Assert.True(read > 50 && refused > 500, $"{read} read, {refused} refused");
    }

    /// <summary>A few bytes of the chunks changed, and all checksums right: what is behind them is reached.</summary>
    private static byte[] Resealed(byte[] good, Random random)
    {
        var result = new List<byte>(good[..8]);
        for (int at = 8; at < good.Length;)
        {
            int length = good[at + 2] << 8 | good[at + 3];
            byte[] content = good[(at + 8)..(at + 8 + length)];
            string type = System.Text.Encoding.ASCII.GetString(good, at + 4, 4);
            if (content.Length > 0 && random.Next(3) == 0)
                content[random.Next(content.Length)] = (byte)random.Next(256);
            if (random.Next(20) == 0)
                type = "aaaa";
            result.AddRange(PngFiles.Chunk(type, content));
            at += length + 12;
        }
        return [.. result];
    }

    private static void Says(string what, byte[] bytes)
    {
        using var folder = new TempFolder();
        string path = folder.Write("x.png", bytes), message = Assert.Throws<InvalidDataException>(() => PngFile.ReadGrey(path, new byte[Side * Side], Side)).Message;
        Assert.Contains(what, message);
        Assert.Contains(path, message);
    }
}
