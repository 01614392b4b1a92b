using Volley.Kernels;

namespace Volley.Data.Tests;

/// <summary>The operations of TrivialAugment, on numbers worked out by hand or in the plainest way.</summary>
public sealed class PixelOperationTests
{
    [Fact]
    public void Pixels_come_back_from_values_as_they_were()
    {
        foreach (ChannelScale scale in (ChannelScale[])[ChannelScale.Cifar10, ChannelScale.Cifar100, ChannelScale.Unit(3)])
        {
            foreach (ImageOrder order in Enum.GetValues<ImageOrder>())
            {
                var codec = new PixelCodec(new ImageLayout(16, 32, 3, order) { Pixels = scale });
                byte[] pixels = [.. Enumerable.Range(0, 16 * 32 * 3).Select(i => (byte)(i * 7 / 3))], back = new byte[pixels.Length];
                var values = new float[pixels.Length];
                codec.Encode(pixels, values);
                codec.Decode(values, back);
                Assert.Equal(pixels, back);
                int at = order == ImageOrder.Rows ? (5 * 32 + 9) * 3 + 1 : (9 * 16 + 5) * 3 + 1;
                Assert.Equal((pixels[(5 * 32 + 9) * 3 + 1] / 255f - scale.Mean[1]) / scale.Deviation[1], values[at]);
            }
        }
        // What other augmentations made of pixels is brought back into their range.
        var unit = new PixelCodec(new ImageLayout(1, 3, 1) { Pixels = ChannelScale.Unit(1) });
        byte[] clipped = new byte[3];
        unit.Decode([-3, 0.5f, 2], clipped);
        Assert.Equal([0, 128, 255], clipped);
    }

    [Fact]
    public void Pictures_are_moved_sheared_and_turned()
    {
        byte[] x =
        [
            10, 20, 30,
            40, 50, 60,
            70, 80, 90,
        ];
        // To the right and down; what comes in is black.
        Assert.Equal([0, 10, 20, 0, 40, 50, 0, 70, 80], Warp(x, 3, 3, new Affine(1, 0, -1, 0, 1, 0)));
        Assert.Equal([0, 0, 0, 10, 20, 30, 40, 50, 60], Warp(x, 3, 3, new Affine(1, 0, 0, 0, 1, -1)));
        // A quarter of a turn, either way.
        Assert.Equal([70, 40, 10, 80, 50, 20, 90, 60, 30], Warp(x, 3, 3, Affine.Rotation(0.25, 1.5, 1.5)));
        Assert.Equal([30, 60, 90, 20, 50, 80, 10, 40, 70], Warp(x, 3, 3, Affine.Rotation(-0.25, 1.5, 1.5)));
        // Row r is read 0.99 (r + ½) to the right: 0.495, 1.485, 2.475 pixels. Half a pixel beyond the last centre its value goes on, further out it is black.
        Assert.Equal([15, 25, 30, 55, 60, 0, 90, 0, 0], Warp(x, 3, 3, new Affine(1, 0.99, 0, 0, 1, 0)));
        // Between four pixels: a quarter of each.
        Assert.Equal(30, Warp(x, 3, 3, new Affine(1, 0, 0.5, 0, 1, 0.5))[0]);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(-0.37)]
    [InlineData(0.2)]
    public void Turns_agree_with_the_formula(double turns)
    {
        const int height = 9, width = 13;
        var random = new Random(1);
        byte[] x = new byte[height * width * 3], y = new byte[x.Length];
        random.NextBytes(x);
        PixelWarp.Apply(x, y, height, width, 3, Affine.Rotation(turns, width / 2.0, height / 2.0));
        (double sin, double cos) = Math.SinCos(2 * Math.PI * turns);
        for (int r = 0; r < height; r++)
        {
            for (int c = 0; c < width; c++)
            {
                double dx = c + 0.5 - width / 2.0, dy = r + 0.5 - height / 2.0, sx = width / 2.0 + cos * dx + sin * dy, sy = height / 2.0 - sin * dx + cos * dy;
                for (int k = 0; k < 3; k++)
                {
                    double expected = 0;
                    if (sx >= 0 && sx < width && sy >= 0 && sy < height)
                    {
                        double px = Math.Clamp(sx - 0.5, 0, width - 1), py = Math.Clamp(sy - 0.5, 0, height - 1);
                        double At(double row, double column) => x[((int)row * width + (int)column) * 3 + k];
                        double fx = px - Math.Floor(px), fy = py - Math.Floor(py);
                        expected = (1 - fy) * ((1 - fx) * At(py, px) + fx * At(py, Math.Ceiling(px))) + fy * ((1 - fx) * At(Math.Ceiling(py), px) + fx * At(Math.Ceiling(py), Math.Ceiling(px)));
                    }
                    Assert.InRange(y[(r * width + c) * 3 + k], expected - 0.5001, expected + 0.5001);
                }
            }
        }
    }

