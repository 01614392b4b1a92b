using Volley.Kernels;

namespace Volley.Data.Tests;

/// <summary>Pictures as [frame][row][column][channel], so that one naive reference serves every order.</summary>
internal static class Picture
{
    public static DatasetInfo Info(ImageOrder order, int frames, int height, int width, int channels, ChannelScale? pixels = null, SampleKind kind = SampleKind.Values) =>
        new("pictures", kind, height * width * channels, frames, 10, ClassNames.Numbers(10)) { Image = new ImageLayout(height, width, channels, order) { Pixels = pixels } };

    public static float[][][][] Make(int frames, int height, int width, int channels, Func<int, int, int, int, float> value) =>
        [.. Enumerable.Range(0, frames).Select(f => Enumerable.Range(0, height).Select(r => Enumerable.Range(0, width).Select(c =>
            Enumerable.Range(0, channels).Select(k => value(f, r, c, k)).ToArray()).ToArray()).ToArray())];

    public static float[][][][] Random(int frames, int height, int width, int channels, int seed = 1)
    {
        var random = new Random(seed);
        return Make(frames, height, width, channels, (_, _, _, _) => random.Next(1, 1000));
    }

    /// <summary>The picture behind an augmentation.</summary>
    public static float[][][][] Apply(Augmentation augmentation, DatasetInfo info, float[][][][] picture, Rng random)
    {
        using var cpu = new Cpu(1);
        return Apply(info, picture, sample => augmentation.Apply(sample, random), augmentation, cpu);
    }

    public static float[][][][] Apply(DatasetInfo info, float[][][][] picture, Action<SampleBuffer> change, Augmentation? augmentation = null, Cpu? cpu = null)
    {
        using Cpu own = new(1);
        var sample = new SampleBuffer(info, cpu ?? own);
        if (augmentation is not null)
            Assert.Null(augmentation.Problem(info));
        int frames = picture.Length;
        bool spikes = info.Kind == SampleKind.Spikes;
        if (spikes)
            sample.OtherBits(frames).Fill(ulong.MaxValue);
        else
            sample.OtherValues(frames).Fill(float.NaN);
        sample.Begin(frames);
        Each(info, (f, unit, r, c, k) =>
        {
            float value = picture[f][r][c][k];
            if (!spikes)
                sample.Values[f * info.Units + unit] = value;
            else if (value != 0)
                sample.Bits[f * sample.WordsPerStep + unit / 64] |= 1UL << unit % 64;
        });
        change(sample);
        Assert.Equal(frames, sample.Steps);
        ImageLayout image = info.Image!;
        float[][][][] result = Make(frames, image.Height, image.Width, image.Channels, (_, _, _, _) => 0);
        Each(info, (f, unit, r, c, k) => result[f][r][c][k] = spikes
            ? sample.Bits[f * sample.WordsPerStep + unit / 64] >> unit % 64 & 1
            : sample.Values[f * info.Units + unit]);
        return result;
    }

    /// <summary>All elements, with the unit each is in a step of one frame.</summary>
    private static void Each(DatasetInfo info, Action<int, int, int, int, int> visit)
    {
        ImageLayout image = info.Image!;
        int[]? order = image.Places is { } places ? [.. Enumerable.Range(0, info.Units).Select(element => Array.IndexOf(places, element))] : null;
        for (int f = 0; f < info.MaxSteps; f++)
        {
            for (int r = 0; r < image.Height; r++)
            {
                for (int c = 0; c < image.Width; c++)
                {
                    for (int k = 0; k < image.Channels; k++)
                    {
                        int pixel = image.Order == ImageOrder.Rows ? r * image.Width + c : c * image.Height + r;
                        int element = pixel * image.Channels + k;
                        visit(f, order is null ? element : order[element], r, c, k);
                    }
                }
            }
        }
    }

    public static void Equal(float[][][][] expected, float[][][][] actual)
    {
        for (int f = 0; f < expected.Length; f++)
        {
            for (int r = 0; r < expected[f].Length; r++)
            {
                for (int c = 0; c < expected[f][r].Length; c++)
                    Assert.True(expected[f][r][c].SequenceEqual(actual[f][r][c]), $"frame {f}, row {r}, column {c}: {string.Join(' ', actual[f][r][c])}, not {string.Join(' ', expected[f][r][c])}");
            }
        }
    }
}
