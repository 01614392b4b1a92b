namespace Volley.Data;

/// <summary>Where the pixel at (x, y) comes from: (XX x + XY y + X0, YX x + YY y + Y0), from the top left corner, centres of pixels at halves.</summary>
internal readonly record struct Affine(double XX, double XY, double X0, double YX, double YY, double Y0)
{
    /// <summary>A turn around (<paramref name="x"/>, <paramref name="y"/>).</summary>
    public static Affine Rotation(double turns, double x, double y)
    {
        double cos = StableMath.CosTurns(turns), sin = StableMath.SinTurns(turns);
        return new Affine(cos, sin, x - cos * x - sin * y, -sin, cos, y + sin * x - cos * y);
    }
}

/// <summary>Shears, shifts and turns pictures.</summary>
internal static class PixelWarp
{
    /// <summary>Each pixel is read between the four around its source, bilinearly, edges repeated, rounded to the nearest; black where the source is outside.</summary>
    /// <remarks><paramref name="source"/> and <paramref name="destination"/> are [height, width, channels].</remarks>
    public static void Apply(ReadOnlySpan<byte> source, Span<byte> destination, int height, int width, int channels, Affine map)
    {
        for (int row = 0, at = 0; row < height; row++)
        {
            double fromX = map.XY * (row + 0.5) + map.X0, fromY = map.YY * (row + 0.5) + map.Y0;
            for (int column = 0; column < width; column++, at += channels)
            {
                double x = map.XX * (column + 0.5) + fromX, y = map.YX * (column + 0.5) + fromY;
                if (x < 0 || x >= width || y < 0 || y >= height)
                {
                    destination.Slice(at, channels).Clear();
                    continue;
                }
                // Shifted by one, so that the integer part is a floor.
                int left = (int)(x + 0.5) - 1, top = (int)(y + 0.5) - 1;
                double right = x - 0.5 - left, down = y - 0.5 - top;
                int x0 = Math.Max(left, 0), x1 = Math.Min(left + 1, width - 1), y0 = Math.Max(top, 0), y1 = Math.Min(top + 1, height - 1);
                int a = (y0 * width + x0) * channels, b = (y0 * width + x1) * channels, c = (y1 * width + x0) * channels, d = (y1 * width + x1) * channels;
                for (int channel = 0; channel < channels; channel++)
                {
                    double above = source[a + channel] + right * (source[b + channel] - source[a + channel]);
                    double below = source[c + channel] + right * (source[d + channel] - source[c + channel]);
                    destination[at + channel] = (byte)(above + down * (below - above) + 0.5);
                }
            }
        }
    }
}
