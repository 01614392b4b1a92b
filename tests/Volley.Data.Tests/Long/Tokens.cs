namespace Volley.Data.Tests;

/// <summary>Spikes back to symbols, one bit a step.</summary>
internal static class Tokens
{
    /// <summary>The symbols of a sample; fails where a step has not one bit.</summary>
    public static byte[] Of(IDataset data, int index)
    {
        int words = SpikeWords.Per(data.Info.Units);
        var bits = new ulong[data.Length(index) * words];
        Array.Fill(bits, ulong.MaxValue);
        data.ReadSpikes(index, bits);
        return [.. bits.Chunk(words).Select(step => (byte)OneBit(step))];
    }

    /// <summary>The place of the only bit; −1 where there is none.</summary>
    public static int OneBit(ReadOnlySpan<ulong> step)
    {
        int place = -1;
        for (int u = 0; u < 64 * step.Length; u++)
        {
            if ((step[u >> 6] >> (u & 63) & 1) == 0)
                continue;
            Assert.Equal(-1, place);
            place = u;
        }
        return place;
    }
}