    [Fact]
    public void Brightness_colour_contrast()
    {
        byte[] Brightness(double factor, params byte[] x)
        {
            PixelBlend.Brightness(x, factor);
            return x;
        }
        Assert.Equal([0, 5, 150, 255], Brightness(1.5, 0, 3, 100, 200));
        Assert.Equal([0, 1, 1, 2], Brightness(0.01, 0, 100, 149, 200));

        // Luma of (200, 100, 50) = 0.299·200 + 0.587·100 + 0.114·50 = 124.2.
        byte[] colour = [200, 100, 50];
        PixelBlend.Color(colour, 3, 0.5);
        Assert.Equal([162, 112, 87], colour);
        byte[] more = [200, 100, 50];
        PixelBlend.Color(more, 3, 1.5);
        Assert.Equal([238, 88, 13], more);

        // The mean of 10, 20, 45 is 25.
        byte[] contrast = [10, 20, 45];
        PixelBlend.Contrast(contrast, 1, 0.5);
        Assert.Equal([18, 23, 35], contrast);
        byte[] red = [200, 100, 50, 0, 0, 0];
        PixelBlend.Contrast(red, 3, 0.01);
        Assert.Equal([63, 62, 62, 61, 61, 61], red);
    }

    [Fact]
    public void Sharpness_is_the_distance_from_the_smoothed_picture()
    {
        byte[] x =
        [
            0, 0, 0, 0,
            0, 130, 26, 0,
            0, 0, 0, 13,
        ], y = new byte[12];
        // (5 · 130 + 26) / 13 = 52; (130 + 5 · 26 + 13) / 13 = 21. Twice as far from there: 208 and 31.
        PixelBlend.Sharpness(x, y, 3, 4, 1, 2);
        Assert.Equal([0, 0, 0, 0, 0, 208, 31, 0, 0, 0, 0, 13], y);
        PixelBlend.Sharpness(x, y, 3, 4, 1, 0);
        Assert.Equal([0, 0, 0, 0, 0, 52, 21, 0, 0, 0, 0, 13], y);
        // Channels keep apart.
        byte[] two = new byte[3 * 3 * 2], smooth = new byte[18];
        two[8] = 130;
        PixelBlend.Sharpness(two, smooth, 3, 3, 2, 0);
        Assert.Equal((50, 0), (smooth[8], smooth[9]));
    }

    [Fact]
    public void Tables()
    {
        byte[] Do(Action<byte[]> change, params byte[] x)
        {
            change(x);
            return x;
        }
        Assert.Equal([0, 192, 192, 64], Do(x => PixelTables.Posterize(x, 2), 63, 192, 255, 127));
        Assert.Equal([7, 255], Do(x => PixelTables.Posterize(x, 8), 7, 255));
        Assert.Equal([99, 155, 0], Do(x => PixelTables.Solarize(x, 100), 99, 100, 255));
        Assert.Equal([255, 0], Do(x => PixelTables.Solarize(x, 0), 0, 255));
        Assert.Equal([0, 127, 255], Do(x => PixelTables.AutoContrast(x, 1), 50, 100, 150));
        Assert.Equal([0, 9, 255, 9], Do(x => PixelTables.AutoContrast(x, 2), 50, 9, 150, 9));
        // 383 pixels of 10, 382 of 20 and 2 of 200: 765 / 255 = 3 a level; 10 becomes ⌊1 / 3⌋, 20 (1 + 383) / 3 = 128, 200 ⌊(1 + 765) / 3⌋ = 255.
        byte[] many = [.. Enumerable.Repeat((byte)10, 383), .. Enumerable.Repeat((byte)20, 382), 200, 200];
        PixelTables.Equalize(many, 1);
        Assert.Equal([0, 128, 255], new[] { many[0], many[383], many[765] });
        // Too few pixels, or all alike: nothing to even out.
        Assert.Equal([1, 2, 3], Do(x => PixelTables.Equalize(x, 1), 1, 2, 3));
        byte[] flat = [.. Enumerable.Repeat((byte)77, 600)];
        Assert.All(Do(x => PixelTables.Equalize(x, 1), flat), v => Assert.Equal(77, v));
    }

