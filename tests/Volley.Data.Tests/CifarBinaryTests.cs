using Volley.Recipes;
using Volley.Tensors;
using Volley.Testing;

namespace Volley.Data.Tests;

[Collection(Alone.Name)]
public sealed class CifarBinaryTests
{
    [Theory]
    [InlineData("data_batch_1.bin", "test_batch.bin")]
    [InlineData("data_batch_1.jpegq75.bin.gz", "test_batch.jpegq75.bin.gz")]
    [InlineData("train.bin", "test.bin.gz")]
    public void Every_way_to_name_the_files(string train, string test)
    {
        using var folder = new TempFolder();
        Put(folder, train, SampleFiles.Cifar(20));
        Put(folder, test, SampleFiles.Cifar(7));
        DatasetSplits splits = CifarBinary.Open(folder.Root);
        Assert.Equal((18, 2, 7), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal("frog", splits.Test.Info.ClassNames[splits.Test.Label(6)]);
    }

    [Fact]
    public void Batches_come_in_the_order_of_their_numbers_and_once_each()
    {
        using var folder = new TempFolder();
        byte[] records = SampleFiles.Cifar(3);
        folder.Write("data_batch_10.bin", records.AsSpan(2 * 3073));
        folder.Write("data_batch_2.bin", records.AsSpan(3073, 3073));
        folder.Write("data_batch_1.bin", records.AsSpan(0, 3073));
        folder.Write("data_batch_1.bin.gz", TempFolder.Gzip(records.AsSpan(0, 3073)));
        Assert.Equal([0, 1, 2], Labels.Of(CifarBinary.ReadTrain(folder.Root)));
    }

    [Theory]
    [InlineData(CifarLabels.Ten, 1, 10)]
    [InlineData(CifarLabels.Fine, 2, 100)]
    [InlineData(CifarLabels.Coarse, 2, 20)]
    public void Labels_of_both_sets(CifarLabels labels, int labelBytes, int classes)
    {
        using var folder = new TempFolder();
        folder.Write("train.bin", SampleFiles.Cifar(101, labelBytes, labels == CifarLabels.Ten ? 10 : 100));
        IDataset data = CifarBinary.ReadTrain(folder.Root, new CifarOptions { Labels = labels });
        Assert.Equal(classes, data.Info.Classes);
        Assert.Equal(Enumerable.Range(0, 101).Select(i => i % classes), Labels.Of(data));
    }

    [Fact]
    public void Layouts()
    {
        using var folder = new TempFolder();
        folder.Write("train.bin", SampleFiles.Cifar(1));
        // red 32 r + c (mod 256), green c, blue r
        static float Red(int r, int c) => (byte)(32 * r + c);

        float[] columns = Read(CifarLayout.Columns, 32, 96);
        Assert.Equal([Red(4, 7), 7, 4], columns.AsSpan(7 * 96 + 4 * 3, 3).ToArray());
        float[] pixels = Read(CifarLayout.Pixels, 1024, 3);
        Assert.Equal([Red(4, 7), 7, 4], pixels.AsSpan((4 * 32 + 7) * 3, 3).ToArray());
        float[] grey = Read(CifarLayout.GreyPixels, 1024, 1);
        Assert.Equal(MathF.Round(0.299f * Red(4, 7) + 0.587f * 7 + 0.114f * 4), grey[4 * 32 + 7]);
        float[] repeated = Read(CifarLayout.Image, 4, 3072);
        for (int t = 0; t < 4; t++)
            Assert.Equal(pixels, repeated[(t * 3072)..((t + 1) * 3072)]);

        float[] Read(CifarLayout layout, int steps, int units)
        {
            IDataset data = CifarBinary.ReadTrain(folder.Root, new CifarOptions { Layout = layout, Repeats = 4 });
            Assert.Equal((steps, units, steps), (data.Info.MaxSteps, data.Info.Units, data.Length(0)));
            Assert.Equal(layout switch { CifarLayout.Columns => new Shape(32, 3), CifarLayout.Image => new Shape(32, 32, 3), _ => new Shape(units) }, data.Info.StepShape);
            Assert.Equal((32, 32, layout == CifarLayout.Columns ? ImageOrder.Columns : ImageOrder.Rows), (data.Info.Image!.Height, data.Info.Image.Width, data.Info.Image.Order));
            var values = new float[steps * units];
            data.ReadValues(0, values);
            return [.. values.Select(v => MathF.Round(v * 255, 3))];
        }
    }

    [Fact]
    public void Channels_are_scaled_apart()
    {
        using var folder = new TempFolder();
        folder.Write("train.bin", SampleFiles.Cifar(1));
        IDataset data = CifarBinary.ReadTrain(folder.Root, new CifarOptions { Layout = CifarLayout.Pixels, Scale = ChannelScale.Cifar10 });
        var values = new float[3072];
        data.ReadValues(0, values);
        Assert.Equal([(39 / 255f - 0.4914f) / 0.2023f, (7 / 255f - 0.4822f) / 0.1994f, (1 / 255f - 0.4465f) / 0.2010f], values[(39 * 3)..(40 * 3)]);
        Assert.Contains("1 channels", Assert.Throws<ArgumentException>(() => CifarBinary.ReadTrain(
            folder.Root, new CifarOptions { Layout = CifarLayout.GreyPixels, Scale = ChannelScale.Cifar10 })).Message);
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        using var folder = new TempFolder();
        Assert.Contains("/nowhere", Assert.Throws<DirectoryNotFoundException>(() => CifarBinary.Open("/nowhere")).Message);
        Assert.Contains("data_batch_*", Assert.Throws<FileNotFoundException>(() => CifarBinary.Open(folder.Root)).Message);

        byte[] records = SampleFiles.Cifar(3);
        Says("the file is empty", []);
        Says("byte 6146: 3072 bytes are left after 2 records", records[..^1]);
        Says("byte 0: 1 bytes are left", records[..1]);
        records[3073] = 10;
        Says("byte 3073: label 10 of record 1", records);
        Says("byte 3073 unpacked: label 10 of record 1", TempFolder.Gzip(records));
        Says("more than 2 records; raise MostRecords", SampleFiles.Cifar(3), 2);
        Says("more than 2 records; raise MostRecords", TempFolder.Gzip(SampleFiles.Cifar(3)), 2);

        void Says(string what, byte[] content, int most = 100)
        {
            string path = folder.Write("data_batch_1", content);
            string message = Assert.Throws<InvalidDataException>(
                () => CifarBinary.ReadTrain(folder.Root, new CifarOptions { MostRecords = most })).Message;
            Assert.Contains(what, message);
            Assert.Contains(path, message);
        }
    }

    [Fact]
    public void A_gzip_bomb_stops_at_the_limit()
    {
        using var folder = new TempFolder();
        folder.Write("data_batch_1.gz", TempFolder.Gzip(new byte[3073 << 15]));
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Throws<InvalidDataException>(() => CifarBinary.ReadTrain(folder.Root, new CifarOptions { MostRecords = 1000 }));
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 32L << 20);
    }

