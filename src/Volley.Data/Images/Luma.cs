namespace Volley.Data;

/// <summary>From colour to grey: ITU-R BT.601 luma in 16 bits, rounded, as other tools have it.</summary>
internal static class Luma
{
    public static byte Of(byte red, byte green, byte blue) => (byte)((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16);
}
