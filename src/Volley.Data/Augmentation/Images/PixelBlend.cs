namespace Volley.Data;

/// <summary>Moves pictures [height, width, channels] away from a duller one, or towards it: dull + factor · (pixel − dull), rounded, within 0 … 255.</summary>
internal static class PixelBlend
{
    /// <summary>The duller picture is black.</summary>
    public static void Brightness(Span<byte> pixels, double factor)
    {
        Span<byte> table = stackalloc byte[256];
        for (int i = 0; i < 256; i++)
            table[i] = Blend(0, (byte)i, factor);
        PixelTables.Map(pixels, table);
    }

    /// <summary>The duller picture is grey all over: the mean of the luma, rounded.</summary>
    public static void Contrast(Span<byte> pixels, int channels, double factor)
    {
        long sum = 0;
        for (int i = 0; i < pixels.Length; i += channels)
            sum += Luma(pixels.Slice(i, channels));
        long count = pixels.Length / channels;
        var mean = (byte)((2 * sum + count) / (2 * count));
        Span<byte> table = stackalloc byte[256];
        for (int i = 0; i < 256; i++)
            table[i] = Blend(mean, (byte)i, factor);
        PixelTables.Map(pixels, table);
    }

    /// <summary>The duller picture has the luma in all channels.</summary>
    public static void Color(Span<byte> pixels, int channels, double factor)
    {
        if (channels == 1)
            return;
        for (int i = 0; i < pixels.Length; i += channels)
        {
            Span<byte> pixel = pixels.Slice(i, channels);
            byte luma = Luma(pixel);
            foreach (ref byte value in pixel)
                value = Blend(luma, value, factor);
        }
    }

    /// <summary>The duller picture is smoothed by (1 1 1; 1 5 1; 1 1 1) / 13, rounded; the pixels of the border stay.</summary>
    public static void Sharpness(ReadOnlySpan<byte> source, Span<byte> destination, int height, int width, int channels, double factor)
    {
        source.CopyTo(destination);
        int stride = width * channels;
        for (int row = 1; row < height - 1; row++)
        {
            ReadOnlySpan<byte> above = source.Slice((row - 1) * stride, stride), here = source.Slice(row * stride, stride), below = source.Slice((row + 1) * stride, stride);
            Span<byte> result = destination.Slice(row * stride, stride);
            for (int i = channels; i < stride - channels; i++)
            {
                int l = i - channels, r = i + channels;
                int sum = above[l] + above[i] + above[r] + here[l] + 5 * here[i] + here[r] + below[l] + below[i] + below[r];
                result[i] = Blend((byte)((2 * sum + 13) / 26), here[i], factor);
            }
        }
    }

    private static byte Luma(ReadOnlySpan<byte> pixel) => pixel.Length == 1 ? pixel[0] : Bt601.Luma(pixel[0], pixel[1], pixel[2]);

    private static byte Blend(byte dull, byte pixel, double factor) => (byte)Math.Clamp(dull + factor * (pixel - dull) + 0.5, 0, 255);
}
