using Volley.Hdf5.Bytes;
using Volley.Hdf5.Format;
using static Volley.Hdf5.Tests.Fixture;

namespace Volley.Hdf5.Tests;

/// <summary>What is not read is said in one sentence with the file and the byte.</summary>
public class RefusedTests
{
    [Theory]
    [InlineData("compound", "elements of the type 'compound' are not read")]
    [InlineData("reference", "elements of the type 'reference' are not read")]
    [InlineData("lzf", "the filter lzf is not read; deflate (gzip), shuffle and fletcher32 are")]
    [InlineData("external", "elements in other files are not read")]
    [InlineData("x87", "is not laid out as IEEE 754 says")]
    [InlineData("nothing", "there is no 'nothing'")]
    public void AnUnreadFormIsNamed(string name, string sentence)
    {
        foreach (string version in (string[])["earliest", "latest"])
        {
            using Hdf5File file = Open($"refused_{version}.h5");
            Fails(sentence, file.Path, () => file[name].ReadAll<float>());
        }
    }

    [Fact]
    public void AVirtualDatasetIsRefused()
    {
        using Hdf5File file = Open("refused_latest.h5");
        Fails("a layout of kind 3 is not read", file.Path, () => file["virtual"].ReadAll<float>());
    }

    [Theory]
    [InlineData("soft", "'soft' is a link by a path, which is not followed")]
    [InlineData("elsewhere", "'elsewhere' is a link by a path, which is not followed")]
    [InlineData("wide", "'wide' is a group, not a dataset")]
    public void OtherLinksAreNamed(string name, string sentence)
    {
        using Hdf5File file = Open("groups_latest.h5");
        Fails(sentence, file.Path, () => file[name].ReadAll<float>());
    }

    [Fact]
    public void TheWrongReaderIsNamed()
    {
        using Hdf5File types = Open("types_latest.h5"), rows = Open("rows_latest.h5");
        Fails("'f4_little' holds 32-bit float, not integers", types.Path, () => types["f4_little"].ReadAll<int>());
        Fails("'text_fixed' holds text, not numbers", types.Path, () => types["text_fixed"].ReadAll<float>());
        Fails("'i4_big' holds 32-bit integer, big-endian, not texts", types.Path, () => types["i4_big"].ReadTexts());
        Fails("'i4_big' has a number that does not fit in Byte", types.Path, () => types["i4_big"].ReadAll<byte>());
        Fails("'rows_f4_plain' holds rows of 32-bit float, not single numbers", rows.Path, () => rows["rows_f4_plain"].ReadAll<float>());
        Fails("'i4_big' holds 32-bit integer, big-endian, not rows of numbers", types.Path, () => types["i4_big"].Rows<int>());
        Assert.Throws<ArgumentOutOfRangeException>(() => rows["rows_f4_plain"].ReadRow<float>(7));
    }

    [Fact]
    public void NoHdf5FileIsNamed()
    {
        string path = Path.GetTempFileName();
        try
        {
            Fails("this is no HDF5 file", path, () => Hdf5File.Open(path));
            File.WriteAllBytes(path, new byte[3000]);
            Fails("this is no HDF5 file", path, () => Hdf5File.Open(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Found by the fuzz test: .NET has an exception of its own for these two bytes.</summary>
    [Fact]
    public void AStreamThatNeedsADictionaryIsDamage()
    {
        byte[] deflate = [2, 1, 1, 0, 0, 0, 0, 0], stored = [0x78, 0xBB, 1, 2, 3, 4, 5, 6];
        var source = new Source(new MemoryStream(deflate), "file");
        var filters = new Filters(new Block(source, 0, deflate), 4);
        Fails("a compressed chunk is damaged", "file", () => filters.Undo(stored, 0, 16, source, 0));
    }

    private static void Fails(string sentence, string path, Func<object> read)
    {
        string message = Assert.Throws<InvalidDataException>(read).Message;
        Assert.Matches($"^'{System.Text.RegularExpressions.Regex.Escape(path)}', byte [0-9]+: ", message);
        Assert.Contains(sentence, message);
        Assert.EndsWith(".", message);
    }
}
