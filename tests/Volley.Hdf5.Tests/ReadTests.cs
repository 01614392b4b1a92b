using Volley.Hdf5.Bytes;
using static Volley.Hdf5.Tests.Fixture;

namespace Volley.Hdf5.Tests;

public class ReadTests
{
    public static TheoryData<string> Both => ["earliest", "latest"];

    [Theory]
    [MemberData(nameof(Both))]
    public void EveryNumberIsRead(string version)
    {
        using Hdf5File file = Open($"types_{version}.h5");
        foreach (string order in (string[])["little", "big"])
        {
            foreach (int size in (int[])[1, 2, 4, 8])
            {
                Hdf5Dataset signed = file[$"i{size}_{order}"];
                Assert.Equal([5L, 6L], signed.Shape);
                Assert.Equal(new Hdf5Type(Hdf5Kind.Whole, size, true, size > 1 && order == "big", false), signed.Type);
                Assert.Equal(Signed(30), signed.ReadAll<int>());
                Assert.Equal(Signed(30).Select(i => (double)i), signed.ReadAll<double>());
                Assert.Equal(Unsigned(30), file[$"u{size}_{order}"].ReadAll<int>());
                Assert.Equal(Unsigned(30).Select(i => (byte)i), file[$"u{size}_{order}"].ReadAll<byte>());
                if (size > 1)
                    Assert.Equal(Signed(30).Select(i => i / 4f), file[$"f{size}_{order}"].ReadAll<float>());
            }
        }
        Assert.Equal(Unsigned(30).Select(i => i % 2 == 0 ? 1 : 0), file["bool"].ReadAll<int>());
        Assert.Empty(file["scalar"].Shape);
        Assert.Equal([-7], file["scalar"].ReadAll<int>());
        Assert.Equal([0L, 3L], file["empty"].Shape);
        Assert.Empty(file["empty"].ReadAll<float>());
        Assert.Equal([9, 9, 9, 9], file["unwritten"].ReadAll<int>());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void TextsAreRead(string version)
    {
        using Hdf5File file = Open($"types_{version}.h5");
        Assert.Equal(["zero", "one", "", "three"], file["text_fixed"].ReadTexts());
        Assert.Equal(["Größe"], file["text_scalar"].ReadTexts());
        Assert.Equal(["a", "bc", "", "def"], file["text_rows"].ReadTexts());
        Assert.Equal([2L, 2L], file["text_rows"].Shape);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void RowsAreRead(string version)
    {
        using Hdf5File file = Open($"rows_{version}.h5");
        IReadOnlyList<string> names = file.Names();
        Assert.Equal(10, names.Count);
        foreach (string name in names)
        {
            Hdf5Dataset rows = file[name];
            Assert.True(rows.Type.IsRow);
            double[][] all = [.. rows.Rows<double>()];
            for (int i = 6; i >= 0; i--)
            {
                Assert.Equal(Unsigned(i * i).Select(v => (double)v), all[i]);
                Assert.Equal(all[i], rows.ReadRow<double>(i));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void ChunksOfEveryIndexAndFilterAreRead(string version)
    {
        using Hdf5File file = Open($"chunks_{version}.h5");
        IReadOnlyList<string> names = file.Names();
        Assert.Equal(31, names.Count);
        foreach (string name in names.Where(name => name != "some"))
        {
            Assert.Equal([13L, 9L], file[name].Shape);
            Assert.Equal(Signed(117), file[name].ReadAll<int>());
        }
        short[] some = file["some"].ReadAll<short>();
        Assert.Equal(5, some[9 * 20 + 9]);
        Assert.Equal(-3, some[0]);
        // Only the chunk of the one number was written, and h5py filled it.
        Assert.Equal(399, some.Count(value => value == -3));
    }

    [Theory]
    [InlineData("fixed", 1100)]
    [InlineData("grow", 1100)]
    [InlineData("filtered", 500)]
    [InlineData("grow2", 900)]
    public void ManyChunksAreRead(string name, int count)
    {
        using Hdf5File file = Open("many_latest.h5");
        Assert.Equal(Signed(count), file[name].ReadAll<int>());
    }

    [Fact]
    public void OtherLayoutsAreRead()
    {
        using Hdf5File low = Open("low.h5"), early = Open("implicit.h5"), behind = Open("userblock.h5");
        Assert.Equal(Signed(10), low["compact"].ReadAll<int>());
        Assert.Equal(Signed(10), low["early"].ReadAll<int>());
        Assert.Equal(Signed(117), early["x"].ReadAll<int>());
        Assert.Equal(Signed(10), behind["x"].ReadAll<int>());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void GroupsAreRead(string version)
    {
        using Hdf5File file = Open($"groups_{version}.h5");
        Assert.Equal([5], file["level0/level1/level2/level3/level4/value"].ReadAll<int>());
        Assert.Equal([5], file["/hard"].ReadAll<int>());
        Assert.Equal(60, file.Names("wide").Count);
        for (int i = 0; i < 60; i++)
            Assert.Equal([i], file[$"wide/member {i}"].ReadAll<int>());
        Assert.Equal(Signed(5).Select(i => i / 4f), file["of_committed"].ReadAll<float>());
        Assert.True(file.Contains("level0/level1"));
        Assert.False(file.Contains("level0/other"));
    }

    [Fact]
    public void ChecksumIsBobJenkinss()
    {
        // Values of the function's own driver (lookup3.c, driver5).
        Assert.Equal(0xDEADBEEF, Lookup3.Hash([]));
        Assert.Equal(0x17770551u, Lookup3.Hash("Four score and seven years ago"u8));
    }
}
