using Volley.Recipes;
using Volley.Testing;

namespace Volley.Data.Tests;

[Collection(Alone.Name)]
public sealed class MnistTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData(".gz", false)]
    [InlineData("", true)]
    [InlineData(".gz", true)]
    public void Every_way_to_name_the_files(string suffix, bool dotted)
    {
        using var folder = new TempFolder();
        SampleFiles.Mnist(folder, count: 20, suffix, dotted);
        DatasetSplits splits = Mnist.Open(folder.Root);
        Assert.Equal((18, 2, 20), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal((3, 4), (splits.Train.Info.MaxSteps, splits.Train.Info.Units));
        var image = new float[12];
        splits.Test.ReadValues(1, image);
        Assert.Equal(Enumerable.Range(12, 12).Select(i => i / 255f), image);
        Assert.Equal(1, splits.Test.Label(1));
    }

    [Fact]
    public void Pixels_permuted_and_scaled()
    {
        using var folder = new TempFolder();
        SampleFiles.Mnist(folder);
        IDataset data = Mnist.ReadTrain(folder.Root, new MnistOptions
        {
            Layout = MnistLayout.Pixels,
            PermutationSeed = 9,
            Scale = new ChannelScale([0.5f], [0.25f]),
        });
        Assert.Equal((12, 1), (data.Info.MaxSteps, data.Info.Units));
        var image = new float[12];
        data.ReadValues(2, image);
        Assert.Equal(PixelPermutation.Create(9, 12).Select(p => ((24 + p) / 255f - 0.5f) / 0.25f), image);
    }

    [Fact]
    public void Parts_by_their_place_in_the_files()
    {
        using var folder = new TempFolder();
        SampleFiles.Mnist(folder, count: 20);
        (IDataset train, IDataset valid, IDataset test) = DataRecipes.Open(new MnistRecipe(First: new FirstSamplesRecipe(9, 4, 7)), folder.Root, null);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8], Labels.Of(train));
        Assert.Equal([9, 0, 1, 2], Labels.Of(valid));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], Labels.Of(test));
        // Sample 10 of the file has the first class again, but other pixels: place and not label decides.
        var image = new float[12];
        valid.ReadValues(1, image);
        Assert.Equal(Enumerable.Range(120, 12).Select(i => i / 255f), image);
        Assert.Equal(5, DataRecipes.Open(new MnistRecipe(First: new FirstSamplesRecipe(9, 4, 7), Limit: 5), folder.Root, null).Train.Count);
    }

    [Theory]
    [InlineData(21, 0, 1)]
    [InlineData(18, 3, 1)]
    [InlineData(1, 0, 21)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    public void Fewer_samples_than_asked_for(int train, int valid, int test)
    {
        using var folder = new TempFolder();
        SampleFiles.Mnist(folder, count: 20);
        var recipe = new MnistRecipe(First: new FirstSamplesRecipe(train, valid, test));
        Assert.Contains("'mnist' has 20.", Assert.Throws<ArgumentOutOfRangeException>(() => DataRecipes.Open(recipe, folder.Root, null)).Message);
    }

    [Fact]
    public void The_permutation_is_that_of_the_reference()
    {
        // reference/psmnist.md section 2
        int[] p = PixelPermutation.Create(1, 784);
        Assert.Equal([126, 130, 416, 143, 558, 188, 579, 268, 768, 123], p[..10]);
        Assert.Equal([39, 550, 394, 289, 185], p[779..]);
        Assert.Equal(120513410, p.Select((v, i) => v * i).Sum());
        Assert.Equal(Enumerable.Range(0, 784), p.Order());
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        using var folder = new TempFolder();
        Assert.Contains("/nowhere", Assert.Throws<DirectoryNotFoundException>(() => Mnist.Open("/nowhere")).Message);
        string message = Assert.Throws<FileNotFoundException>(() => Mnist.Open(folder.Root)).Message;
        Assert.Contains("train-images-idx3-ubyte.gz", message);
        Assert.Contains(folder.Root, message);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", 0, 1, "byte 0")]
    [InlineData("train-images-idx3-ubyte", 2, 13, "byte 2: the element type is 13")]
    [InlineData("train-images-idx3-ubyte", 3, 1, "byte 3: there are 1 dimensions")]
    [InlineData("train-images-idx3-ubyte", 4, 255, "byte 4: the sizes up to this one")]
    [InlineData("train-images-idx3-ubyte", 8, 127, "byte 8: the sizes up to this one")]
    [InlineData("train-images-idx3-ubyte", 15, 0, "byte 12: size 2 is 0")]
    [InlineData("train-images-idx3-ubyte", 15, 3, "byte 196: the content goes on")]
    [InlineData("train-labels-idx1-ubyte", 7, 19, "byte 27: the content goes on")]
    [InlineData("train-labels-idx1-ubyte", 12, 10, "byte 12: label 10 of item 4")]
    public void One_wrong_byte_is_found(string name, int offset, byte value, string says)
    {
        foreach (string suffix in new[] { "", ".gz" })
        {
            using var folder = new TempFolder();
            SampleFiles.Mnist(folder);
            byte[] content = File.ReadAllBytes(folder[name]);
            content[offset] = value;
            File.Delete(folder[name]);
            folder.Write(name + suffix, suffix == "" ? content : TempFolder.Gzip(content));
            string message = Assert.Throws<InvalidDataException>(() => Mnist.ReadTrain(folder.Root)).Message;
            Assert.Contains(name + suffix, message);
            // A gzip file's length is no upper bound for its content: its claim is met only by reading.
            if (suffix == "" || !says.Contains("sizes up to"))
                Assert.Contains(says.Replace(":", suffix == "" ? ":" : " unpacked:"), message);
        }
    }

    [Fact]
    public void Truncated_at_any_byte()
    {
        using var folder = new TempFolder();
        SampleFiles.Mnist(folder, count: 2);
        foreach (string name in new[] { "train-images-idx3-ubyte", "train-labels-idx1-ubyte" })
        {
            byte[] content = File.ReadAllBytes(folder[name]);
            for (int length = 0; length < content.Length; length++)
            {
                folder.Write(name, content.AsSpan(0, length));
                Assert.Contains(name, Assert.Throws<InvalidDataException>(() => Mnist.ReadTrain(folder.Root)).Message);
            }
            folder.Write(name, content);
            File.Delete(folder[name]);
            byte[] packed = TempFolder.Gzip(content);
            for (int length = 0; length < packed.Length; length++)
            {
                folder.Write(name + ".gz", packed.AsSpan(0, length));
                Assert.Throws<InvalidDataException>(() => Mnist.ReadTrain(folder.Root));
            }
            File.Delete(folder[name + ".gz"]);
            folder.Write(name, content);
        }
    }

    [Fact]
    public void Fewer_labels_than_images()
    {
        using var folder = new TempFolder();
        SampleFiles.Mnist(folder);
        folder.Write("train-labels-idx1-ubyte", SampleFiles.Idx([19], _ => 0));
        Assert.Contains("19 labels for the 20 images", Assert.Throws<InvalidDataException>(() => Mnist.Open(folder.Root)).Message);
    }

    [Fact]
    public void Parts_of_different_size()
    {
        using var folder = new TempFolder();
        SampleFiles.Mnist(folder);
        folder.Write("t10k-images-idx3-ubyte", SampleFiles.Idx([20, 4, 4], _ => 0));
        Assert.Contains("differ in size", Assert.Throws<InvalidDataException>(() => Mnist.Open(folder.Root)).Message);
    }

    [Fact]
    public void A_gzip_bomb_is_not_unpacked()
    {
        using var folder = new TempFolder();
        SampleFiles.Mnist(folder);
        File.Delete(folder["train-images-idx3-ubyte"]);
        // 256 MB of zeros behind a header that claims 20 small images.
        var bomb = new byte[1 << 28];
        SampleFiles.Idx([20, 3, 4], _ => 0).CopyTo(bomb, 0);
        folder.Write("train-images-idx3-ubyte.gz", TempFolder.Gzip(bomb));
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Contains("goes on", Assert.Throws<InvalidDataException>(() => Mnist.ReadTrain(folder.Root)).Message);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64L << 20);
    }

    [Fact]
    public void A_huge_claim_in_a_small_gzip_file_allocates_little()
    {
        using var folder = new TempFolder();
        SampleFiles.Mnist(folder);
        File.Delete(folder["train-images-idx3-ubyte"]);
        // Noise does not shrink, so that the file could hold a thousandfold and the claim of 600 MB must be met by reading.
        var noise = new byte[1 << 20];
        new Random(1).NextBytes(noise);
        SampleFiles.Idx([1, 1, 1], _ => 0).CopyTo(noise, 0);
        (noise[4], noise[5], noise[6], noise[7]) = (0, 0x08, 0xF0, 0xD1);
        (noise[11], noise[15]) = (32, 32);
        folder.Write("train-images-idx3-ubyte.gz", TempFolder.Gzip(noise));
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Contains("content ends after", Assert.Throws<InvalidDataException>(() => Mnist.ReadTrain(folder.Root)).Message);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64L << 20);
    }

    [RealDataFact("mnist")]
    public void The_real_files()
    {
        string folder = RealData.Of("mnist");
        IDataset train = Mnist.ReadTrain(folder), test = Mnist.ReadTest(folder);
        Assert.Equal((60_000, 10_000), (train.Count, test.Count));
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], Labels.Of(train)[..10]);
        Assert.Equal([7, 2, 1, 0, 4, 1, 4, 9, 5, 9], Labels.Of(test)[..10]);
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], Counts(test));
        Assert.Equal((28, 28), (train.Info.MaxSteps, train.Info.Units));

        DatasetSplits splits = Mnist.Open(folder, new MnistOptions { Split = new SplitOptions(Limit: 1000) });
        Assert.Equal((1000, 6000, 10_000), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        var image = new float[784];
        train.ReadValues(0, image);
        // Sums of pixels, computed from the files by other means.
        Assert.Equal(971, (int)Math.Round(image[(14 * 28)..(15 * 28)].Sum() * 255));
        test.ReadValues(9999, image);
        Assert.Equal(41833, (int)Math.Round(image.Sum(v => (double)v) * 255));
    }

    [RealDataFact("mnist")]
    public void Permuted_sequential_mnist_is_that_of_the_reference()
    {
        // reference/psmnist.md section 2: sums of all values, class counts, first inputs.
        var recipe = new MnistRecipe(MnistSequence.Pixels, Permuted: true, Standardize: true, new FirstSamplesRecipe(8000, 2000, 2000));
        (IDataset train, IDataset valid, IDataset test) = DataRecipes.Open(recipe, RealData.Of("mnist"), null);
        Assert.Equal([795, 906, 788, 811, 799, 702, 798, 853, 753, 795], Counts(train));
        Assert.Equal([206, 221, 203, 221, 181, 161, 216, 217, 191, 183], Counts(valid));
        Assert.Equal([175, 234, 219, 207, 217, 179, 178, 205, 192, 194], Counts(test));
        Assert.Equal(1115.398, Sum(train), 0.01);
        // Sums of pixels, computed from the files by other means.
        Assert.Equal(9718.283, Sum(valid), 0.01);
        Assert.Equal(-49946.397, Sum(test), 0.01);
        var image = new float[784];
        train.ReadValues(0, image);
        Assert.Equal([5, 7, 11, 15], Enumerable.Range(0, 16).Where(i => image[i] > 0));
        Assert.Equal([2.7960, 0.1231, 2.0960, 2.3633], new[] { 5, 7, 11, 15 }.Select(i => Math.Round((double)image[i], 4)));
    }

    private static int[] Counts(IDataset data) => [.. Labels.Of(data).GroupBy(l => l).OrderBy(g => g.Key).Select(g => g.Count())];

    private static double Sum(IDataset data)
    {
        var values = new float[data.Info.MaxSteps * data.Info.Units];
        double sum = 0;
        for (int i = 0; i < data.Count; i++)
        {
            data.ReadValues(i, values);
            foreach (float v in values)
                sum += v;
        }
        return sum;
    }
}
