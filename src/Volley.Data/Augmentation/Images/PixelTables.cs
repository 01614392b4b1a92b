namespace Volley.Data;

/// <summary>Operations on pictures [height, width, channels] that look each pixel up in a table.</summary>
internal static class PixelTables
{
    /// <summary>pixel ← table[pixel].</summary>
    public static void Map(Span<byte> pixels, ReadOnlySpan<byte> table)
    {
        foreach (ref byte pixel in pixels)
            pixel = table[pixel];
    }

    /// <summary>Keeps the highest <paramref name="bits"/> bits.</summary>
    public static void Posterize(Span<byte> pixels, int bits)
    {
        var mask = (byte)(0xFF << (8 - bits));
        foreach (ref byte pixel in pixels)
            pixel &= mask;
    }

    /// <summary>Inverts what is not below the threshold.</summary>
    public static void Solarize(Span<byte> pixels, double threshold)
    {
        foreach (ref byte pixel in pixels)
            pixel = pixel >= threshold ? (byte)(255 - pixel) : pixel;
    }

    /// <summary>Stretches each channel so that its least pixel becomes 0 and its greatest 255: ⌊(pixel − least) · 255 / (greatest − least)⌋.</summary>
    public static void AutoContrast(Span<byte> pixels, int channels)
    {
        Span<byte> table = stackalloc byte[256];
        for (int c = 0; c < channels; c++)
        {
            (int least, int greatest) = (255, 0);
            for (int i = c; i < pixels.Length; i += channels)
                (least, greatest) = (Math.Min(least, pixels[i]), Math.Max(greatest, pixels[i]));
            if (greatest <= least)
                continue;
            for (int v = least; v <= greatest; v++)
                table[v] = (byte)((v - least) * 255 / (greatest - least));
            Map(pixels, c, channels, table);
        }
    }

    /// <summary>Makes the pixels of each channel about equally frequent: with h the histogram, n the pixels that are not of the greatest value and s = ⌊n / 255⌋,
    /// pixel v becomes min(255, ⌊(⌊s / 2⌋ + h[0] + … + h[v − 1]) / s⌋); where s is 0 the channel stays.</summary>
    public static void Equalize(Span<byte> pixels, int channels)
    {
        Span<int> histogram = stackalloc int[256];
        Span<byte> table = stackalloc byte[256];
        for (int c = 0; c < channels; c++)
        {
            histogram.Clear();
            for (int i = c; i < pixels.Length; i += channels)
                histogram[pixels[i]]++;
            int step = (pixels.Length / channels - histogram[histogram.LastIndexOfAnyExcept(0)]) / 255, sum = step / 2;
            if (step == 0)
                continue;
            for (int v = 0; v < 256; v++)
            {
                table[v] = (byte)Math.Min(255, sum / step);
                sum += histogram[v];
            }
            Map(pixels, c, channels, table);
        }
    }

    private static void Map(Span<byte> pixels, int channel, int channels, ReadOnlySpan<byte> table)
    {
        for (int i = channel; i < pixels.Length; i += channels)
            pixels[i] = table[pixels[i]];
    }
}
