using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Volley.Recipes;
using Volley.Testing;
using Volley.Training;

namespace Volley.Data.Tests;

[Collection(Alone.Name)]
public sealed class ImdbTests
{
    private static readonly (string Name, string Content)[] Reviews =
    [
        ("aclImdb/train/pos/10_9.txt", "ten"),
        ("aclImdb/train/pos/9_7.txt", "nine é"),
        ("aclImdb/README", "not a review"),
        ("aclImdb/train/unsup/0_0.txt", "no label"),
        ("aclImdb/train/neg/0_3.txt", "bad, very bad"),
        ("aclImdb/train/urls_neg.txt", "http"),
        ("aclImdb/test/neg/0_2.txt", "a"),
        ("aclImdb/test/pos/0_10.txt", "b"),
        ("aclImdb/test/pos/x_10.txt", "of another name"),
    ];

    [Theory]
    [InlineData(TarEntryFormat.V7, "imdb.tar.gz")]
    [InlineData(TarEntryFormat.Ustar, "aclImdb_v1.tar.gz")]
    [InlineData(TarEntryFormat.Pax, "imdb.tar.gz")]
    [InlineData(TarEntryFormat.Gnu, "imdb.tar.gz")]
    public void Archives_of_every_kind(TarEntryFormat format, string name)
    {
        using var folder = new TempFolder();
        byte[] tar = TarFiles.Of(Reviews.Select(r => (r.Name, Encoding.UTF8.GetBytes(r.Content))), format);
        string path = folder.Write(name, TempFolder.Gzip(tar));
        Expect(Imdb.Open(folder.Root, Whole));
        Expect(Imdb.Open(path, Whole));
        Expect(Imdb.Open(folder.Write("plain.tar", tar), Whole));
        Expect(Imdb.Open(path, Whole with { Cache = new DiskCache(folder["cache"]) }));
        Expect(Imdb.Open(path, Whole with { Cache = new DiskCache(folder["cache"]) }));
        Assert.Equal(2, Directory.GetFiles(folder["cache"]).Length);
    }