    [Fact]
    public void Every_operation_has_its_magnitudes()
    {
        // Pixels of one value in the middle of black: what an operation does to one of them tells its magnitude.
        Assert.Equal([8, 8, 8, 7, 7, 7, 7, 7, 6, 6, 6, 6, 6, 5, 5, 5, 5, 5, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 2, 2, 2],
            Enumerable.Range(0, 31).Select(k => System.Numerics.BitOperations.PopCount((uint)Change(PixelOperation.Posterize, k, 1, 255))));
        for (int k = 0; k < 31; k++)
        {
            Assert.Equal(100 >= 255 - 8.5 * k ? 155 : 100, Change(PixelOperation.Solarize, k, 1, 100));
            foreach (int sign in (int[])[1, -1])
                Assert.Equal((int)Math.Floor(100 * (1 + sign * 0.033 * k) + 0.5), Change(PixelOperation.Brightness, k, sign, 100));
        }
        // By 32 pixels of 40 to the right: column 3 becomes column 35.
        float[][][][] x = Picture.Make(1, 40, 40, 1, (_, r, c, _) => (r == 20 && c == 3 ? 200 : 0) / 255f);
        DatasetInfo info = Picture.Info(ImageOrder.Columns, 1, 40, 40, 1, ChannelScale.Unit(1));
        Assert.Equal(200 / 255f, Picture.Apply(info, x, sample => TrivialAugment.Apply(sample, PixelOperation.TranslateX, 1, 1))[0][20][35][0]);
        Assert.Equal(200 / 255f, Picture.Apply(info, x, sample => TrivialAugment.Apply(sample, PixelOperation.TranslateY, 0.5, -0.5))[0][4][3][0]);
        Assert.Equal(200 / 255f, Picture.Apply(info, x, sample => TrivialAugment.Apply(sample, PixelOperation.TranslateX, 0.03, -0.03))[0][20][3][0]);
        // ±90 degrees are two thirds of 135: what was left of the centre is above it.
        Assert.Equal(200 / 255f, Picture.Apply(info, x, sample => TrivialAugment.Apply(sample, PixelOperation.Rotate, 20 / 30.0, 20 / 30.0))[0][3][19][0], 1.0 / 255);
        // Shear by 0.99: row 20 moves by 20.3, which would take column 3 out to the left and brings it to 23.3.
        Assert.InRange(255 * Picture.Apply(info, x, sample => TrivialAugment.Apply(sample, PixelOperation.ShearX, 1, -1))[0][20][23][0], 130, 145);
    }

    [Fact]
    public void Operations_and_magnitudes_are_uniform()
    {
        const int draws = 14 * 31 * 20;
        int[] operations = new int[14], bins = new int[31], signs = new int[2];
        for (int i = 0; i < draws; i++)
        {
            Rng random = new Rng(5).Fork(i);
            operations[random.Below(14, 0)]++;
            bins[random.Below(31, 1)]++;
            signs[random.Bits32(4) & 1]++;
        }
        // 99.99 % of χ² with 13 and 30 degrees of freedom.
        Assert.InRange(operations.Sum(n => Math.Pow(n - draws / 14.0, 2) / (draws / 14.0)), 0, 40.9);
        Assert.InRange(bins.Sum(n => Math.Pow(n - draws / 31.0, 2) / (draws / 31.0)), 0, 67.6);
        Assert.InRange(signs[0], draws / 2 - 200, draws / 2 + 200);

        // What is drawn is what is done: all operations are met, and the same one in all frames of a sample.
        DatasetInfo info = Picture.Info(ImageOrder.Rows, 2, 12, 12, 3, ChannelScale.Cifar10);
        float[][][][] x = Picture.Make(2, 12, 12, 3, (_, r, c, k) => ((r * 12 + c) * (k + 1) % 256 / 255f - ChannelScale.Cifar10.Mean[k]) / ChannelScale.Cifar10.Deviation[k]);
        var met = new HashSet<string>();
        for (int i = 0; i < 400; i++)
        {
            Rng random = new Rng(6).Fork(i);
            float[][][][] y = Picture.Apply(new TrivialAugment(), info, x, random);
            Picture.Equal([y[0]], [y[1]]);
            double m = random.Below(31, 1) / 30.0, signed = (random.Bits32(4) & 1) == 0 ? m : -m;
            Picture.Equal(Picture.Apply(info, x, sample => TrivialAugment.Apply(sample, (PixelOperation)random.Below(14, 0), m, signed)), y);
            met.Add(string.Join(' ', y[0].SelectMany(row => row).SelectMany(p => p)));
        }
        Assert.True(met.Count > 200);
    }

    private static byte[] Warp(byte[] x, int height, int width, Affine map)
    {
        var y = new byte[x.Length];
        Array.Fill(y, (byte)7);
        PixelWarp.Apply(x, y, height, width, 1, map);
        return y;
    }

    private static int Change(PixelOperation operation, int bin, int sign, int pixel)
    {
        DatasetInfo info = Picture.Info(ImageOrder.Rows, 1, 1, 1, 1, ChannelScale.Unit(1));
        float[][][][] y = Picture.Apply(info, [[[[pixel / 255f]]]], sample => TrivialAugment.Apply(sample, operation, bin / 30.0, sign * bin / 30.0));
        return (int)MathF.Round(255 * y[0][0][0][0]);
    }
}
