using Volley.Kernels;

namespace Volley.Data;

/// <summary>Sets a random box of a picture to 0, the mean of normalised pixels (Zhong, Zheng, Kang, Li &amp; Yang 2020), the same in all frames of a sample.</summary>
/// <remarks>An area of a part s of the picture, s uniform in LeastArea … MostArea, with height / width = e^u, u uniform in ln(LeastRatio) … ln(MostRatio);
/// both sides rounded. A box that is not smaller than the picture both ways is drawn anew, ten times at most; then the picture stays.</remarks>
/// <param name="LeastArea">Smallest part of the picture, above 0.</param>
/// <param name="MostArea">Largest part of the picture, at most 1.</param>
/// <param name="LeastRatio">Smallest height / width, above 0.</param>
/// <param name="MostRatio">Largest height / width, at most 1000.</param>
public sealed record RandomErasing(double LeastArea = 0.02, double MostArea = 0.33, double LeastRatio = 0.3, double MostRatio = 3.3) : PictureAugmentation
{
    private const int Attempts = 10;

    /// <inheritdoc/>
    public override string? Problem(DatasetInfo info) =>
        Ranges.Problem("mostArea", MostArea, 1) ?? Ranges.Problem("leastArea", LeastArea, MostArea)
        ?? Ranges.Problem("mostRatio", MostRatio, 1000) ?? Ranges.Problem("leastRatio", LeastRatio, MostRatio)
        ?? ImageLayout.ProblemOfValues(info);

    /// <inheritdoc/>
    protected override void Change(SampleBuffer sample, Rng random)
    {
        ImageLayout image = sample.Info.Image!;
        if (Box(image, random) is { } box)
            box.Clear(sample.Values, image);
    }

    /// <summary>The box that is erased; null where none was found.</summary>
    internal PictureBox? Box(ImageLayout image, Rng random)
    {
        double low = StableMath.Log(LeastRatio), high = StableMath.Log(MostRatio), pixels = (double)image.Height * image.Width;
        for (int i = 0; i < Attempts; i++)
        {
            // Eight words an attempt: the two numbers take one each, the two places two each.
            double area = pixels * (LeastArea + (MostArea - LeastArea) * random.Uniform(8 * i));
            double ratio = StableMath.Exp(low + (high - low) * random.Uniform(8 * i + 1));
            int height = (int)Math.Round(Math.Sqrt(area * ratio)), width = (int)Math.Round(Math.Sqrt(area / ratio));
            if (height < image.Height && width < image.Width)
                return new PictureBox(random.Below(image.Height - height + 1, 4 * i + 1), random.Below(image.Width - width + 1, 4 * i + 2), height, width);
        }
        return null;
    }
}
