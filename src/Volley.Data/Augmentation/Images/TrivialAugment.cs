using Volley.Kernels;

namespace Volley.Data;

/// <summary>TrivialAugment (Müller &amp; Hutter 2021), wide: one operation of fourteen and one magnitude of 31, both uniform, on pixels of 0 … 255, the same
/// for all frames of a sample.</summary>
/// <remarks>
/// With m = k / 30, k = 0 … 30, and a random sign where ± stands: identity; shear-x, shear-y by ±0.99 m; translate-x, translate-y by ±⌊32 m⌋ pixels; rotate by
/// ±135 m degrees; brightness, colour, contrast, sharpness by the factor 1 ± 0.99 m; posterise to 8 − round(6 m) bits; solarise from 255 (1 − m) on;
/// autocontrast; equalise. Values become pixels by the inverse of <see cref="ImageLayout.Pixels"/>, rounded, and values again.
/// </remarks>
public sealed record TrivialAugment : PictureAugmentation
{
    internal const int Operations = 14, Bins = 31;

    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) =>
        ImageLayout.ProblemOfPixels(info) ?? (info.Image!.Channels is 1 or 3 ? null : $"it changes grey or red-green-blue pictures, but these have {info.Image.Channels} channels");

    /// <inheritdoc/>
    protected override void Change(SampleBuffer sample, Rng random)
    {
        var operation = (PixelOperation)random.Below(Operations, 0);
        double m = random.Below(Bins, 1) / (Bins - 1.0), signed = (random.Bits32(4) & 1) == 0 ? m : -m;
        if (operation != PixelOperation.Identity)
            Apply(sample, operation, m, signed);
    }

    /// <summary>One operation with its magnitude, as a part of the largest, and the same with its sign.</summary>
    internal static void Apply(SampleBuffer sample, PixelOperation operation, double m, double signed)
    {
        ImageLayout image = sample.Info.Image!;
        PixelCodec codec = sample.Codec;
        Span<byte> pixels = sample.Pixels(image.Elements), spare = sample.OtherPixels(image.Elements);
        Span<float> values = sample.Values;
        for (int frame = 0; frame < values.Length; frame += image.Elements)
        {
            codec.Decode(values.Slice(frame, image.Elements), pixels);
            Span<byte> result = Apply(pixels, spare, image, operation, m, signed) ? spare : pixels;
            codec.Encode(result, values.Slice(frame, image.Elements));
        }
    }

    /// <summary>False where the result is in <paramref name="pixels"/>, true where it is in <paramref name="spare"/>.</summary>
    private static bool Apply(Span<byte> pixels, Span<byte> spare, ImageLayout image, PixelOperation operation, double m, double signed)
    {
        int height = image.Height, width = image.Width, channels = image.Channels;
        switch (operation)
        {
            case PixelOperation.ShearX:
                PixelWarp.Apply(pixels, spare, height, width, channels, new Affine(1, 0.99 * signed, 0, 0, 1, 0));
                return true;
            case PixelOperation.ShearY:
                PixelWarp.Apply(pixels, spare, height, width, channels, new Affine(1, 0, 0, 0.99 * signed, 1, 0));
                return true;
            case PixelOperation.TranslateX:
                PixelWarp.Apply(pixels, spare, height, width, channels, new Affine(1, 0, -Math.Truncate(32 * signed), 0, 1, 0));
                return true;
            case PixelOperation.TranslateY:
                PixelWarp.Apply(pixels, spare, height, width, channels, new Affine(1, 0, 0, 0, 1, -Math.Truncate(32 * signed)));
                return true;
            case PixelOperation.Rotate:
                PixelWarp.Apply(pixels, spare, height, width, channels, Affine.Rotation(135 * signed / 360, width / 2.0, height / 2.0));
                return true;
            case PixelOperation.Brightness:
                PixelBlend.Brightness(pixels, 1 + 0.99 * signed);
                return false;
            case PixelOperation.Color:
                PixelBlend.Color(pixels, channels, 1 + 0.99 * signed);
                return false;
            case PixelOperation.Contrast:
                PixelBlend.Contrast(pixels, channels, 1 + 0.99 * signed);
                return false;
            case PixelOperation.Sharpness:
                PixelBlend.Sharpness(pixels, spare, height, width, channels, 1 + 0.99 * signed);
                return true;
            case PixelOperation.Posterize:
                PixelTables.Posterize(pixels, 8 - (int)Math.Round(6 * m));
                return false;
            case PixelOperation.Solarize:
                PixelTables.Solarize(pixels, 255 * (1 - m));
                return false;
            case PixelOperation.AutoContrast:
                PixelTables.AutoContrast(pixels, channels);
                return false;
            case PixelOperation.Equalize:
                PixelTables.Equalize(pixels, channels);
                return false;
            default:
                return false;
        }
    }
}

/// <summary>What <see cref="TrivialAugment"/> draws from, in the order of its numbers.</summary>
internal enum PixelOperation
{
    Identity,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Rotate,
    Brightness,
    Color,
    Contrast,
    Sharpness,
    Posterize,
    Solarize,
    AutoContrast,
    Equalize,
}