    [RealDataFact("cifar10")]
    public void The_real_files()
    {
        string folder = RealData.Of("cifar10");
        IDataset train = CifarBinary.ReadTrain(folder), test = CifarBinary.ReadTest(folder);
        Assert.Equal((16_000, 5_000), (train.Count, test.Count));
        Assert.Equal(Enumerable.Range(0, 16_000).Select(i => i % 10), Labels.Of(train));
        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => i % 10), Labels.Of(test));
        // Pixels and sums of pixels, computed from the files by other means.
        var image = new float[3072];
        train.ReadValues(0, image);
        Assert.Equal([212, 214, 209, 206, 208, 203, 212, 214, 211, 220, 222, 219], image.AsSpan(5 * 96, 12).ToArray().Select(v => (int)MathF.Round(v * 255)));
        Assert.Equal(15737, (int)MathF.Round(image[(5 * 96)..(6 * 96)].Sum() * 255));
        test.ReadValues(4999, image);
        Assert.Equal(455177, (int)Math.Round(image.Sum(v => (double)v) * 255));
        IDataset grey = CifarBinary.ReadTest(folder, new CifarOptions { Layout = CifarLayout.GreyPixels });
        var pixels = new float[1024];
        grey.ReadValues(4999, pixels);
        Assert.Equal(149602, (int)Math.Round(pixels.Sum(v => (double)v) * 255));
        DatasetSplits standard = DataRecipes.Open(new Cifar10Recipe(CifarSequence.GreyPixels, Standardize: true), folder, null);
        standard.Test.ReadValues(4999, pixels);
        Assert.Equal((149602 / 255.0 - 1024 * 122.6 / 255) / (61 / 255.0), pixels.Sum(v => (double)v), 0.01);
    }

    private static void Put(TempFolder folder, string name, byte[] content) =>
        folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? TempFolder.Gzip(content) : content);
}
