using System.Numerics;

namespace Volley.Data;

/// <summary>Moves spikes of frames, one frame a step; the work goes with the spikes that are there.</summary>
internal static class SpikePictures
{
    /// <summary>destination[r, c] = source[r + down, c + right], mirrored left to right first where asked; what leaves is lost.</summary>
    public static void Move(ReadOnlySpan<ulong> source, Span<ulong> destination, int words, ImageLayout image, int down, int right, bool mirrored)
    {
        destination.Clear();
        int inner = image.Inner;
        for (int i = 0; i < source.Length; i++)
        {
            int step = i / words * words;
            for (ulong bits = source[i]; bits != 0; bits &= bits - 1)
            {
                int unit = (i - step) * 64 + BitOperations.TrailingZeroCount(bits), pixel = unit / image.Channels, line = pixel / inner, place = pixel - line * inner;
                (int row, int column) = image.Order == ImageOrder.Rows ? (line, place) : (place, line);
                row -= down;
                column = (mirrored ? image.Width - 1 - column : column) - right;
                if ((uint)row >= (uint)image.Height || (uint)column >= (uint)image.Width)
                    continue;
                int moved = (image.Order == ImageOrder.Rows ? row * inner + column : column * inner + row) * image.Channels + unit - pixel * image.Channels;
                destination[step + (moved >> 6)] |= 1UL << (moved & 63);
            }
        }
    }
}