    [Theory]
    [InlineData("aclImdb")]
    [InlineData("")]
    public void A_folder_gives_the_same_as_the_archive(string inner)
    {
        using var folder = new TempFolder();
        foreach ((string name, string content) in Reviews)
        {
            string path = Path.Combine(folder.Root, inner, name["aclImdb/".Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }
        Expect(Imdb.Open(folder.Root, Whole));
    }

    private static readonly TextOptions Whole = new() { Split = new SplitOptions(ValidFraction: 0) };

    private static void Expect(DatasetSplits splits)
    {
        Assert.Equal(["bad, very bad", "nine é", "ten"], Texts(splits.Train));
        Assert.Equal([0, 1, 1], Labels.Of(splits.Train));
        Assert.Equal(["a", "b"], Texts(splits.Test));
        Assert.Equal(new DatasetInfo("text", SampleKind.Spikes, 256, 4096, 2, splits.Test.Info.ClassNames), splits.Test.Info);
        Assert.Equal(["neg", "pos"], splits.Input!.ClassNames!);
    }

    [Fact]
    public void Long_reviews_lose_their_end_and_rare_bytes_share_a_symbol()
    {
        using var folder = new TempFolder();
        folder.Write("imdb.tar.gz", TempFolder.Gzip(TarFiles.Of(Reviews)));
        DatasetSplits splits = DataRecipes.Open(new TextRecipe(MaxLength: 6, TextAlphabet.Ascii, ValidFraction: 0), folder.Root, null);
        Assert.Equal((128, 6), (splits.Train.Info.Units, splits.Train.Info.MaxSteps));
        // é is two bytes in UTF-8; the second is cut off.
        Assert.Equal(["bad, v", "nine \u007f", "ten"], Enumerable.Range(0, 3).Select(i => Encoding.ASCII.GetString(Tokens.Of(splits.Train, i))));
    }

    [Fact]
    public void Batches_keep_lengths_and_have_no_spike_behind_them()
    {
        using var folder = new TempFolder();
        folder.Write("imdb.tar.gz", TempFolder.Gzip(TarFiles.Of(Reviews)));
        IDataset train = Imdb.Open(folder.Root, Whole).Train;
        using var loader = new Loader(train, new LoaderOptions { BatchSize = 3, Shuffle = false, PadToMaxSteps = true });
        Batch batch = loader.Epoch(0).Single();
        Assert.Equal(4096, batch.Input.Shape[1]);
        Assert.Equal([13, 7, 3], batch.Input.Lengths!.ToArray());
        ReadOnlySpan<ulong> bits = ((Tensors.Spikes)batch.Input).Bits;
        for (int row = 0; row < 3 * 4096; row++)
            Assert.Equal(row % 4096 < batch.Input.Lengths![row / 4096], Tokens.OneBit(bits.Slice(4 * row, 4)) >= 0);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        using var folder = new TempFolder();
        Assert.Contains("imdb.tar.gz", Assert.Throws<FileNotFoundException>(() => Imdb.Open(folder.Root)).Message);
        Assert.Contains("/nowhere", Assert.Throws<DirectoryNotFoundException>(() => Imdb.Open("/nowhere")).Message);
        folder.Write("imdb.tar.gz", TempFolder.Gzip(TarFiles.Of(("x/train/neg/1_1.txt", "bad"))));
        Assert.Contains("has no review test/neg/", Assert.Throws<InvalidDataException>(() => Imdb.Open(folder.Root)).Message);
        folder.Write("imdb.tar.gz", TempFolder.Gzip(TarFiles.Of(("x/train/neg/1_1.txt", ""))));
        Assert.Contains("the review 'x/train/neg/1_1.txt' is empty", Assert.Throws<InvalidDataException>(() => Imdb.Open(folder.Root)).Message);
        folder.Write("imdb.tar.gz", "no archive at all"u8);
        Assert.Contains("byte 0: this is no tar archive", Assert.Throws<InvalidDataException>(() => Imdb.Open(folder.Root)).Message);
        Assert.Contains("MaxLength is 0", Assert.Throws<ArgumentOutOfRangeException>(() => Imdb.Open(folder.Root, new TextOptions { MaxLength = 0 })).Message);
    }

    [Theory]
    [InlineData(512 + 124, (byte)'9', "the size of a file is no octal number")]
    [InlineData(512 + 124, (byte)'7', "is more than the archive can hold")]
    public void One_wrong_byte_is_found(int offset, byte value, string says)
    {
        using var folder = new TempFolder();
        byte[] tar = TarFiles.Of(Reviews);
        tar[offset] = value;
        string path = folder.Write("imdb.tar", tar);
        Assert.Contains("byte 512: a header of the tar archive has another checksum", Assert.Throws<InvalidDataException>(() => Imdb.Open(path)).Message);
        Seal(tar.AsSpan(512, 512));
        Assert.Contains(says, Assert.Throws<InvalidDataException>(() => Imdb.Open(folder.Write("imdb.tar", tar))).Message);
    }

    [Fact]
    public void A_long_name_of_a_gigabyte_allocates_little()
    {
        // GNU's entry for names: the library of .NET allocates what its header claims.
        using var folder = new TempFolder();
        var header = new byte[1024];
        Encoding.ASCII.GetBytes("././@LongLink").CopyTo(header, 0);
        Encoding.ASCII.GetBytes("15000000000\0").CopyTo(header, 124);
        header[156] = (byte)'L';
        Seal(header.AsSpan(0, 512));
        string path = folder.Write("imdb.tar.gz", TempFolder.Gzip(header));
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Contains("more than the archive can hold", Assert.Throws<InvalidDataException>(() => Imdb.Open(path)).Message);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 4L << 20);
    }

    [Fact]
    public void Cut_at_any_block()
    {
        using var folder = new TempFolder();
        byte[] tar = TarFiles.Of(Reviews);
        int read = 0;
        for (int length = 0; length < tar.Length; length += 100)
        {
            string path = folder.Write("imdb.tar", tar.AsSpan(0, length));
            try
            {
                // Only what has all reviews and ends where a header may begin is whole.
                Expect(Imdb.Open(path, Whole));
                read++;
            }
            catch (InvalidDataException failure)
            {
                Assert.Contains(path, failure.Message);
            }
        }
        Assert.InRange(read, 1, 20);
    }

    [Fact]
    public void Any_bytes()
    {
        using var folder = new TempFolder();
        byte[] tar = TarFiles.Of(Reviews);
        var random = new Random(20261128);
        int refused = 0, read = 0;
        foreach (bool gzip in (bool[])[false, true])
        {
            byte[] good = gzip ? TempFolder.Gzip(tar) : tar;
            for (int i = 0; i < 600; i++)
            {
                byte[] bytes = Mutations.Of(good, random);
                // The checksum would hide what is behind it: half of the damaged headers get a right one.
                for (int at = 0; !gzip && i % 2 == 0 && at + 512 <= bytes.Length; at += 512)
                {
                    if (bytes.AsSpan(at + 257).StartsWith("ustar"u8))
                        Seal(bytes.AsSpan(at, 512));
                }
                string path = folder.Write("imdb.tar.gz", bytes);
                try
                {
                    Imdb.Open(path);
                    read++;
                }
                catch (InvalidDataException failure)
                {
                    Assert.Contains("imdb.tar.gz", failure.Message);
                    refused++;
                }
            }
        }
        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    [RealDataFact("imdb")]
    public void The_real_archive()
    {
        DatasetSplits splits = DataRecipes.Open(new TextRecipe(), RealData.Of("imdb"), null);
        Assert.Equal((22_500, 2500, 25_000), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        Assert.Equal((12_500, 11_250), (Labels.Of(splits.Test).Sum(), Labels.Of(splits.Train).Sum()));
        Assert.Equal(2000, DataRecipes.Open(new TextRecipe(Limit: 2000), RealData.Of("imdb"), null).Train.Count);

        // All of the test part, read by the library of .NET.
        var expected = new List<(int Label, int Id, byte[] Text)>();
        using var file = new GZipStream(File.OpenRead(RealData.Of("imdb/imdb.tar.gz")), CompressionMode.Decompress);
        using var tar = new TarReader(file);
        while (tar.GetNextEntry() is { } entry)
        {
            string[] names = entry.Name.Split('/');
            if (names is not [_, "test", "neg" or "pos", { Length: > 0 }])
                continue;
            using var content = new MemoryStream();
            entry.DataStream!.CopyTo(content);
            expected.Add((names[2] == "pos" ? 1 : 0, int.Parse(names[3].Split('_')[0]), content.ToArray()));
        }
        expected = [.. expected.OrderBy(e => e.Label).ThenBy(e => e.Id)];
        Assert.Equal(25_000, expected.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].Label, splits.Test.Label(i));
            Assert.Equal(Math.Min(4096, expected[i].Text.Length), splits.Test.Length(i));
            if (i % 100 == 0)
                Assert.Equal(expected[i].Text.Take(4096), Tokens.Of(splits.Test, i));
        }
    }

    /// <summary>Gives a header the checksum of its bytes.</summary>
    private static void Seal(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte b in header)
            sum += b;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
    }

    private static string[] Texts(IDataset data) => [.. Enumerable.Range(0, data.Count).Select(i => Encoding.UTF8.GetString(Tokens.Of(data, i)))];
}
