using Volley.Kernels;

namespace Volley.Data;

/// <summary>Cuts a picture of the same size out of the padded one: y[r, c] = x[r + a, c + b], a and b uniform in −Padding … Padding, the same in all
/// frames of a sample. What lies outside is black, or without events.</summary>
/// <param name="Padding">Pixels added on each side, at least 1 and below the size of the picture.</param>
public sealed record RandomCrop(int Padding = 4) : PictureAugmentation
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info)
    {
        if ((Ranges.Problem("padding", Padding) ?? ImageLayout.Problem(info)) is { } problem)
            return problem;
        int smallest = Math.Min(info.Image!.Height, info.Image.Width);
        return Padding < smallest ? null : $"padding is {Padding}, but a picture has only {info.Image.Height} x {info.Image.Width} pixels";
    }

    /// <inheritdoc/>
    protected override void Change(SampleBuffer sample, Rng random)
    {
        int down = random.Below(2 * Padding + 1, 0) - Padding, right = random.Below(2 * Padding + 1, 1) - Padding;
        if (down == 0 && right == 0)
            return;
        ImageLayout image = sample.Info.Image!;
        if (sample.Info.Kind == SampleKind.Spikes)
        {
            SpikePictures.Move(sample.Bits, sample.OtherBits(sample.Steps), sample.WordsPerStep, image, down, right, mirrored: false);
        }
        else
        {
            ReadOnlySpan<float> source = sample.Values;
            Span<float> destination = sample.OtherValues(sample.Steps);
            Blacken(destination, image);
            (int outer, int inner) = image.Order == ImageOrder.Rows ? (down, right) : (right, down);
            for (int frame = 0; frame < source.Length; frame += image.Elements)
                Move(source.Slice(frame, image.Elements), destination.Slice(frame, image.Elements), image, outer, inner);
        }
        sample.Swap(sample.Steps);
    }

    private static void Move(ReadOnlySpan<float> source, Span<float> destination, ImageLayout image, int outer, int inner)
    {
        int run = (image.Inner - Math.Abs(inner)) * image.Channels, stride = image.Inner * image.Channels;
        int from = Math.Max(inner, 0) * image.Channels, to = Math.Max(-inner, 0) * image.Channels;
        for (int line = Math.Max(-outer, 0); line < image.Outer - Math.Max(outer, 0); line++)
            source.Slice((line + outer) * stride + from, run).CopyTo(destination.Slice(line * stride + to, run));
    }

    private static void Blacken(Span<float> values, ImageLayout image)
    {
        if (image.Pixels is not { } scale)
        {
            values.Clear();
            return;
        }
        for (int i = 0; i < image.Channels; i++)
            values[i] = (0 - scale.Mean[i]) / scale.Deviation[i];
        // What is filled doubles.
        for (int filled = image.Channels; filled < values.Length; filled *= 2)
            values[..Math.Min(filled, values.Length - filled)].CopyTo(values[filled..]);
    }
}
