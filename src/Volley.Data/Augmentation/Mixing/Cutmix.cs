using Volley.Kernels;

namespace Volley.Data;

/// <summary>CutMix (Yun, Han, Oh, Chun, Choe &amp; Yoo 2019): a box of sample b is that of sample b − 1, the same box in the whole batch.</summary>
/// <remarks>With λ ∼ Beta(Alpha, Alpha), the box has its centre uniform in the picture and reaches ⌊Height √(1 − λ) / 2⌋ and ⌊Width √(1 − λ) / 2⌋ pixels from it,
/// within the picture; then λ becomes the part of the picture that is not pasted.</remarks>
/// <param name="Alpha">Of the beta distribution, above 0 and at most 100.</param>
public sealed record Cutmix(double Alpha = 1) : BatchMix
{
    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) => Ranges.Problem("alpha", Alpha, Beta.MostAlpha) ?? ImageLayout.ProblemOfValues(info);

    internal override float Apply(Span<float> values, Span<float> first, int samples, DatasetInfo info, Rng random)
    {
        ImageLayout image = info.Image!;
        double reach = Math.Sqrt(1 - Beta.Draw(Alpha, random.Fork("beta"))) / 2;
        PictureBox box = Box(image, random.Below(image.Height, 0), random.Below(image.Width, 1), reach);
        Pairs(values, first, samples, new Paste(box, image));
        return (float)(1 - (double)box.Height * box.Width / ((double)image.Height * image.Width));
    }

    private static PictureBox Box(ImageLayout image, int row, int column, double reach)
    {
        int down = (int)(reach * image.Height), right = (int)(reach * image.Width);
        int top = Math.Max(row - down, 0), left = Math.Max(column - right, 0);
        return new PictureBox(top, left, Math.Min(row + down, image.Height) - top, Math.Min(column + right, image.Width) - left);
    }

    private readonly struct Paste(PictureBox box, ImageLayout image) : IMix
    {
        public void Apply(ReadOnlySpan<float> partner, Span<float> sample)
        {
            if (image.Places is { } places)
                box.Copy(partner, sample, image, places);
            else
                box.Copy(partner, sample, image);
        }
    }
}
