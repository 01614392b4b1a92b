using System.Text;
using Volley.Recipes;

namespace Volley.Data.Tests.Sequences;

public sealed class CsvTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1,2\n3,4\n5,6\n")]
    [InlineData("1;2\r\n3;4\r\n5;6")]
    [InlineData("1\t2\n3\t4\n\n5\t6\n\n")]
    [InlineData("1 2\n 3  4\n5 6 \n")]
    [InlineData("x,y\n1,2\n3,4\n5,6\n")]
    [InlineData("\"x, left\";y\n1;2\n3;4\n5;6\n")]
    [InlineData("\uFEFFx,y\n\"1\", 2\n3,\"4\"\n5,6\n")]
    [InlineData("# made by hand\n1.0,2e0\n# and another\n+3,.4e1\n0005,6.\n")]
    public void A_file_is_a_recording(string text)
    {
        Sequence read = Read(text);
        Assert.Equal((3, 2), (read.Steps, read.Units));
        Assert.Equal([1, 2, 3, 4, 5, 6], read.Values);
    }

    [Fact]
    public void One_column() => Assert.Equal([1, -2.5f], Read("1\n-2.5\n").Values);

    [Fact]
    public void Long_files_pass_through_the_buffer()
    {
        float[] values = [.. Enumerable.Range(0, 60_000).Select(i => i * 0.25f)];
        Assert.Equal(values, Read(string.Join('\n', values.Chunk(3).Select(row => string.Join(',', row)))).Values);
        // A line that is longer than the buffer was.
        Assert.Equal(values.Length, Read(string.Join(',', values)).Units);
    }

    [Theory]
    [InlineData("", "line 0: the file ends without a row of numbers")]
    [InlineData("x,y\n", "line 1: the file ends without a row of numbers")]
    [InlineData("1,2\n3\n", "line 2: there are 1 columns, but 2 in the first line")]
    [InlineData("1,2\n3,4,5\n", "line 2: there are 3 columns, but 2 in the first line")]
    [InlineData("x,y\n1,2\n\n3,abc\n", "line 4, column 2: 'abc' is no finite number")]
    [InlineData("1,2\n3,\n", "line 2, column 2: a number is missing")]
    [InlineData("1,2\nNaN,3\n", "line 2, column 1: 'NaN' is no finite number")]
    [InlineData("1,2\n3,-inf\n", "line 2, column 2: '-inf' is no finite number")]
    [InlineData("1,2\n3,1e39\n", "line 2, column 2: '1e39' is no finite number")]
    [InlineData("1;2\n1,5;2\n", "line 2, column 1: '1,5' is no finite number; numbers have a decimal point here, not a comma")]
    [InlineData("x,1\n1,2\n", "line 1, column 1: 'x' is no finite number, though other fields of the line are; a header has none")]
    [InlineData("1,\"2\n", "line 1, column 2: a quote is opened and not closed on its line")]
    [InlineData("1,\"2\"3\n", "line 1, column 2: something follows a closed quote")]
    [InlineData("1,2\n0x10,3\n", "line 2, column 1: '0x10' is no finite number")]
    [InlineData("1,2\n\0,3\n", "line 2, column 1: '\uFFFD' is no finite number")]
    public void A_bad_file_is_one_sentence(string text, string expected)
    {
        string message = Assert.Throws<InvalidDataException>(() => Read(text)).Message;
        Assert.StartsWith($"'{_folder["a.csv"]}', ", message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void Utf16_is_named()
    {
        string path = _folder.Write("a.csv", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("1,2\n")).ToArray());
        Assert.Contains("the text is UTF-16; save it as UTF-8", Assert.Throws<InvalidDataException>(() => CsvFile.Read(path)).Message);
    }

    /// <summary>Numbers mean the same whatever the machine's language is.</summary>
    [Fact]
    public void The_language_does_not_matter()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            var german = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
            (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
            Thread.CurrentThread.CurrentCulture = german;
            Assert.Equal([1.5f, 2000], Read("1.5,2e3\n").Values);
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_folder_of_files()
    {
        WriteFolder();
        DatasetSplits splits = DataRecipes.Open(new CsvRecipe(Standardize: false), _folder.Root, null);
        Assert.Equal(["circle", "wave"], splits.Train.Info.ClassNames);
        Assert.Equal((14, 2, 4), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal(2, splits.Train.Info.Units);
        // Every recording has its own length, and says in its values which it is.
        foreach (IDataset part in new[] { splits.Train, splits.Valid, splits.Test })
        {
            for (int i = 0; i < part.Count; i++)
            {
                var values = new float[2 * part.Length(i)];
                part.ReadValues(i, values);
                Assert.Equal(3 + (int)values[1] % 4, part.Length(i));
                Assert.Equal(values[0], part.Label(i));
            }
        }
        Assert.Equal(2, Enumerable.Range(0, 4).Count(i => splits.Test.Label(i) == 0));
    }

    [Fact]
    public void Training_statistics_standardise_all_parts()
    {
        WriteFolder();
        DatasetSplits raw = DataRecipes.Open(new CsvRecipe(Standardize: false), _folder.Root, null), scaled = DataRecipes.Open(new CsvRecipe(), _folder.Root, null);
        double[] all = [.. Enumerable.Range(0, raw.Train.Count).SelectMany(i => Column(raw.Train, i, 1))];
        double mean = all.Average(), sd = Math.Sqrt(all.Average(v => (v - mean) * (v - mean)));
        Assert.Equal(mean, scaled.Input!.Mean![1], 1e-12);
        Assert.Equal(sd, scaled.Input.Sd![1], 1e-12);
        Assert.Null(scaled.Input.FrontEnd);
        Assert.Equal(["circle", "wave"], scaled.Input.ClassNames!);
        for (int i = 0; i < raw.Test.Count; i++)
            Assert.Equal(Column(raw.Test, i, 1).Select(v => (double)(float)((v - scaled.Input.Mean![1]) / scaled.Input.Sd![1])), Column(scaled.Test, i, 1));
    }

    [Fact]
    public void The_cache_gives_the_same()
    {
        WriteFolder();
        using var cache = new TempFolder();
        DatasetSplits first = DataRecipes.Open(new CsvRecipe(), _folder.Root, cache.Root), second = DataRecipes.Open(new CsvRecipe(), _folder.Root, cache.Root);
        Assert.Single(Directory.GetFiles(cache.Root));
        for (int i = 0; i < first.Train.Count; i++)
            Assert.Equal(Column(first.Train, i, 1), Column(second.Train, i, 1));
    }

    [Fact]
    public void A_bad_file_stops_or_is_left_out()
    {
        WriteFolder();
        File.WriteAllText(_folder["wave/03.csv"], "1,2\n3\n");
        File.WriteAllText(_folder["wave/04.csv"], "1,2,3\n");
        File.WriteAllText(_folder["circle/00.csv"], "");
        using var cache = new TempFolder();
        string message = Assert.Throws<InvalidDataException>(() => DataRecipes.Open(new CsvRecipe(), _folder.Root, cache.Root)).Message;
        Assert.Equal($"'{_folder["circle/00.csv"]}', byte 0: the file is empty; --skip-bad goes on without such recordings.", message);
        for (int pass = 0; pass < 2; pass++)
        {
            var warnings = new List<string>();
            DatasetSplits splits = DataRecipes.Open(new CsvRecipe(SkipBad: true), _folder.Root, cache.Root, warnings.Add);
            Assert.Equal(17, splits.Train.Count + splits.Valid.Count + splits.Test.Count);
            Assert.Equal(
                $"3 of 20 recordings cannot be read and are left out (00.csv, 03.csv, 04.csv); the first one: '{_folder["circle/00.csv"]}', byte 0: the file is empty.",
                Assert.Single(warnings));
        }
        // The cache knows the bad ones, and does not hide them from somebody who wants to hear of them.
        File.WriteAllText(_folder["circle/00.csv"], "0,0\n0,0\n0,0\n");
        Assert.Contains("03.csv', line 2: there are 1 columns", Assert.Throws<InvalidDataException>(() => DataRecipes.Open(new CsvRecipe(), _folder.Root, cache.Root)).Message);
    }

    [Fact]
    public void All_bad()
    {
        foreach (string name in new[] { "a", "b" })
        {
            Directory.CreateDirectory(_folder[name]);
            File.WriteAllText(_folder[name + "/1.csv"], "x");
        }
        string message = Assert.Throws<InvalidDataException>(() => DataRecipes.Open(new CsvRecipe(SkipBad: true), _folder.Root, null)).Message;
        Assert.StartsWith("None of the 2 recordings can be read; the first one: ", message);
    }

    [Fact]
    public void A_trained_model_brings_classes_and_statistics()
    {
        WriteFolder();
        var input = new InputDescription(null, [1, 2], [10, 20], ["wave", "circle", "never"]);
        DatasetSplits splits = DataRecipes.Open(new CsvRecipe(), _folder.Root, null, null, input);
        Assert.Equal(3, splits.Train.Info.Classes);
        Assert.Equal("wave", splits.Train.Info.ClassNames[0]);
        Assert.Equal(input.Mean, splits.Input!.Mean);
        Assert.Equal((splits.Train.Label(0) == 1 ? 0 - 1 : 1 - 1) / 10f, Column(splits.Train, 0, 0)[0], 1e-6);

        Directory.CreateDirectory(_folder["zigzag"]);
        File.WriteAllText(_folder["zigzag/1.csv"], "1,2\n");
        string message = Assert.Throws<InvalidDataException>(() => DataRecipes.Open(new CsvRecipe(), _folder.Root, null, null, input)).Message;
        Assert.Contains("zigzag/1.csv' has the class 'zigzag', which is none of those that are known: wave, circle, never", message.Replace('\\', '/'));
        // A recipe that chooses its classes ignores the others, then and now.
        Assert.Equal(20, Count(DataRecipes.Open(new CsvRecipe(Classes: ["wave", "circle", "never"]), _folder.Root, null, null, input)));
        Assert.Contains("recordings of 2 channels, but the model was trained on 1",
            Assert.Throws<InvalidDataException>(() => DataRecipes.Open(new CsvRecipe(Classes: ["wave", "circle"]), _folder.Root, null, null, input with { Mean = [1], Sd = [1] })).Message);
    }

    [Fact]
    public void A_table()
    {
        var text = new StringBuilder("time;id;label;x;y;who\n");
        for (int t = 0; t < 5; t++)
        {
            for (int id = 0; id < 12; id++)
            {
                if (t < 2 + id % 3)
                    text.Append($"{t};r{id};{(id % 2 == 0 ? "up" : "down")};{id};{t};s{id % 3}\n");
            }
        }
        string path = _folder.Write("all.csv", Encoding.UTF8.GetBytes(text.ToString()));
        var recipe = new CsvRecipe(Ignore: ["time"], SpeakerColumn: "who", Standardize: false, ValidFraction: 0);
        DatasetSplits splits = DataRecipes.Open(recipe, path, null);
        Assert.Equal(["down", "up"], splits.Train.Info.ClassNames);
        Assert.Equal((2, 12), (splits.Train.Info.Units, Count(splits)));
        for (int i = 0; i < splits.Train.Count; i++)
        {
            double[] x = Column(splits.Train, i, 0), y = Column(splits.Train, i, 1);
            Assert.Equal(Enumerable.Range(0, 2 + (int)x[0] % 3).Select(t => (double)t), y);
            Assert.Equal(x[0] % 2 == 0 ? 1 : 0, splits.Train.Label(i));
        }
        DatasetSplits left = DataRecipes.Open(recipe with { LeaveOut = "s1" }, path, null);
        Assert.Equal([1, 4, 7, 10], Enumerable.Range(0, left.Test.Count).Select(i => Column(left.Test, i, 0)[0]));
        Assert.Contains("There is no speaker 's9'", Assert.Throws<ArgumentException>(() => DataRecipes.Open(recipe with { LeaveOut = "s9" }, path, null)).Message);
    }

    /// <summary>A device never ends; that it has no length tells.</summary>
    [Fact]
    public void A_table_without_end_is_not_opened()
    {
        if (!OperatingSystem.IsWindows())
            Assert.Contains("'/dev/zero', byte 0: the file is empty", Assert.Throws<InvalidDataException>(() => DataRecipes.Open(new CsvRecipe(), "/dev/zero", null)).Message);
    }

    [Theory]
    [InlineData("id,lable,x\n1,a,2\n", "line 1, column 1: the first line has no column 'label'; did you mean 'lable'?")]
    [InlineData("id,label\n1,a\n", "line 1, column 1: no column is left for the values")]
    [InlineData("id,label,x,x\n1,a,2,3\n", "line 1, column 4: there are two columns of the name 'x'")]
    [InlineData("id,label,x\n", "line 1: the file ends without a row of numbers")]
    [InlineData("id,label,x\n1,a,2\n1,b,3\n", "line 3, column 2: the recording '1' has another label")]
    [InlineData("id,label,x\n1,,2\n", "line 2, column 2: the label is missing")]
    [InlineData("id,label,x\n1,a,2\n2,b,x\n", "line 3, column 3: 'x' is no finite number")]
    [InlineData("id,label,x\n1,a\n", "line 2: there are 2 columns, but 3 in the first line")]
    [InlineData("id,label,x\n1,a,2\n2,a,3\n", "has recordings of one class only, 'a'")]
    public void A_bad_table_is_one_sentence(string text, string expected)
    {
        string path = _folder.Write("all.csv", Encoding.UTF8.GetBytes(text));
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => DataRecipes.Open(new CsvRecipe(), path, null)).Message);
    }

    [Fact]
    public void A_table_goes_on_without_bad_recordings()
    {
        string path = _folder.Write("all.csv", "id,label,x\n1,a,2\n2,b,?\n3,b,3\n2,b,4\n4,a,3\n5,b\n6,b,1\n"u8);
        var warnings = new List<string>();
        DatasetSplits splits = DataRecipes.Open(new CsvRecipe(SkipBad: true, ValidFraction: 0), path, null, warnings.Add);
        Assert.Equal(4, Count(splits));
        Assert.StartsWith("2 of 6 recordings cannot be read and are left out (2, 5); the first one: ", Assert.Single(warnings));
    }

    [Fact]
    public void Any_bytes()
    {
        var random = new Random(20261125);
        byte[] table = "id,label,part,x,y\n1,a,train,2,3\n1,a,train,2.5,-3e2\n2,\"b\",test,1,1\n3,b,train,1,5\n4,a,valid,4,4\n"u8.ToArray(), file = "x;y\n1;2\n\"3\";4.5e1\n-5;6\n"u8.ToArray();
        int read = 0, refused = 0;
        for (int i = 0; i < 4000; i++)
        {
            string path = _folder.Write("fuzz.csv", Mutations.Of(i % 2 == 0 ? table : file, random));
            try
            {
                if (i % 2 == 0)
                    Assert.True(Count(DataRecipes.Open(new CsvRecipe(PartColumn: "part", SkipBad: i % 4 == 0), path, null)) is > 1 and < 7);
                else
                    Assert.True(CsvFile.Read(path).Values.All(float.IsFinite));
                read++;
            }
            catch (InvalidDataException failure)
            {
                Assert.EndsWith(".", failure.Message);
                refused++;
            }
        }
        Assert.True(read > 400 && refused > 400, $"{read} read, {refused} refused");
    }

    private Sequence Read(string text) => CsvFile.Read(_folder.Write("a.csv", Encoding.UTF8.GetBytes(text)));

    // 10 recordings of each of two classes: rows (class, number), number mod 4 + 3 of them.
    private void WriteFolder()
    {
        foreach ((string name, int label) in new[] { ("wave", 1), ("circle", 0) })
        {
            Directory.CreateDirectory(_folder[name]);
            for (int i = 0; i < 10; i++)
                File.WriteAllText(_folder[$"{name}/{i:00}.csv"], "class,number\n" + string.Concat(Enumerable.Repeat($"{label},{i}\n", 3 + i % 4)));
        }
    }

    private static int Count(DatasetSplits splits) => splits.Train.Count + splits.Valid.Count + splits.Test.Count;

    private static double[] Column(IDataset data, int index, int column)
    {
        var values = new float[data.Length(index) * data.Info.Units];
        data.ReadValues(index, values);
        return [.. Enumerable.Range(0, data.Length(index)).Select(t => (double)values[t * data.Info.Units + column])];
    }
}
