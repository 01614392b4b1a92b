using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Volley.Data.Tests.Audio;

/// <summary>The 3000 recordings in the order of the reference: speaker, digit, index.</summary>
internal static class FsddFiles
{
    private static readonly string[] Speakers = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"];

    public static IEnumerable<(int Speaker, int Digit, int Index)> All() =>
        from speaker in Enumerable.Range(0, 6) from digit in Enumerable.Range(0, 10) from index in Enumerable.Range(0, 50) select (speaker, digit, index);

    public static float[] Read(int speaker, int digit, int index)
    {
        byte[] file = File.ReadAllBytes(RealData.Of($"fsdd/recordings/{digit}_{Speakers[speaker]}_{index}.wav"));
        int data = file.AsSpan().IndexOf("data"u8), bytes = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(data + 4));
        ReadOnlySpan<short> samples = MemoryMarshal.Cast<byte, short>(file.AsSpan(data + 8, Math.Min(bytes, file.Length - data - 8)));
        var wave = new float[samples.Length];
        for (int i = 0; i < wave.Length; i++)
            wave[i] = samples[i] / 32768f;
        return wave;
    }
}
