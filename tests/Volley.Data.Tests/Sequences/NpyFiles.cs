using System.Text;

namespace Volley.Data.Tests.Sequences;

/// <summary>NumPy files, written byte by byte.</summary>
internal static class NpyFiles
{
    public static byte[] File(string dictionary, byte[] data, int version = 1)
    {
        byte[] text = Encoding.Latin1.GetBytes(dictionary + "\n");
        byte[] length = version == 1 ? [(byte)text.Length, (byte)(text.Length >> 8)] : [.. BitConverter.GetBytes(text.Length)];
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. data];
    }

    public static byte[] Of(string type, string shape, byte[] data, bool fortran = false, int version = 1) =>
        File($"{{'descr': '{type}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}", data, version);

    public static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
