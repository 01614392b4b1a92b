namespace Volley.Data;

/// <summary>Grey from red, green and blue, after ITU-R BT.601.</summary>
internal static class Bt601
{
    /// <summary>0.299 R + 0.587 G + 0.114 B, rounded.</summary>
    public static byte Luma(byte red, byte green, byte blue) => (byte)((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16);
}
