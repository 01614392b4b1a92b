namespace Volley.Data;

/// <summary>How a pixel becomes a value: (pixel / 255 − mean) / deviation, in float32, each channel with its own pair.</summary>
/// <param name="Mean">One mean a channel, in units of the full range.</param>
/// <param name="Deviation">One standard deviation a channel, above 0.</param>
public sealed record ChannelScale(IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    /// <summary>The constants usual for MNIST: those of its training images.</summary>
    public static ChannelScale Mnist { get; } = new([0.1307f], [0.3081f]);

    /// <summary>The constants of the sequential CIFAR-10 recipe of Fang et al. 2023.</summary>
    public static ChannelScale Cifar10 { get; } = new([0.4914f, 0.4822f, 0.4465f], [0.2023f, 0.1994f, 0.2010f]);

    /// <summary>The constants of S4's experiments for grey CIFAR-10, the Image task of the Long Range Arena (Gu, Goel and Ré 2022).</summary>
    public static ChannelScale GreyCifar10 { get; } = new([122.6f / 255], [61f / 255]);

    /// <summary>The constants of the sequential CIFAR-100 recipe of Fang et al. 2023.</summary>
    public static ChannelScale Cifar100 { get; } = new([0.50708f, 0.48655f, 0.44092f], [0.26733f, 0.25644f, 0.27615f]);

    /// <summary>0 … 1.</summary>
    internal static ChannelScale Unit(int channels) => new([.. Enumerable.Repeat(0f, channels)], [.. Enumerable.Repeat(1f, channels)]);

    /// <summary>values[i] = table[channel, pixels[i]], channels innermost.</summary>
    internal static void Apply(ReadOnlySpan<float> table, int channels, ReadOnlySpan<byte> pixels, Span<float> values)
    {
        if (channels == 1)
        {
            for (int i = 0; i < values.Length; i++)
                values[i] = table[pixels[i]];
            return;
        }
        for (int i = 0, channel = 0; i < values.Length; i++)
        {
            values[i] = table[channel * 256 + pixels[i]];
            channel = channel + 1 == channels ? 0 : channel + 1;
        }
    }

    /// <summary>The value of every byte, [channels, 256].</summary>
    internal static float[] Table(ChannelScale? scale, int channels)
    {
        if (scale is not null && (scale.Mean.Count != channels || scale.Deviation.Count != channels))
        {
            throw new ArgumentException(
                $"The scale has {scale.Mean.Count} means and {scale.Deviation.Count} deviations; the images have {channels} channels.", nameof(scale));
        }
        var table = new float[channels * 256];
        for (int i = 0; i < table.Length; i++)
        {
            float mean = scale?.Mean[i / 256] ?? 0, deviation = scale?.Deviation[i / 256] ?? 1;
            if (!(float.IsFinite(mean) && float.IsFinite(deviation) && deviation > 0))
                throw new ArgumentException($"Channel {i / 256} has mean {mean} and deviation {deviation}; expected finite numbers, deviation > 0.", nameof(scale));
            table[i] = (i % 256 / 255f - mean) / deviation;
        }
        return table;
    }
}
