using System.Buffers.Binary;
using System.Text;
using Volley.Serialization;

namespace Volley.Tests.Serialization;

public sealed class SafeTensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryTypeComesBackBitForBit()
    {
        float[] singles = [1f, -0f, float.NaN, float.Epsilon, float.NegativeInfinity, 3.5f];
        var file = new SafeTensorsFile(new Dictionary<string, string> { ["volley.model"] = "{\"a\": \"é\\\"\"}", ["z"] = "" },
        [
            SafeTensor.Of("weight", singles, 2, 3),
            SafeTensor.Of("moments", [Math.PI, -0.0]),
            SafeTensor.Of("position", [long.MinValue, 7L, long.MaxValue]),
            SafeTensor.Of("bytes", "xyz"u8),
            SafeTensor.Of("empty", ReadOnlySpan<float>.Empty, 4, 0, 2),
        ]);
        string path = _folder.File("a.safetensors");
        file.Write(path);

        SafeTensorsFile read = SafeTensorsFile.Read(path);
        Assert.True(read.Verified);
        Assert.Equal(file.Metadata, read.Metadata);
        Assert.Equal(["bytes", "empty", "moments", "position", "weight"], read.Tensors.Keys);
        Assert.Equal(singles.Select(BitConverter.SingleToInt32Bits), read.Tensors["weight"].Singles().ToArray().Select(BitConverter.SingleToInt32Bits));
        Assert.Equal("F32 [2, 3]", read.Tensors["weight"].ToString());
        Assert.Equal([Math.PI, -0.0], read.Tensors["moments"].Doubles().ToArray());
        Assert.Equal([long.MinValue, 7L, long.MaxValue], read.Tensors["position"].Longs().ToArray());
        Assert.Equal("xyz"u8.ToArray(), read.Tensors["bytes"].Bytes.ToArray());
        Assert.Equal("F32 [4, 0, 2]", read.Tensors["empty"].ToString());
        Assert.Equal(ToBytes(file), ToBytes(read));
    }

    [Fact]
    public void TheBytesAreAFunctionOfTheContentAlone()
    {
        SafeTensor[] tensors = [SafeTensor.Of("b", [1f, 2f]), SafeTensor.Of("a", [3f]), SafeTensor.Of("B", [4L])];
        var forward = new SafeTensorsFile(new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" }, tensors);
        var backward = new SafeTensorsFile(new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" }, tensors.Reverse());
        Assert.Equal(ToBytes(forward), ToBytes(backward));
    }

    [Fact]
    public void TheLayoutIsTheFormats()
    {
        byte[] bytes = ToBytes(new SafeTensorsFile(new Dictionary<string, string> { ["k"] = "v" },
            [SafeTensor.Of("u", [(byte)9]), SafeTensor.Of("f", [1f, 2f], 1, 2)]));
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        string header = Encoding.UTF8.GetString(bytes, 8, length);
        Assert.Equal(0, length % 8);
        Assert.Equal(
            "{\"__metadata__\":{\"volley.checksum\":\"sha256:CHECK\",\"k\":\"v\"},"
            + "\"f\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},\"u\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[8,9]}}",
            System.Text.RegularExpressions.Regex.Replace(header.TrimEnd(' '), "sha256:[0-9a-f]{64}", "sha256:CHECK"));
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 9], bytes[(8 + length)..]);
    }

    [Fact]
    public void FilesOfOtherToolsAreRead()
    {
        byte[] bytes = Raw(
            " { \"b\" : {\"shape\":[2],\"data_offsets\":[2,6],\"dtype\":\"F16\"}, \"a\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[0,2]} } ",
            [0x80, 0x3f, 0x00, 0x3c, 0x00, 0xc0]);
        SafeTensorsFile file = SafeTensorsFile.Read(new MemoryStream(bytes), "other");
        Assert.False(file.Verified);
        Assert.Empty(file.Metadata);
        Assert.Equal([1f], file.Tensors["a"].ToSingles());
        Assert.Equal([1f, -2f], file.Tensors["b"].ToSingles());
    }

    [Fact]
    public void AskingForAnotherTypeNamesTheEntry()
    {
        SafeTensor tensor = SafeTensor.Of("count", [1L]);
        Assert.Equal("Entry 'count' holds I64, not F32.", Assert.Throws<InvalidDataException>(() => tensor.Singles().Length).Message);
        Assert.Equal("Entry 'count' holds I64, which is not a floating-point type.",
            Assert.Throws<InvalidDataException>(() => tensor.ToSingles()).Message);
    }

    [Fact]
    public void ShapeAndNamesAreCheckedWhenWriting()
    {
        Assert.Throws<ArgumentException>(() => SafeTensor.Of("a", [1f, 2f], 3));
        Assert.Throws<ArgumentException>(() => SafeTensor.Of("a", [1f], long.MaxValue, long.MaxValue));
        var none = new Dictionary<string, string>();
        Assert.Throws<ArgumentException>(() => new SafeTensorsFile(none, [SafeTensor.Of("a", [1f]), SafeTensor.Of("a", [1f])]));
        Assert.Throws<ArgumentException>(() => new SafeTensorsFile(none, [SafeTensor.Of("__metadata__", [1f])]));
        Assert.Throws<ArgumentException>(() => new SafeTensorsFile(new Dictionary<string, string> { ["volley.checksum"] = "" }, []));
    }

    [Theory]
    [InlineData("", "the header is not the JSON of a safetensors file (at byte 8)")]
    [InlineData("[]", "the header must be an object (at byte 8)")]
    [InlineData("{", "the header is not the JSON of a safetensors file (at byte 9)")]
    [InlineData("{}{}", "the header is not the JSON of a safetensors file (at byte 10)")]
    [InlineData("{\"a\":1}", "entry 'a' must be an object (at byte 13)")]
    [InlineData("{\"a\":{}}", "entry 'a' needs dtype, shape and two data_offsets (at byte 9)")]
    [InlineData("{\"\\ud800\":{}}", "the header is not the JSON of a safetensors file (at byte 18)")]
    [InlineData("{\"a\":{\"dtype\":\"Q4\"}}", "entry 'a' has the unknown dtype 'Q4' (at byte 22)")]
    [InlineData("{\"a\":{\"dtype\":\"f32\"}}", "entry 'a' has the unknown dtype 'f32' (at byte 22)")]
    [InlineData("{\"a\":{\"shape\":[-1]}}", "shape of entry 'a' must be at most 32 whole numbers from 0 (at byte 23)")]
    [InlineData("{\"a\":{\"shape\":[1.5]}}", "shape of entry 'a' must be at most 32 whole numbers from 0 (at byte 23)")]
    [InlineData("{\"a\":{\"extra\":1}}", "entry 'a' has an unknown or repeated member 'extra' (at byte 14)")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,5]}}", "entry 'a' claims the bytes 0 to 5 of 4 (at byte 9)")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,0]}}", "entry 'a' claims the bytes 4 to 0 of 4 (at byte 9)")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,4]}}",
        "the shape and type of entry 'a' do not fit its 4 bytes (at byte 9)")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}}",
        "the shape and type of entry 'a' do not fit its 4 bytes (at byte 9)")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387905],\"data_offsets\":[0,4]}}",
        "the shape and type of entry 'a' do not fit its 4 bytes (at byte 9)")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}", "1 bytes at the end belong to no entry (at byte 64)")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]}}",
        "the data of entry 'a' starts at 1, not at 0 where the one before ends (at byte 9)")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}",
        "the data of entry 'b' starts at 2, not at 3 where the one before ends (at byte 61)")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},\"a\":{}}", "the name 'a' occurs twice (at byte 61)")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", "metadata 'a' must be a string (at byte 29)")]
    [InlineData("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", "metadata 'a' occurs twice (at byte 32)")]
    [InlineData("{\"__metadata__\":{\"volley.model\":\"\"},\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}",
        "'volley.model' is there but 'volley.checksum' is missing (at byte 8)")]
    [InlineData("{\"__metadata__\":{\"volley.checksum\":\"md5:1\"}}",
        "'volley.checksum' must be 'sha256:' and 64 hexadecimal digits (at byte 43)")]
    public void ABadHeaderIsNamedWithItsPlace(string header, string problem)
    {
        var failure = Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Read(new MemoryStream(Raw(header, new byte[4])), "m.safetensors"));
        Assert.Equal($"'m.safetensors': {problem}.", failure.Message);
    }

    [Fact]
    public void AnAnnouncedHeaderLengthCostsNothing()
    {
        foreach (ulong length in (ulong[])[5, 100_000_001, int.MaxValue, long.MaxValue, ulong.MaxValue])
        {
            var bytes = new byte[12];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var failure = Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Read(new MemoryStream(bytes), "m"));
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
            Assert.Equal($"'m': a header of {length} bytes is announced but only 4 bytes follow (not a safetensors file, or cut short) (at byte 0).",
                failure.Message);
        }
    }

    [Fact]
    public void EveryTruncationAndEveryFlippedBitIsFound()
    {
        byte[] whole = ToBytes(new SafeTensorsFile(new Dictionary<string, string> { ["volley.model"] = "{}" },
            [SafeTensor.Of("w", [1f, 2f, 3f]), SafeTensor.Of("n", [5L])]));
        for (int length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Read(new MemoryStream(whole[..length]), "m"));
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            var flipped = (byte[])whole.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Read(new MemoryStream(flipped), "m"));
        }
    }

    [Fact]
    public void AMissingFileSaysSo() =>
        Assert.Contains("nothing.safetensors", Assert.Throws<FileNotFoundException>(() => SafeTensorsFile.Read(_folder.File("nothing.safetensors"))).Message,
            StringComparison.Ordinal);

    internal static byte[] ToBytes(SafeTensorsFile file)
    {
        var stream = new MemoryStream();
        file.Write(stream);
        return stream.ToArray();
    }

    internal static byte[] Raw(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + text.Length);
        return bytes;
    }
}
