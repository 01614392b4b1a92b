using Volley.Data.Audio;
using Volley.Testing;

namespace Volley.Data.Tests.Audio;

/// <summary>The 3000 recordings in the order of the reference: speaker, digit, index.</summary>
internal static class FsddFiles
{
    private static readonly string[] Speakers = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"];

    public static IEnumerable<(int Speaker, int Digit, int Index)> All() =>
        from speaker in Enumerable.Range(0, 6) from digit in Enumerable.Range(0, 10) from index in Enumerable.Range(0, 50) select (speaker, digit, index);

    public static float[] Read(int speaker, int digit, int index)
    {
        using var wav = WavReader.Open(RealData.Of($"fsdd/recordings/{digit}_{Speakers[speaker]}_{index}.wav"));
        var wave = new float[wav.Frames!.Value];
        Assert.Equal(wave.Length, wav.Read(wave));
        return wave;
    }
}
