using System.Buffers.Binary;

namespace Volley.Data.Tests.Audio;

/// <summary>WAV files of every kind, written byte by byte.</summary>
internal static class WavFiles
{
    private static readonly byte[] Guid = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>16-bit PCM.</summary>
    public static byte[] Pcm16(short[] samples, int rate = 8000, int channels = 1) => File(1, 16, Bytes16(samples), rate, channels);

    public static byte[] Bytes16(short[] samples)
    {
        var data = new byte[2 * samples.Length];
        for (int i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(2 * i), samples[i]);
        return data;
    }

    public static byte[] File(
        int tag, int bits, byte[] data, int rate = 8000, int channels = 1, bool extensible = false, byte[]? before = null, byte[]? after = null,
        uint? riffBytes = null, uint? dataBytes = null)
    {
        byte[] format = Format(extensible ? 0xFFFE : tag, bits, rate, channels);
        if (extensible)
            format = [.. format, .. U16(22), .. U16(bits), .. U32(0), .. U16(tag), .. Guid];
        byte[] body =
        [
            .. "WAVE"u8, .. before ?? [], .. "fmt "u8, .. U32((uint)format.Length), .. format,
            .. "data"u8, .. U32(dataBytes ?? (uint)data.Length), .. data, .. data.Length % 2 == 1 ? new byte[1] : [], .. after ?? [],
        ];
        return [.. "RIFF"u8, .. U32(riffBytes ?? (uint)body.Length), .. body];
    }

    public static byte[] Chunk(string name, byte[] data) =>
        [.. name.Select(c => (byte)c), .. U32((uint)data.Length), .. data, .. data.Length % 2 == 1 ? new byte[1] : []];

    public static byte[] Format(int tag, int bits, int rate, int channels)
    {
        int block = channels * ((bits + 7) / 8);
        return [.. U16(tag), .. U16(channels), .. U32((uint)rate), .. U32((uint)(rate * block)), .. U16(block), .. U16(bits)];
    }

    public static byte[] U16(int value) => [(byte)value, (byte)(value >> 8)];

    public static byte[] U32(uint value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)];
}
