namespace Volley.Data.Tests.Sequences;

public sealed class NpyFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("f2", 2)]
    [InlineData("f4", 4)]
    [InlineData("f8", 8)]
    [InlineData("i1", 1)]
    [InlineData("i2", 2)]
    [InlineData("i4", 4)]
    [InlineData("i8", 8)]
    [InlineData("u1", 1)]
    [InlineData("u2", 2)]
    [InlineData("u4", 4)]
    [InlineData("u8", 8)]
    [InlineData("b1", 1)]
    public void Every_type_in_either_byte_order(string type, int size)
    {
        double[] values = type[0] switch { 'b' => [0, 1, 1, 0, 1, 1], 'u' => [0, 1, 100, 7, 120, 3], _ => [0, -1, 100, -7, 120, 3] };
        foreach (bool big in new[] { false, true })
        {
            byte[] data = [.. values.SelectMany(v => Bytes(type, v).Take(size).ToArray() is var b && big ? b.Reverse() : b)];
            string path = _folder.Write("a.npy", NpyFiles.Of((size == 1 ? "|" : big ? ">" : "<") + type, "(3, 2)", data));
            Sequence read = NpyFile.Read(path);
            Assert.Equal((3, 2), (read.Steps, read.Units));
            Assert.Equal(values.Select(v => (float)v), read.Values);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_version_one_axis_and_fortran_order(int version)
    {
        byte[] data = NpyFiles.Floats(1, 2, 3, 4, 5, 6);
        Assert.Equal((6, 1), Size(NpyFile.Read(_folder.Write("a.npy", NpyFiles.Of("<f4", "(6,)", data, version: version)))));
        Assert.Equal([1, 4, 2, 5, 3, 6], NpyFile.Read(_folder.Write("b.npy", NpyFiles.Of("<f4", "(3, 2)", data, fortran: true, version: version))).Values);
        // Python 2, and another order of members.
        Assert.Equal((6, 1), Size(NpyFile.Read(_folder.Write("c.npy", NpyFiles.File("{\"shape\": (6L,), 'fortran_order': False, 'descr': '<f4'}", data, version)))));
    }

    [Fact]
    public void Long_arrays_pass_through_the_block()
    {
        float[] values = [.. Enumerable.Range(0, 70_001).Select(i => i * 0.5f)];
        Assert.Equal(values, NpyFile.Read(_folder.Write("a.npy", NpyFiles.Of("<f4", "(70001,)", NpyFiles.Floats(values)))).Values);
    }

    public static TheoryData<string, byte[], string> BadFiles() => new()
    {
        { "empty", [], "byte 0: this is no .npy file" },
        { "npz", [.. "PK\u0003\u0004aaaaaaa"u8], "byte 0: this is an archive (.npz)" },
        { "version", [0x93, .. "NUMPY"u8, 9, 0, 0, 0], "byte 6: the version of the format is 9" },
        { "gzip", TempFolder.Gzip(NpyFiles.Of("<f4", "(1,)", NpyFiles.Floats(1))), "byte 0 unpacked: the file is packed by gzip" },
        { "long header", [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0x7F], "byte 8: the header has 2147483647 bytes" },
        { "cut header", NpyFiles.Of("<f4", "(1,)", [])[..30], "needs" },
        { "no dictionary", NpyFiles.File("hello", []), "byte 10: the header is not a dictionary" },
        { "no shape", NpyFiles.File("{'descr': '<f4', 'fortran_order': False}", []), "byte 10: the header is not a dictionary" },
        { "records", NpyFiles.File("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", []), "byte 10: the values are records" },
        { "objects", NpyFiles.Of("|O", "(1,)", [1]), "the values are of the type 'O'" },
        { "complex", NpyFiles.Of("<c8", "(1,)", new byte[8]), "the values are of the type 'c8'" },
        { "text", NpyFiles.Of("<U5", "(1,)", new byte[20]), "the values are of the type 'U5'" },
        { "three axes", NpyFiles.Of("<f4", "(1, 1, 1)", new byte[4]), "the shape (1, 1, 1); expected (steps) or (steps, channels)" },
        { "no axes", NpyFiles.Of("<f4", "()", new byte[4]), "the shape (); expected" },
        { "no steps", NpyFiles.Of("<f4", "(0, 3)", []), "none of them 0" },
        { "cut", NpyFiles.Of("<f4", "(3,)", new byte[11]), "does not fit the 11 bytes that follow" },
        { "more", NpyFiles.Of("<f4", "(3,)", new byte[13]), "does not fit the 13 bytes that follow" },
        { "huge", NpyFiles.Of("<f4", "(9223372036854775807, 9223372036854775807)", new byte[16]), "does not fit the 16 bytes that follow" },
        { "overflow", NpyFiles.Of("<f8", "(4294967296, 4294967296)", new byte[16]), "does not fit the 16 bytes that follow" },
        { "too large a number", NpyFiles.Of("<f4", "(99999999999999999999,)", new byte[16]), "the header is not a dictionary" },
        { "negative", NpyFiles.Of("<f4", "(-1,)", new byte[16]), "the header is not a dictionary" },
        { "nan", NpyFiles.Of("<f4", "(3,)", NpyFiles.Floats(1, 2, float.NaN)), "this value is no finite number" },
        { "infinite", NpyFiles.Of("<f8", "(1,)", BitConverter.GetBytes(1e300)), "this value is no finite number" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void A_bad_file_is_one_sentence(string name, byte[] content, string expected)
    {
        string path = _folder.Write(name + ".npy", content);
        string message = Assert.Throws<InvalidDataException>(() => NpyFile.Read(path)).Message;
        Assert.StartsWith($"'{path}', byte ", message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void Any_bytes()
    {
        var random = new Random(20261124);
        byte[][] good =
        [
            NpyFiles.Of("<f4", "(3, 2)", NpyFiles.Floats(1, 2, 3, 4, 5, 6)),
            NpyFiles.Of(">i2", "(10,)", new byte[20], version: 2),
            NpyFiles.Of("|u1", "(4, 5)", new byte[20], fortran: true, version: 3),
        ];
        int read = 0, refused = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 4000; i++)
        {
            string path = _folder.Write("fuzz.npy", Mutations.Of(good[i % 3], random));
            try
            {
                Sequence sequence = NpyFile.Read(path);
                Assert.True(sequence.Values.Length < 100 && sequence.Values.All(float.IsFinite));
                read++;
            }
            catch (InvalidDataException failure)
            {
                Assert.StartsWith($"'{path}', byte ", failure.Message);
                refused++;
            }
        }
        Assert.True(read > 50 && refused > 50, $"{read} read, {refused} refused");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4000 * 300_000L);
    }

    private static (int Steps, int Units) Size(Sequence sequence) => (sequence.Steps, sequence.Units);

    private static byte[] Bytes(string type, double value) => type switch
    {
        "f2" => BitConverter.GetBytes((Half)value),
        "f4" => BitConverter.GetBytes((float)value),
        "f8" => BitConverter.GetBytes(value),
        _ => BitConverter.GetBytes((long)value),
    };
}
