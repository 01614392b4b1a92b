using Volley.Data.Audio;

namespace Volley.Data.Tests.Audio;

public sealed class WavReaderTests : IDisposable
{
    private static readonly short[] Samples = [0, 1, -1, 32767, -32768, 1234, -4321, 7];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sixteen_bits_are_exact()
    {
        using WavReader wav = Open(WavFiles.Pcm16(Samples, rate: 11025));
        Assert.Equal((11025, 1, 8L), (wav.Rate, wav.Channels, wav.Frames));
        Assert.Equal(Samples.Select(s => s / 32768f), ReadAll(wav));
        Assert.Equal(0, wav.Read(new float[4]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_encoding(bool extensible)
    {
        double[] x = [0, 0.5, -0.5, -1, 0.25];
        Check(1, 8, [.. x.Select(v => (byte)(128 + 128 * v))]);
        Check(1, 16, WavFiles.Bytes16([.. x.Select(v => (short)(32768 * v))]));
        Check(1, 24, [.. x.SelectMany(v => BitConverter.GetBytes((int)(8388608 * v)).Take(3))]);
        Check(1, 32, [.. x.SelectMany(v => BitConverter.GetBytes((int)(2147483648 * v)))]);
        Check(3, 32, [.. x.SelectMany(v => BitConverter.GetBytes((float)v))]);
        Check(3, 64, [.. x.SelectMany(BitConverter.GetBytes)]);

        void Check(int tag, int bits, byte[] data)
        {
            using WavReader wav = Open(WavFiles.File(tag, bits, data, rate: 768_000, extensible: extensible));
            Assert.Equal(x.Select(v => (float)v), ReadAll(wav));
        }
    }

    [Fact]
    public void All_24_bit_values_survive()
    {
        int[] values = [.. Enumerable.Range(0, 70).Select(i => (int)(8388607L * (i * 7919 % 139 - 69) / 69)), -8388608, -1];
        using WavReader wav = Open(WavFiles.File(1, 24, [.. values.SelectMany(v => BitConverter.GetBytes(v).Take(3))]));
        Assert.Equal(values.Select(v => v / 8388608f), ReadAll(wav));
    }

    [Fact]
    public void Channels_are_mixed_to_their_mean()
    {
        using WavReader stereo = Open(WavFiles.Pcm16([100, 200, -32768, -32768, 32767, 32766], channels: 2));
        Assert.Equal([150 / 32768f, -1, (float)(65533 / 65536.0)], ReadAll(stereo));
        using WavReader five = Open(WavFiles.Pcm16([1, 2, 3, 4, 6, 0, 0, 0, 0, -5], channels: 5));
        Assert.Equal([(float)(16 / 5.0 / 32768), -1 / 32768f], ReadAll(five));
        Assert.Equal((5, 2L), (five.Channels, five.Frames));
    }

    [Fact]
    public void Other_chunks_are_passed_over()
    {
        byte[] odd = WavFiles.Chunk("LIST", [1, 2, 3]), fact = WavFiles.Chunk("fact", new byte[4]), tail = WavFiles.Chunk("id3 ", new byte[9]);
        using WavReader wav = Open(WavFiles.File(1, 16, WavFiles.Bytes16(Samples), before: [.. odd, .. fact], after: tail));
        Assert.Equal(Samples.Select(s => s / 32768f), ReadAll(wav));
        // The padding byte of the samples themselves is none of them.
        using WavReader three = Open(WavFiles.File(1, 8, [128, 0, 192], after: tail));
        Assert.Equal([0, -1, 0.5f], ReadAll(three));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(4u)]
    [InlineData(0xFFFFFFFFu)]
    public void The_length_of_the_form_may_lie(uint length)
    {
        using WavReader wav = Open(WavFiles.File(1, 16, WavFiles.Bytes16(Samples), riffBytes: length));
        Assert.Equal(8, ReadAll(wav).Length);
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(36u, 0u)]
    [InlineData(0xFFFFFFFFu, 0u)]
    [InlineData(0xFFFFFFFFu, 0xFFFFFFFFu)]
    [InlineData(0x7FFFF024u, 0x7FFFF000u)]
    public void A_writer_to_a_pipe_leaves_the_length_open(uint form, uint data)
    {
        byte[] file = [.. WavFiles.File(1, 16, WavFiles.Bytes16(Samples), riffBytes: form, dataBytes: data), 99];
        using WavReader wav = Open(file);
        Assert.Equal(8L, wav.Frames);
        Assert.Equal(Samples.Select(s => s / 32768f), ReadAll(wav));
        using var piped = new WavReader(new OneWay(file), "pipe");
        Assert.Null(piped.Frames);
        Assert.Equal(Samples.Select(s => s / 32768f), ReadAll(piped));
    }

    [Fact]
    public void A_stream_that_cannot_seek()
    {
        byte[] file = WavFiles.File(1, 16, WavFiles.Bytes16(Samples), before: WavFiles.Chunk("junk", new byte[9001]));
        using var wav = new WavReader(new OneWay(file), "pipe");
        Assert.Equal(8L, wav.Frames);
        Assert.Equal(Samples.Select(s => s / 32768f), ReadAll(wav));
        using var cut = new WavReader(new OneWay(file[..^3]), "pipe");
        Assert.Contains("'pipe', byte 9067: the file ends here with 2 frames missing", Assert.Throws<InvalidDataException>(() => ReadAll(cut)).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4096)]
    public void Blocks_of_any_size_give_the_same(int size)
    {
        short[] many = [.. Enumerable.Range(0, 50_000).Select(i => (short)(i * 31))];
        using WavReader wav = Open(WavFiles.Pcm16(many, channels: 2));
        Assert.Equal(ReadAll(Open(WavFiles.Pcm16(many, channels: 2))), ReadAll(wav, size));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        using WavReader wav = Open(WavFiles.Pcm16(new short[200_000]));
        var block = new float[1000];
        wav.Read(block);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            wav.Read(block);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    public static TheoryData<string, byte[], string> BadFiles()
    {
        byte[] good = WavFiles.Pcm16(Samples);
        var cases = new TheoryData<string, byte[], string>
        {
            { "empty", [], "byte 0: the file is empty" },
            { "text", [.. "hello, this is no audio"u8], "byte 0: this is no WAV file" },
            { "flac", [.. "fLaC and then some more bytes"u8], "byte 0: this is a FLAC file" },
            { "rf64", [.. "RF64"u8, .. good[4..]], "byte 0: this is a 64-bit WAV file (RF64)" },
            { "rifx", [.. "RIFX"u8, .. good[4..]], "byte 0: this is a big-endian WAV file" },
            { "avi", [.. good[..8], .. "AVI "u8, .. good[12..]], "byte 0: this is no WAV file" },
            { "header only", good[..12], "byte 12: the file ends before a 'fmt ' chunk" },
            { "half format", good[..30], "byte 30: the file ends within its 'fmt ' chunk" },
            { "no data", good[..36], "byte 36: the file ends before its 'data' chunk" },
            { "cut", good[..^1], "byte 59: the file ends here, but its 'data' chunk has 16 bytes from byte 44 on" },
            { "no samples", WavFiles.File(1, 16, []), "byte 44: there are no samples" },
            { "empty data before a list", WavFiles.File(1, 16, [], after: WavFiles.Chunk("LIST", new byte[64])), "byte 44: there are no samples" },
            { "less than a frame", WavFiles.File(1, 16, [1]), "byte 44: there are no samples" },
            { "data first", [.. "RIFF"u8, .. WavFiles.U32(20), .. "WAVE"u8, .. WavFiles.Chunk("data", new byte[8])], "byte 12: the 'data' chunk comes before" },
            { "mu-law", WavFiles.File(7, 8, [1, 2]), "byte 20: the samples are mu-law, not PCM" },
            { "adpcm", WavFiles.File(2, 4, [1, 2]), "byte 20: the samples are ADPCM, not PCM" },
            { "mp3", WavFiles.File(0x55, 0, [1, 2]), "byte 20: the samples are MPEG audio (MP3), not PCM" },
            { "unknown", WavFiles.File(0x1234, 16, [1, 2]), "byte 20: the samples are of format 0x1234, not PCM" },
            { "12 bits", WavFiles.File(1, 12, [1, 2]), "byte 34: the samples have 12 bits" },
            { "64-bit pcm", WavFiles.File(1, 64, new byte[8]), "byte 34: the samples have 64 bits" },
            { "no channels", WavFiles.File(1, 16, [1, 2], channels: 0), "byte 22: there are 0 channels" },
            { "65535 channels", WavFiles.File(1, 16, [1, 2], channels: 65535), "byte 22: there are 65535 channels" },
            { "no rate", WavFiles.File(1, 16, [1, 2], rate: 0), "byte 24: the rate is 0 Hz" },
            { "absurd rate", WavFiles.File(1, 16, [1, 2], rate: -1), "byte 24: the rate is 4294967295 Hz" },
            { "wrong block", [.. good[..32], 3, .. good[33..]], "byte 32: a frame of 1 samples of 16 bits cannot have 3 bytes" },
            { "short format", [.. "RIFF"u8, .. WavFiles.U32(20), .. "WAVE"u8, .. WavFiles.Chunk("fmt ", new byte[14]), .. WavFiles.Chunk("data", [1, 2])], "byte 16: the 'fmt ' chunk has 14 bytes" },
            { "chunk beyond the end", WavFiles.File(1, 16, [1, 2], before: [.. "LIST"u8, .. WavFiles.U32(0x40000000)]), "within a chunk that begins at byte 12" },
            { "10001 chunks", WavFiles.File(1, 16, [1, 2], before: [.. Enumerable.Repeat(WavFiles.Chunk("junk", []), 10_001).SelectMany(c => c)]), "more than 10000 chunks" },
            { "nan", WavFiles.File(3, 32, [.. new byte[12], .. BitConverter.GetBytes(float.NaN)]), "byte 56: a sample of this frame is no finite number" },
            { "infinite", WavFiles.File(3, 64, [.. BitConverter.GetBytes(1e300)]), "byte 44: a sample of this frame is no finite number" },
        };
        byte[] guid = WavFiles.File(1, 16, [1, 2], extensible: true);
        guid[50] ^= 1;
        cases.Add("another GUID", guid, "byte 20: the extensible format names no format");
        return cases;
    }

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void A_bad_file_is_one_sentence(string name, byte[] content, string expected)
    {
        string path = _folder.Write(name + ".wav", content);
        string message = Assert.Throws<InvalidDataException>(() => ReadAll(WavReader.Open(path))).Message;
        Assert.StartsWith($"'{path}', ", message);
        Assert.Contains(expected, message);
        Assert.EndsWith(".", message);
        // It is closed again.
        File.Delete(path);
    }

    /// <summary>A header cannot make the reader allocate: 4 GB of samples of 256 channels are promised in each.</summary>
    [Fact]
    public void Nothing_is_allocated_on_the_word_of_the_header()
    {
        byte[] file = WavFiles.File(3, 64, new byte[4096], channels: 256, dataBytes: 0x7FFE0000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => new WavReader(new MemoryStream(file), "x"));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Fact]
    public void Any_bytes()
    {
        var random = new Random(20261123);
        byte[][] good =
        [
            WavFiles.Pcm16(Samples),
            WavFiles.File(3, 32, [.. Samples.SelectMany(s => BitConverter.GetBytes(s / 32768f))], channels: 2, extensible: true, before: WavFiles.Chunk("LIST", new byte[5])),
            WavFiles.File(1, 24, new byte[90], rate: 44100, riffBytes: 0xFFFFFFFF, dataBytes: 0xFFFFFFFF),
        ];
        int read = 0, refused = 0;
        for (int i = 0; i < 6000; i++)
        {
            byte[] bytes = Mutations.Of(good[i % 3], random);
            try
            {
                using var wav = new WavReader(i % 2 == 0 ? new MemoryStream(bytes) : new OneWay(bytes), "fuzz.wav");
                Assert.InRange(wav.Rate, 1, 768_000);
                float[] all = ReadAll(wav);
                Assert.True(all.Length is > 0 and < 200 && all.All(float.IsFinite));
                read++;
            }
            catch (InvalidDataException failure)
            {
                Assert.StartsWith("'fuzz.wav', byte ", failure.Message);
                refused++;
            }
        }
        Assert.True(read > 500 && refused > 500, $"{read} read, {refused} refused");
    }

    private WavReader Open(byte[] content) => WavReader.Open(_folder.Write(Guid.NewGuid() + ".wav", content));

    private static float[] ReadAll(WavReader wav, int block = 777)
    {
        var all = new List<float>();
        var buffer = new float[block];
        while (wav.Read(buffer) is > 0 and int count)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }

    /// <summary>A stream that gives little at a time and cannot seek.</summary>
    private sealed class OneWay(byte[] content) : Stream
    {
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int given = Math.Min(Math.Min(count, 5), content.Length - _at);
            content.AsSpan(_at, given).CopyTo(buffer.AsSpan(offset));
            _at += given;
            return given;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
