using System.Globalization;
using System.Text;
using Volley.Recipes;
using Volley.Testing;

namespace Volley.Data.Tests.Sequences;

public sealed class TsTests : IDisposable
{
    private const string Good = "#comment\n@problemName x\n@timeStamps false\n@missing false\n@univariate false\n@dimensions 2\n@equalLength false\n@classLabel true a b\n@data\n1,2,3:4,5,6:a\n7:8:b\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Channels_become_columns()
    {
        DatasetSplits splits = Open(Good, Good);
        Assert.Equal((2, 0, 2), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal(new DatasetInfo("x", SampleKind.Values, 2, 3, 2, splits.Train.Info.ClassNames), splits.Train.Info);
        var values = new float[6];
        splits.Train.ReadValues(0, values);
        Assert.Equal([1, 4, 2, 5, 3, 6], values);
        Assert.Equal(1, splits.Train.Length(1));
        Assert.Equal(["a", "b"], splits.Train.Info.ClassNames);
    }

    [Theory]
    [InlineData("@timeStamps false", "@timeStamps true", "line 3: the recordings have time stamps")]
    [InlineData("@missing false", "@missing TRUE", "line 4: the recordings have missing values")]
    [InlineData("@classLabel true a b", "@classLabel false", "line 8: the recordings have no classes")]
    [InlineData("@classLabel true a b", "@targetLabel true", "line 8: the recordings have no classes")]
    [InlineData("@dimensions 2", "@dimensions two", "line 6: 'two' is no number of dimensions")]
    [InlineData("@data", "data", "line 9: expected a line that begins with @")]
    [InlineData("1,2,3:4,5,6:a", "1,2,3:4,5,6:c", "line 10: the label 'c' is none of a, b")]
    [InlineData("1,2,3:4,5,6:a", "1,2,3:4,5,6:", "line 10: the label behind the last ':' is missing")]
    [InlineData("1,2,3:4,5,6:a", "1,2,3:4,5:a", "line 10: channel 2 has 2 values, but channel 1 has 3")]
    [InlineData("1,2,3:4,5,6:a", "1,2,3:4,?,6:a", "line 10: value 2 of channel 2 is missing (?)")]
    [InlineData("1,2,3:4,5,6:a", "1,2,3:4,x,6:a", "line 10: value 2 of channel 2 is 'x', no finite number")]
    [InlineData("1,2,3:4,5,6:a", "1,2,NaN:4,5,6:a", "line 10: value 3 of channel 1 is 'NaN'")]
    [InlineData("1,2,3:4,5,6:a", "1,2,3:a", "line 10: there are 1 channels before the label, expected 2")]
    [InlineData("1,2,3:4,5,6:a", "(0,1):2:a", "line 10: value 1 of channel 1 is '(0'")]
    public void A_bad_file_is_one_sentence(string from, string to, string expected)
    {
        string message = Assert.Throws<InvalidDataException>(() => Open(Good.Replace(from, to), Good)).Message;
        Assert.Contains("x_TRAIN.ts', " + expected, message);
    }

    [Fact]
    public void Bad_recordings_can_be_left_out()
    {
        var warnings = new List<string>();
        string bad = Good + "1:?:a\n5:5:b\n";
        DatasetSplits splits = Open(bad, bad, new TsRecipe(SkipBad: true, ValidFraction: 0), warnings.Add);
        Assert.Equal((3, 3), (splits.Train.Count, splits.Test.Count));
        Assert.StartsWith("2 of 8 recordings cannot be read and are left out (x_TRAIN.ts line 12, x_TEST.ts line 12); the first one: ", Assert.Single(warnings));
    }

    [Fact]
    public void Files_that_are_missing_are_named()
    {
        Assert.Contains("has no file {name}_TRAIN.ts; it is empty", Assert.Throws<FileNotFoundException>(() => TsSequences.Open(_folder.Root)).Message);
        _folder.Write("x_TRAIN.ts", "x"u8);
        Assert.Contains("has no file x_TEST.ts; it holds x_TRAIN.ts …", Assert.Throws<FileNotFoundException>(() => TsSequences.Open(_folder.Root)).Message);
        Assert.Throws<DirectoryNotFoundException>(() => TsSequences.Open(_folder["nowhere"]));
    }

    [Fact]
    public void Any_bytes()
    {
        var random = new Random(20261126);
        byte[] good = Encoding.UTF8.GetBytes(Good);
        int read = 0, refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = Mutations.Of(good, random);
            // The header's end and the values, too.
            if (i % 2 == 0)
                bytes = [.. good[..^30], .. Mutations.Of(good[^30..], random)];
            string path = _folder.Write("fuzz.ts", bytes);
            try
            {
                var file = TsFile.Read(path, Part.Train, new BadRecordings(false, null));
                Assert.All(file.Sequences, sequence => Assert.True(sequence!.Values.All(float.IsFinite)));
                read++;
            }
            catch (InvalidDataException failure)
            {
                Assert.StartsWith(bytes.Length == 0 ? $"'{path}', byte 0" : $"'{path}', line ", failure.Message);
                refused++;
            }
        }
        Assert.True(read > 300 && refused > 300, $"{read} read, {refused} refused");
    }

    [RealDataFact("japanese_vowels")]
    public void Japanese_vowels()
    {
        DatasetSplits splits = DataRecipes.Open(new TsRecipe(Standardize: false, ValidFraction: 0), RealData.Of("japanese_vowels"), null);
        Assert.Equal(new DatasetInfo("JapaneseVowels", SampleKind.Values, 12, 26, 9, splits.Train.Info.ClassNames) with { MaxSteps = 29 }, splits.Train.Info);
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7", "8", "9"], splits.Train.Info.ClassNames);
        Assert.Equal((270, 0, 370), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal((7, 29), (Lengths(splits).Min(), Lengths(splits).Max()));
        Assert.All(Enumerable.Range(0, 270).GroupBy(splits.Train.Label), group => Assert.Equal(30, group.Count()));
        // The first recording, read by hand.
        string line = File.ReadLines(RealData.Of("japanese_vowels/JapaneseVowels_TRAIN.ts")).First(l => l.Length > 0 && (char.IsAsciiDigit(l[0]) || l[0] == '-'));
        string[] channels = line.Split(':');
        var values = new float[12 * splits.Train.Length(0)];
        splits.Train.ReadValues(0, values);
        for (int c = 0; c < 12; c++)
        {
            float[] expected = [.. channels[c].Split(',').Select(v => float.Parse(v, CultureInfo.InvariantCulture))];
            Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(t => values[t * 12 + c]));
        }
        Assert.Equal(channels[12], splits.Train.Info.ClassNames[splits.Train.Label(0)]);
    }

    private static IEnumerable<int> Lengths(DatasetSplits splits) =>
        new[] { splits.Train, splits.Test }.SelectMany(part => Enumerable.Range(0, part.Count).Select(part.Length));

    private DatasetSplits Open(string train, string test, TsRecipe? recipe = null, Action<string>? warn = null)
    {
        _folder.Write("x_TRAIN.ts", Encoding.UTF8.GetBytes(train));
        _folder.Write("x_TEST.ts", Encoding.UTF8.GetBytes(test));
        return DataRecipes.Open(recipe ?? new TsRecipe(Standardize: false, ValidFraction: 0), _folder.Root, null, warn);
    }
}
