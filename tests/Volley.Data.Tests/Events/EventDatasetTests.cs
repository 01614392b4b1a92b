using Volley.Recipes;
using Volley.Tensors;
using Volley.Testing;

namespace Volley.Data.Tests;

public sealed class EventDatasetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NMnist_in_its_official_folders()
    {
        foreach (string part in (string[])["Train", "Test"])
        {
            for (int digit = 0; digit < 10; digit++)
            {
                for (int k = 0; k < (part == "Train" ? 10 : 2); k++)
                    Put($"{part}/{digit}/{k:D5}.bin", EventWriter.NMnist(EventWriter.Random(100 + digit, 34, k)));
            }
        }
        DatasetSplits splits = NMnist.Open(_folder.Root, new EventFrameOptions { By = SliceBy.Number });
        Assert.Equal((90, 10, 20), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal(new Shape(34, 34, 2), splits.Train.Info.StepShape);
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9], Labels.Of(splits.Test));
        var values = new float[10 * 2312];
        splits.Test.ReadValues(7, values);
        Assert.Equal(103, values.Sum());
    }

    [Fact]
    public void NMnist_by_its_lists()
    {
        for (int i = 1; i <= 30; i++)
            Put($"{i}.{(i % 2 == 0 ? "bs2" : "bin")}", EventWriter.NMnist(EventWriter.Random(i, 34, i)));
        Put("train1K.txt", "#sample #class\n"u8.ToArray().Concat(System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(1, 20).Select(i => $"{i}\t{i % 10}\r\n")))).ToArray());
        Put("test100.txt", System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(21, 10).Select(i => $"{i} {i % 10}\n"))));
        DatasetSplits splits = NMnist.Open(_folder.Root, new EventFrameOptions { Split = new SplitOptions(0.5) });
        Assert.Equal((10, 10, 10), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 0], Labels.Of(splits.Test));

        Put("train1K.txt", "1\t10\n"u8.ToArray());
        Says<InvalidDataException>("line 1: the label of recording 1 is not one of 0 … 9");
        Put("train1K.txt", "../1\t1\n"u8.ToArray());
        Says<InvalidDataException>("line 1: expected the number of a recording and its label");
        Put("train1K.txt", "#\n"u8.ToArray());
        Says<InvalidDataException>("lists no recording");
        Put("train1K.txt", "1\t1\n77\t7\n2\t2\n"u8.ToArray());
        Says<InvalidDataException>("77.bs2' is not there, or is no file; --skip-bad goes on without such recordings");
        string? warning = null;
        Assert.Equal(1, NMnist.Open(_folder.Root, new EventFrameOptions { SkipBad = true, Warn = text => warning = text }).Train.Count);
        Assert.Contains("1 of 3 recordings cannot be read", warning);
        Put("train60K.txt", "1\t1\n"u8.ToArray());
        Says<FileNotFoundException>("has more than one list train….txt, and no folders Train and Test");
        Assert.Contains("There is no folder", Assert.Throws<DirectoryNotFoundException>(() => NMnist.Open(_folder["none"])).Message);

        void Says<T>(string what) where T : Exception => Assert.Contains(what, Assert.Throws<T>(() => NMnist.Open(_folder.Root)).Message);
    }

    [Fact]
    public void Cifar10_dvs_tests_with_the_first_hundred_of_each_class_and_stands_upright()
    {
        foreach (string name in (string[])["airplane", "truck"])
        {
            foreach (int number in (int[])[0, 9, 10, 99, 100, 101, 500, 999])
                Put($"{name}/cifar10_{name}_{number}.aedat", EventWriter.Aedat2([new(7, 3, 100, true), new(8, 20, (ushort)(number % 100), false)]));
        }
        Put("notes/a_1.aedat", [1]);
        Put("truck/thumbs_x.aedat", [1]);
        DatasetSplits splits = Cifar10Dvs.Open(_folder.Root, new EventFrameOptions { Steps = 1, Size = 128, Split = new SplitOptions(0.25) });
        Assert.Equal((6, 2, 8), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal([0, 0, 0, 0, 9, 9, 9, 9], Labels.Of(splits.Test));
        var values = new float[128 * 128 * 2];
        splits.Test.ReadValues(1, values);
        // x = 127 − 100, y = 127 − 3, brighter; x = 127 − 9, y = 127 − 20, darker.
        Assert.Equal(1, values[((127 - 3) * 128 + 127 - 100) * 2 + 1]);
        Assert.Equal(1, values[((127 - 20) * 128 + 127 - 9) * 2]);
        Assert.Equal(2, values.Sum());
        Directory.Delete(_folder["airplane"], true);
        Directory.Delete(_folder["truck"], true);
        Assert.Contains("has no recordings {class}/cifar10_{class}_{number}.aedat", Assert.Throws<FileNotFoundException>(() => Cifar10Dvs.Open(_folder.Root)).Message);
        Put("cat/cifar10_cat_5.aedat", EventWriter.Aedat2([new(7, 3, 100, true)]));
        Assert.Contains("needs recordings with the numbers 0 … 99", Assert.Throws<InvalidDataException>(() => Cifar10Dvs.Open(_folder.Root)).Message);
    }

    [Fact]
    public void Dvs_gestures_are_cut_out_of_their_recordings_and_persons_stay_together()
    {
        var train = new List<string>();
        for (int person = 1; person <= 5; person++)
        {
            foreach (string light in (string[])["led", "lab"])
            {
                string name = $"user{person:D2}_{light}";
                // An event a millisecond; the pixel tells the person, the row the gesture.
                CameraEvent[] events = [.. Enumerable.Range(0, 100).Select(i => new CameraEvent(1000 * i, (ushort)person, (ushort)(i / 20), i % 2 == 0))];
                Put(name + ".aedat", EventWriter.Aedat3(events));
                Put(name + "_labels.csv", System.Text.Encoding.ASCII.GetBytes("class,startTime_usec,endTime_usec\n" + string.Concat(Enumerable.Range(0, 4).Select(g => $"{g + 8},{20_000 * g},{20_000 * g + 19_000}\r\n"))));
                train.Add(name + ".aedat");
            }
        }
        Put("trials_to_train.txt", System.Text.Encoding.ASCII.GetBytes(string.Join('\n', train.Take(8))));
        Put("trials_to_test.txt", System.Text.Encoding.ASCII.GetBytes(string.Join("\r\n", train.Skip(8)) + "\r\n\r\n"));
        DatasetSplits splits = DvsGesture.Open(_folder.Root, new EventFrameOptions { Steps = 2, Size = 128, Split = new SplitOptions(0.2) });
        Assert.Equal((24, 8, 8), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal([7, 8, 9, 10, 7, 8, 9, 10], Labels.Of(splits.Test));
        int Person(IDataset part, int index)
        {
            var values = new float[2 * 128 * 128 * 2];
            part.ReadValues(index, values);
            // 19 events: that at the end belongs to the next gesture.
            Assert.Equal(19, values.Sum());
            int at = Array.FindIndex(values, v => v > 0) / 2 % (128 * 128);
            Assert.Equal(part.Label(index) - 7, at / 128);
            return at % 128;
        }
        int[] kept = [.. Enumerable.Range(0, 24).Select(i => Person(splits.Train, i)).Distinct()], held = [.. Enumerable.Range(0, 8).Select(i => Person(splits.Valid, i)).Distinct()];
        Assert.Equal((3, 1), (kept.Length, held.Length));
        Assert.Empty(kept.Intersect(held));

        Bad("12,0,5", "line 1: class 12 is not one of 1 … 11");
        Bad("1,5,5", "line 1: 'user01_led.aedat' has no event from 5 to 5 microseconds");
        Bad("1,x,5", "line 1: expected a class, a start and an end");
        Bad("1,2", "line 1: expected a class, a start and an end");
        Bad("class,startTime_usec,endTime_usec", "has no gesture");
        Put("trials_to_train.txt", "../a.aedat"u8.ToArray());
        Assert.Contains("line 1: expected the name of an .aedat file", Assert.Throws<InvalidDataException>(() => DvsGesture.Open(_folder.Root)).Message);
        File.Delete(_folder["trials_to_train.txt"]);
        Assert.Contains("has no trials_to_train.txt", Assert.Throws<FileNotFoundException>(() => DvsGesture.Open(_folder.Root)).Message);

        void Bad(string labels, string what)
        {
            Put("user01_led_labels.csv", System.Text.Encoding.ASCII.GetBytes(labels));
            Assert.Contains(what, Assert.Throws<InvalidDataException>(() => DvsGesture.Open(_folder.Root)).Message);
        }
    }

    [Fact]
    public void Recipes_describe_and_open_them()
    {
        Assert.Equal((10, 2312, 10), Size(new NMnistRecipe()));
        Assert.Equal((10, 48 * 48 * 2, 10), Size(new Cifar10DvsRecipe()));
        Assert.Equal((16, 128 * 128 * 2, 11), Size(new DvsGestureRecipe()));
        Assert.Equal(SampleKind.Spikes, DataRecipes.Describe(new NMnistRecipe(As: FrameContent.Spikes)).Kind);
        Assert.Equal(new NMnistRecipe(SkipBad: true), DataRecipes.SkippingBad(new NMnistRecipe()));
        foreach (DataRecipe recipe in (DataRecipe[])[new NMnistRecipe(), new Cifar10DvsRecipe(), new DvsGestureRecipe()])
        {
            Assert.Contains("{", DataRecipes.Files(recipe));
            Assert.ThrowsAny<IOException>(() => DataRecipes.Open(recipe, _folder.Root, null));
        }

        static (int, int, int) Size(DataRecipe recipe)
        {
            DatasetInfo info = DataRecipes.Describe(recipe);
            return (info.MaxSteps, info.Units, info.Classes);
        }
    }

    [RealDataFact("nmnist")]
    public void The_real_files()
    {
        string folder = RealData.Of("nmnist");
        DatasetSplits splits = NMnist.Open(folder);
        Assert.Equal((900, 100, 100), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        // About 4100 events in 300 ms, says the README of the data.
        double events = 0, seconds = 0;
        string[] files = Directory.GetFiles(folder, "*.bs2");
        foreach (string file in files)
        {
            CameraEvent[] all = EventFile.ReadNMnist(file);
            events += all.Length;
            seconds += (all[^1].Time - all[0].Time) * 1e-6;
            Assert.True(all.Zip(all.Skip(1)).All(pair => pair.First.Time <= pair.Second.Time));
        }
        Assert.Equal(1100, files.Length);
        Assert.InRange(events / files.Length, 4000, 4200);
        Assert.InRange(seconds / files.Length, 0.295, 0.31);
        var values = new float[10 * 2312];
        splits.Test.ReadValues(0, values);
        Assert.Equal(EventFile.ReadNMnist(Path.Combine(folder, "60001.bs2")).Length, values.Sum());
        Assert.Equal(7, splits.Test.Label(0));
    }

    private void Put(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        _folder.Write(name, content);
    }
}
