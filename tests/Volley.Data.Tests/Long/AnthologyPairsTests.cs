using System.Text;
using Volley.Recipes;
using Volley.Training;

namespace Volley.Data.Tests;

public sealed class AnthologyPairsTests
{
    private const string Good = "1.0\tA1\tB2\tb'ab'\tlonger text\n0.0\tA1\tC3\tsome words of it\tx\n0\tD\tE\t\tempty\r\n1\tF\tG\té\té";

    [Fact]
    public void A_pair_is_two_planes_from_the_first_step_on()
    {
        using var folder = new TempFolder();
        Write(folder, Good);
        foreach (string? cache in (string?[])[null, folder["cache"], folder["cache"]])
        {
            DatasetSplits splits = DataRecipes.Open(new RetrievalRecipe(), folder.Root, cache);
            Assert.Equal(new DatasetInfo("retrieval", SampleKind.Spikes, 512, 4000, 2, splits.Train.Info.ClassNames), splits.Train.Info);
            Assert.Equal((4, 4, 4), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
            Assert.Equal([1, 0, 0, 1], Labels.Of(splits.Train));
            Assert.Equal(("b'ab'", "longer text"), Pair(splits.Train, 0));
            Assert.Equal(("some words of it", "x"), Pair(splits.Valid, 1));
            // An empty text is one space.
            Assert.Equal((" ", "empty"), Pair(splits.Test, 2));
            Assert.Equal([11, 16, 5, 2], Enumerable.Range(0, 4).Select(splits.Train.Length));
        }
        DatasetSplits few = DataRecipes.Open(new RetrievalRecipe(MaxLength: 4, TextAlphabet.Ascii, Limit: 2), folder.Root, null);
        Assert.Equal((256, 2, 4), (few.Train.Info.Units, few.Train.Count, few.Test.Count));
        Assert.Equal(("some", "x"), Pair(few.Test, 1));
        Assert.Equal(("\u007f\u007f", "\u007f\u007f"), Pair(few.Test, 3));
    }

    [Fact]
    public void In_a_batch_a_document_is_as_long_as_its_plane_has_spikes()
    {
        using var folder = new TempFolder();
        Write(folder, Good);
        using var loader = new Loader(DataRecipes.Open(new RetrievalRecipe(), folder.Root, null).Train, new LoaderOptions { BatchSize = 4, Shuffle = false });
        Batch batch = loader.Epoch(0).Single();
        Assert.Equal((16, 512), (batch.Input.Shape[1], batch.Input.Shape[2]));
        Assert.Equal([11, 16, 5, 2], batch.Input.Lengths!.ToArray());
        ulong[] bits = ((Tensors.Spikes)batch.Input).Bits.ToArray();
        var found = new List<(int, int)>();
        for (int b = 0; b < 4; b++)
        {
            (int first, int second) = (0, 0);
            for (int t = 0; t < 16; t++)
            {
                ReadOnlySpan<ulong> step = bits.AsSpan((16 * b + t) * 8, 8);
                (first, second) = (first + (Tokens.OneBit(step[..4]) >= 0 ? 1 : 0), second + (Tokens.OneBit(step[4..]) >= 0 ? 1 : 0));
            }
            found.Add((first, second));
        }
        Assert.Equal([(5, 11), (16, 1), (1, 5), (2, 2)], found);
    }

    [Theory]
    [InlineData("2\ta\tb\tx\ty", "line 1: the label is '2', expected 0 or 1")]
    [InlineData("\ta\tb\tx\ty", "line 1: the label is ''")]
    [InlineData("1\ta\tb\tx\ty\n1\ta\tb\tx", "line 2: there are 4 columns, expected 5")]
    [InlineData("1\ta\tb\tx\ty\tz", "line 1: there are 6 columns, expected 5")]
    [InlineData("", "there are no pairs")]
    public void One_wrong_line_is_found(string content, string says)
    {
        using var folder = new TempFolder();
        Write(folder, Good);
        folder.Write("new_aan_pairs.eval.tsv", Encoding.UTF8.GetBytes(content));
        string message = Assert.Throws<InvalidDataException>(() => AnthologyPairs.Open(folder.Root)).Message;
        Assert.Contains("new_aan_pairs.eval.tsv", message);
        Assert.Contains(says, message);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        using var folder = new TempFolder();
        Assert.Contains("/nowhere", Assert.Throws<DirectoryNotFoundException>(() => AnthologyPairs.Open("/nowhere")).Message);
        Assert.Contains("new_aan_pairs.train.tsv", Assert.Throws<FileNotFoundException>(() => AnthologyPairs.Open(folder.Root)).Message);
    }

    private static void Write(TempFolder folder, string content)
    {
        foreach (string part in (string[])["train", "eval", "test"])
            folder.Write($"new_aan_pairs.{part}.tsv", Encoding.UTF8.GetBytes(content));
    }

    /// <summary>The two texts; fails where a plane has a spike behind its text or none in it.</summary>
    private static (string, string) Pair(IDataset data, int index)
    {
        int words = SpikeWords.Per(data.Info.Units), half = words / 2;
        var bits = new ulong[data.Length(index) * words];
        data.ReadSpikes(index, bits);
        var texts = new List<byte>[] { [], [] };
        for (int t = 0; t < data.Length(index); t++)
        {
            for (int k = 0; k < 2; k++)
            {
                int symbol = Tokens.OneBit(bits.AsSpan(t * words + k * half, half));
                Assert.True(symbol < 0 || texts[k].Count == t);
                if (symbol >= 0)
                    texts[k].Add((byte)symbol);
            }
        }
        return (Encoding.UTF8.GetString([.. texts[0]]), Encoding.UTF8.GetString([.. texts[1]]));
    }
}
