using Volley.Kernels;

namespace Volley.Data;

/// <summary>Mirrors pictures left to right: y[r, c] = x[r, Width − 1 − c], in all frames of a sample. Usual with a <see cref="Augmentation.Probability"/> of ½.</summary>
public sealed record HorizontalFlip : PictureAugmentation
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) => ImageLayout.Problem(info);

    /// <inheritdoc/>
    protected override void Change(SampleBuffer sample, Rng random)
    {
        ImageLayout image = sample.Info.Image!;
        if (sample.Info.Kind == SampleKind.Spikes)
        {
            SpikePictures.Move(sample.Bits, sample.OtherBits(sample.Steps), sample.WordsPerStep, image, 0, 0, mirrored: true);
        }
        else
        {
            ReadOnlySpan<float> source = sample.Values;
            Span<float> destination = sample.OtherValues(sample.Steps);
            int column = image.Order == ImageOrder.Columns ? image.Height * image.Channels : image.Channels, row = image.Width * column;
            for (int start = 0; start < source.Length; start += row)
            {
                for (int c = 0; c < row; c += column)
                    source.Slice(start + c, column).CopyTo(destination[(start + row - column - c)..]);
            }
        }
        sample.Swap(sample.Steps);
    }
}
