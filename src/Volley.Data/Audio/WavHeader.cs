using System.Buffers.Binary;

namespace Volley.Data.Audio;

/// <summary>How a WAV file keeps a sample.</summary>
internal enum WavEncoding
{
    /// <summary>Unsigned, 128 is silence.</summary>
    Pcm8,
    Pcm16,
    Pcm24,
    Pcm32,
    Float32,
    Float64,
}

/// <summary>What stands before the samples of a WAV file (RIFF: Microsoft &amp; IBM 1991; WAVE_FORMAT_EXTENSIBLE: Microsoft 2001).</summary>
/// <param name="Rate">Frames a second.</param>
/// <param name="Channels">Samples in a frame.</param>
/// <param name="Encoding">How a sample is kept.</param>
/// <param name="DataStart">Where the first sample lies, bytes.</param>
/// <param name="DataBytes">Bytes of samples; null where they run to the end of a stream of unknown length.</param>
internal readonly record struct WavHeader(int Rate, int Channels, WavEncoding Encoding, long DataStart, long? DataBytes)
{
    public const int MostRate = 768_000, MostChannels = 256;

    private const int MostChunks = 10_000, FormatBytes = 16, ExtensibleBytes = 40;

    // Writers to a pipe cannot go back and leave 0 or about the largest number there (ffmpeg 2^32 − 1, sox a little less than 2^31).
    private const uint Unknown = 0x7FFF_0000;

    // The last 14 bytes of the format's GUID; the first two are the plain format's number.
    private static ReadOnlySpan<byte> FormatGuid => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    public static WavHeader Read(WavSource source)
    {
        uint riffBytes = ReadForm(source);
        Span<byte> chunk = stackalloc byte[8];
        (int Rate, int Channels, WavEncoding Encoding)? format = null;
        for (int chunks = 0; chunks < MostChunks; chunks++)
        {
            long start = source.Position;
            int read = source.ReadSome(chunk);
            if (read < chunk.Length)
                throw source.Bad(start, format is null ? "the file ends before a 'fmt ' chunk: it is cut or no WAV file" : "the file ends before its 'data' chunk: it is cut");
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk[..4].SequenceEqual("data"u8))
            {
                (int rate, int channels, WavEncoding encoding) = format ?? throw source.Bad(start, "the 'data' chunk comes before the 'fmt ' chunk");
                return new WavHeader(rate, channels, encoding, source.Position, DataLength(source, start, size, riffBytes));
            }
            int taken = 0;
            if (chunk[..4].SequenceEqual("fmt "u8))
                (format, taken) = ReadFormat(source, start, size);
            source.Skip(size - taken + (size & 1), start, "a chunk");
        }
        throw source.Bad(source.Position, $"there are more than {MostChunks} chunks before the samples");
    }

    private static uint ReadForm(WavSource source)
    {
        Span<byte> form = stackalloc byte[12];
        int read = source.ReadSome(form);
        if (read == 0)
            throw source.Bad(0, "the file is empty");
        string? other = read < 4 ? null : form switch
        {
            _ when form.StartsWith("RF64"u8) || form.StartsWith("BW64"u8) => "a 64-bit WAV file (RF64); only plain RIFF is read, so cut the recording or convert it",
            _ when form.StartsWith("RIFX"u8) => "a big-endian WAV file (RIFX); convert it to plain PCM WAV",
            _ when form.StartsWith("fLaC"u8) => "a FLAC file; convert it to PCM WAV",
            _ when form.StartsWith("OggS"u8) => "an Ogg file; convert it to PCM WAV",
            _ when form.StartsWith("ID3"u8) => "an MP3 file; convert it to PCM WAV",
            _ when form.StartsWith("FORM"u8) => "an AIFF file; convert it to PCM WAV",
            _ => null,
        };
        if (other is not null)
            throw source.Bad(0, $"this is {other}");
        if (read < form.Length || !form.StartsWith("RIFF"u8) || !form[8..].SequenceEqual("WAVE"u8))
            throw source.Bad(0, "this is no WAV file: it does not begin with RIFF, a length and WAVE");
        return BinaryPrimitives.ReadUInt32LittleEndian(form[4..]);
    }

    private static ((int Rate, int Channels, WavEncoding Encoding) Format, int Taken) ReadFormat(WavSource source, long start, uint size)
    {
        Span<byte> bytes = stackalloc byte[ExtensibleBytes];
        if (size < FormatBytes)
            throw source.Bad(start + 4, $"the 'fmt ' chunk has {size} bytes, expected at least {FormatBytes}");
        bytes = bytes[..(int)Math.Min(size, ExtensibleBytes)];
        int read = source.ReadSome(bytes);
        if (read < bytes.Length)
            throw source.Bad(source.Position, "the file ends within its 'fmt ' chunk: it is cut");

        int tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes), channels = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        int block = BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]), bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        if (channels is 0 or > MostChannels)
            throw source.Bad(start + 10, $"there are {channels} channels, expected 1 … {MostChannels}");
        if (rate is 0 or > MostRate)
            throw source.Bad(start + 12, $"the rate is {rate} Hz, expected 1 … {MostRate}");
        if (tag == 0xFFFE)
        {
            if (bytes.Length < ExtensibleBytes || !bytes[26..].SequenceEqual(FormatGuid))
                throw source.Bad(start + 8, "the extensible format names no format that is known");
            tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]);
        }
        WavEncoding encoding = (tag, bits) switch
        {
            (1, 8) => WavEncoding.Pcm8,
            (1, 16) => WavEncoding.Pcm16,
            (1, 24) => WavEncoding.Pcm24,
            (1, 32) => WavEncoding.Pcm32,
            (3, 32) => WavEncoding.Float32,
            (3, 64) => WavEncoding.Float64,
            (1 or 3, _) => throw source.Bad(start + 22, $"the samples have {bits} bits; expected 8, 16, 24 or 32 (PCM), or 32 or 64 (float)"),
            _ => throw source.Bad(start + 8, $"the samples are {CodecName(tag)}, not PCM; convert the file to PCM WAV"),
        };
        if (block != channels * BytesOf(encoding))
            throw source.Bad(start + 20, $"a frame of {channels} samples of {bits} bits cannot have {block} bytes");
        return (((int)rate, channels, encoding), bytes.Length);
    }

    private static long? DataLength(WavSource source, long start, uint size, uint riffBytes)
    {
        long? rest = source.Length - source.Position;
        // An honest RIFF length that goes on behind an empty 'data' chunk means that there are no samples, only other chunks.
        bool unknown = size >= Unknown || (size == 0 && (riffBytes >= Unknown || riffBytes + 8L <= source.Position));
        if (unknown && (rest is null || rest < size || size == 0))
            return rest;
        if (size > rest)
            throw source.Bad(source.Position + rest.Value, $"the file ends here, but its 'data' chunk has {size} bytes from byte {start + 8} on: it is cut");
        return size;
    }

    public static int BytesOf(WavEncoding encoding) => encoding switch
    {
        WavEncoding.Pcm8 => 1,
        WavEncoding.Pcm16 => 2,
        WavEncoding.Pcm24 => 3,
        WavEncoding.Float64 => 8,
        _ => 4,
    };

    private static string CodecName(int tag) => tag switch
    {
        0x02 or 0x11 => "ADPCM",
        0x06 => "A-law",
        0x07 => "mu-law",
        0x31 => "GSM",
        0x50 or 0x55 => "MPEG audio (MP3)",
        0xFF or 0x1600 or 0x1610 => "AAC",
        _ => $"of format 0x{tag:X4}",
    };
}
