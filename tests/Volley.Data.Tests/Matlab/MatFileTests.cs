namespace Volley.Data.Tests.Matlab;

public sealed class MatFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<MatArray> Read(byte[] file, params string[] names) => MatFile.Read(_folder.Write("a.mat", file), names);

    private string Problem(byte[] file, params string[] names)
    {
        string message = Assert.Throws<InvalidDataException>(() => Read(file, names)).Message;
        Assert.StartsWith($"'{_folder["a.mat"]}', byte ", message);
        return message;
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void EveryTypeOfNumber(bool bigEndian, bool packed)
    {
        var write = new MatFiles(bigEndian);
        foreach ((int type, _, int kind) in MatFiles.Types)
        {
            foreach (int count in (int[])[0, 1, 3, 4, 24])
            {
                double[] values = [.. Enumerable.Range(0, count).Select(i => (double)(type is 2 or 4 or 6 or 13 ? 5 * i : 5 * i - 50))];
                byte[] first = write.Array("a_first", [1, 1], [7], 2), array = write.Array("x", [count, 1], values, type, kind);
                MatArray read = Read(write.File(packed ? write.Packed(first) : first, packed ? write.Packed(array) : array), "x")[0];
                Assert.Equal("x", read.Name);
                Assert.Equal([count, 1], read.Shape);
                Assert.Equal(values, read.Values);
            }
        }
    }

    [Fact]
    public void TheFirstAxisIsContiguousAndTheFirstOfTheNameCounts()
    {
        var write = new MatFiles(bigEndian: false);
        byte[] file = write.File(write.Array("x", [2, 3, 2], [.. Enumerable.Range(0, 12).Select(i => (double)i)], 2), write.Array("other", [1, 1], [1], 9), write.Array("x", [1, 1], [9], 9));
        IReadOnlyList<MatArray> read = Read(file, "other", "x");
        Assert.Equal(("other", "x"), (read[0].Name, read[1].Name));
        Assert.Equal([2, 3, 2], read[1].Shape);
        Assert.Equal(11, read[1].Values[1 + 2 * (2 + 3 * 1)]);
    }

    [Fact]
    public void WhatCannotBeReadIsNamed()
    {
        var write = new MatFiles(bigEndian: false);
        double[] four = [1, 2, 3, 4];
        Assert.Contains("'IM' nor 'MI'", Problem(new byte[200], "x"));
        Assert.Contains("the header needs 128 bytes", Problem(new byte[50], "x"));
        Assert.Contains("the version of the format is 512", Problem(write.Header(0x0200), "x"));
        Assert.Contains("has no array 'x'", Problem(write.File(write.Array("y", [2, 2], four, 9)), "x"));
        Assert.Contains("class 'char'", Problem(write.File(write.Array("x", [2, 2], four, 4, kind: 4)), "x"));
        Assert.Contains("complex", Problem(write.File(write.Array("x", [2, 2], four, 9, flags: 0x800)), "x"));
        Assert.Contains("2 x 3 needs 48 bytes, but its values have 32", Problem(write.File(write.Array("x", [2, 3], four, 9)), "x"));
        Assert.Contains("ask for more than", Problem(write.File(write.Array("x", [-1, -1], four, 9)), "x"));
        Assert.Contains("is no number", Problem(write.File(write.Array("x", [2, 2], four, 11)), "x"));
        byte[] good = write.File(write.Packed(write.Array("x", [2, 2], four, 9)));
        Assert.Contains("follow", Problem(good[..^3], "x"));
        byte[] v73 = [.. good];
        "MATLAB 7.3"u8.CopyTo(v73);
        Assert.Contains("save -v7", Problem(v73, "x"));
    }

    [Fact]
    public void ABombIsNotUnpackedFurtherThanItsArray()
    {
        var write = new MatFiles(bigEndian: false);
        byte[] array = write.Array("x", [1, 1], [1], 9), bomb = new byte[1 << 28];
        array.CopyTo(bomb, 0);
        byte[] file = write.File(write.Packed(bomb));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("go on where the array should end", Problem(file, "x"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16L << 20);
    }

    [Fact]
    public void DamagedFilesAreReadOrRefused()
    {
        byte[][] good = [.. from bigEndian in (bool[])[false, true] from packed in (bool[])[false, true] select Good(bigEndian, packed)];
        var random = new Random(4);
        int read = 0, refused = 0;
        for (int i = 0; i < 4000; i++)
        {
            byte[] bytes = Mutations.Of(good[i % good.Length], random);
            // Most of the header is free text; a second wound goes to what matters.
            if (bytes.Length > 200)
                bytes[124 + random.Next(Math.Min(120, bytes.Length - 124))] = random.Next(3) switch { 0 => 0, 1 => 255, _ => (byte)random.Next(256) };
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Read(bytes, "x", "y");
                read++;
            }
            catch (InvalidDataException failure)
            {
                Assert.Contains("a.mat', byte ", failure.Message);
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8L << 20);
        }
        Assert.True(read > 200 && refused > 1000, $"{read} read, {refused} refused");

        static byte[] Good(bool bigEndian, bool packed)
        {
            var write = new MatFiles(bigEndian);
            byte[][] arrays = [write.Array("x", [3, 4], [.. Enumerable.Range(0, 12).Select(i => (double)i)], 3), write.Array("y", [2, 1], [1, 2], 2)];
            return write.File([.. arrays.Select(array => packed ? write.Packed(array) : array)]);
        }
    }
}
