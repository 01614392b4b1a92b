using Volley.Kernels;
using Volley.Recipes;

namespace Volley.Data.Tests;

/// <summary>Changes of pictures beside the plainest form of their formulas.</summary>
public sealed class ImageAugmentationTests
{
    private const int Draws = 40;

    public static TheoryData<ImageOrder, int, int, int, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<ImageOrder, int, int, int, int>();
            foreach (ImageOrder order in Enum.GetValues<ImageOrder>())
            {
                foreach ((int frames, int height, int width, int channels) in ((int, int, int, int)[])[(1, 7, 5, 3), (3, 5, 9, 2), (1, 5, 5, 1), (2, 17, 6, 2)])
                    sizes.Add(order, frames, height, width, channels);
            }
            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Pictures_are_cropped(ImageOrder order, int frames, int height, int width, int channels)
    {
        float[][][][] x = Picture.Random(frames, height, width, channels);
        var crop = new RandomCrop(4);
        var scale = new ChannelScale([.. Enumerable.Range(1, channels).Select(i => 0.1f * i)], [.. Enumerable.Range(1, channels).Select(i => 0.2f * i)]);
        var places = new HashSet<(int, int)>();
        for (int i = 0; i < Draws; i++)
        {
            Rng random = new Rng(1).Fork(i);
            int down = random.Below(9, 0) - 4, right = random.Below(9, 1) - 4;
            places.Add((down, right));
            foreach (ChannelScale? pixels in (ChannelScale?[])[null, scale])
            {
                float[][][][] expected = Picture.Make(frames, height, width, channels, (f, r, c, k) =>
                    r + down >= 0 && r + down < height && c + right >= 0 && c + right < width ? x[f][r + down][c + right][k]
                    : pixels is null ? 0 : (0 - pixels.Mean[k]) / pixels.Deviation[k]);
                Picture.Equal(expected, Picture.Apply(crop, Picture.Info(order, frames, height, width, channels, pixels), x, random));
            }
            float[][][][] spikes = Picture.Make(frames, height, width, channels, (f, r, c, k) => x[f][r][c][k] < 300 ? 1 : 0);
            Picture.Equal(
                Picture.Make(frames, height, width, channels, (f, r, c, k) => r + down >= 0 && r + down < height && c + right >= 0 && c + right < width ? spikes[f][r + down][c + right][k] : 0),
                Picture.Apply(crop, Picture.Info(order, frames, height, width, channels, kind: SampleKind.Spikes), spikes, random));
        }
        Assert.True(places.Count > 25);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Pictures_are_flipped(ImageOrder order, int frames, int height, int width, int channels)
    {
        float[][][][] x = Picture.Random(frames, height, width, channels);
        Picture.Equal(Picture.Make(frames, height, width, channels, (f, r, c, k) => x[f][r][width - 1 - c][k]),
            Picture.Apply(new HorizontalFlip(), Picture.Info(order, frames, height, width, channels), x, new Rng(1)));
        float[][][][] spikes = Picture.Make(frames, height, width, channels, (f, r, c, k) => x[f][r][c][k] < 300 ? 1 : 0);
        Picture.Equal(Picture.Make(frames, height, width, channels, (f, r, c, k) => spikes[f][r][width - 1 - c][k]),
            Picture.Apply(new HorizontalFlip(), Picture.Info(order, frames, height, width, channels, kind: SampleKind.Spikes), spikes, new Rng(1)));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Boxes_are_erased(ImageOrder order, int frames, int height, int width, int channels)
    {
        float[][][][] x = Picture.Random(frames, height, width, channels);
        var erasing = new RandomErasing(0.1, 0.5);
        DatasetInfo info = Picture.Info(order, frames, height, width, channels);
        for (int i = 0; i < Draws; i++)
        {
            Rng random = new Rng(2).Fork(i);
            PictureBox? box = erasing.Box(info.Image!, random);
            bool Inside(int r, int c) => box is { } b && r >= b.Top && r < b.Top + b.Height && c >= b.Left && c < b.Left + b.Width;
            Picture.Equal(Picture.Make(frames, height, width, channels, (f, r, c, k) => Inside(r, c) ? 0 : x[f][r][c][k]), Picture.Apply(erasing, info, x, random));
        }
    }

    [Fact]
    public void Erased_boxes_have_the_published_areas_and_ratios()
    {
        var image = new ImageLayout(320, 320, 3);
        var erasing = new RandomErasing();
        const int draws = 4000;
        double areas = 0, logs = 0, tops = 0;
        for (int i = 0; i < draws; i++)
        {
            PictureBox box = erasing.Box(image, new Rng(3).Fork(i))!.Value;
            double area = (double)box.Height * box.Width / (320 * 320), ratio = (double)box.Height / box.Width;
            Assert.InRange(area, 0.019, 0.335);
            Assert.InRange(ratio, 0.28, 3.5);
            Assert.True(box.Top >= 0 && box.Left >= 0 && box.Top + box.Height <= 320 && box.Left + box.Width <= 320);
            areas += area;
            logs += Math.Log(ratio);
            tops += box.Top / (320.0 - box.Height);
        }
        // Uniform area; ratios of which some are drawn anew, as boxes higher or wider than the picture.
        Assert.InRange(areas / draws, 0.165, 0.18);
        Assert.InRange(logs / draws, -0.04, 0.04);
        Assert.InRange(tops / draws, 0.48, 0.52);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Shuffled_pixels_are_changed_as_the_picture_that_they_are(ImageOrder order, int frames, int height, int width, int channels)
    {
        float[][][][] x = Picture.Random(frames, height, width, channels);
        var scale = new ChannelScale([.. Enumerable.Repeat(0.1f, channels)], [.. Enumerable.Repeat(0.2f, channels)]);
        DatasetInfo plain = Picture.Info(order, frames, height, width, channels, scale);
        DatasetInfo shuffled = plain with { Image = plain.Image! with { Places = PixelPermutation.Create(7, height * width * channels) } };
        foreach (Augmentation one in (Augmentation[])[new RandomCrop(), new HorizontalFlip(), .. channels is 1 or 3 ? new[] { new TrivialAugment() } : [], new RandomErasing()])
        {
            for (int i = 0; i < Draws; i++)
                Picture.Equal(Picture.Apply(one, plain, x, new Rng(1).Fork(i)), Picture.Apply(one, shuffled, x, new Rng(1).Fork(i)));
        }
    }

    [Fact]
    public void A_misfit_is_one_sentence()
    {
        DatasetInfo none = SampleGrid.Info(SampleKind.Values, 12, 4), counts = Picture.Info(ImageOrder.Rows, 2, 8, 8, 2), photographs = Picture.Info(ImageOrder.Rows, 1, 8, 8, 3, ChannelScale.Cifar10);
        foreach (Augmentation one in (Augmentation[])[new RandomCrop(), new HorizontalFlip(), new TrivialAugment(), new RandomErasing()])
        {
            Assert.Equal("it changes pictures, but the samples are none", one.Problem(none));
            Assert.Contains("no whole number of pictures of 5 x 8 x 3", one.Problem(photographs with { Image = new ImageLayout(5, 8, 3) { Pixels = ChannelScale.Cifar10 } }));
            Assert.Null(one.Problem(photographs));
        }
        Assert.Equal("padding is 8, but a picture has only 8 x 8 pixels", new RandomCrop(8).Problem(counts));
        Assert.Equal("it changes the pixels of photographs, but the samples are counts of events", new TrivialAugment().Problem(counts));
        Assert.Contains("these have 2 channels", new TrivialAugment().Problem(counts with { Image = counts.Image! with { Pixels = ChannelScale.Unit(2) } }));
        Assert.Equal("it changes values, but the samples are spikes", new RandomErasing().Problem(counts with { Kind = SampleKind.Spikes }));
        Assert.Equal("pictures of spikes must be one a step", new RandomCrop(2).Problem(photographs with { Kind = SampleKind.Spikes, Units = 24, MaxSteps = 8 }));
        Assert.Contains("leastArea is 0.5", new RandomErasing(0.5, 0.4).Problem(photographs));
        Assert.Contains("leastRatio is 0", new RandomErasing(LeastRatio: 0).Problem(photographs));
        Assert.Equal("it changes pictures, but the samples are none", new Cutmix().Problem(none));
        Assert.Null(new Mixup().Problem(none));
        Assert.Contains("spikes", new Mixup().Problem(none with { Kind = SampleKind.Spikes }));
        Assert.Contains("alpha is 0", new MixupOrCutmix(0.2, 0).Problem(photographs));
    }

    [Fact]
    public void Recipes_name_them_all()
    {
        DatasetInfo info = Picture.Info(ImageOrder.Columns, 1, 32, 32, 3, ChannelScale.Cifar10);
        AugmentationRecipe[] recipes =
        [
            new RandomCropRecipe(2), new HorizontalFlipRecipe(), new TrivialAugmentRecipe(), new RandomErasingRecipe([0.1, 0.2], [0.5, 2]), new MixupOrCutmixRecipe(0.3, 0.7, 0.9),
        ];
        Assert.Equal([new RandomCrop(2), new HorizontalFlip { Probability = 0.5 }, new TrivialAugment(), new RandomErasing(0.1, 0.2, 0.5, 2) { Probability = 0.1 }], Augmentations.Create(recipes, info));
        Assert.Equal(new MixupOrCutmix(0.3, 0.7) { Probability = 0.9 }, Augmentations.CreateMix(recipes, info));
        Assert.Equal(new Mixup(0.4), Augmentations.CreateMix([new MixupRecipe(0.4)], info));
        Assert.Equal(new Cutmix(0.4), Augmentations.CreateMix([new CutmixRecipe(0.4)], info));
        Assert.Null(Augmentations.CreateMix(recipes[..^1], info));
        Assert.Contains("Cutmix does not fit 'pictures': it changes pictures", Assert.Throws<ArgumentException>(
            () => Augmentations.CreateMix([new CutmixRecipe()], info with { Image = null })).Message);
    }
}
