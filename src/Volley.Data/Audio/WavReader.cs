using System.Buffers.Binary;

namespace Volley.Data.Audio;

/// <summary>Reads the samples of a WAV file, block by block, mixed down to one channel.</summary>
/// <remarks>
/// PCM of 8 (unsigned), 16, 24 and 32 bits and IEEE float of 32 and 64 bits, plain or as WAVE_FORMAT_EXTENSIBLE (samples of fewer valid bits fill
/// the upper ones), any rate to 768 kHz, up to 256 channels. A sample is its integer over the largest negative one, so 16 bits give x / 32768
/// exactly; a frame is the mean of its channels. Other chunks are passed over. The length of the RIFF form is not believed; where a writer to a
/// pipe left the length of the samples open (0, or about 2^31 or 2^32) they run to the end of the file. A last part of a frame is left out.
/// Everything is allocated when the file is opened, whatever its header says; reading allocates nothing.
/// <code>
/// using var wav = WavReader.Open("yes.wav");
/// var block = new float[4096];
/// while (wav.Read(block) is > 0 and int frames)
///     Use(block.AsSpan(0, frames));
/// </code></remarks>
public sealed class WavReader : IDisposable
{
    private const int BufferBytes = 1 << 15;

    private readonly WavSource _source;
    private readonly WavHeader _header;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly int _frameBytes;
    private long _left;
    private bool _ended;

    /// <param name="stream">Stands at the start of the file; it need not be seekable.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="leaveOpen">Whether <paramref name="stream"/> is the caller's to dispose.</param>
    /// <exception cref="InvalidDataException">It is no such file; one sentence with the name and the byte.</exception>
    public WavReader(Stream stream, string name, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _source = new WavSource(stream, name, leaveOpen);
        try
        {
            _header = WavHeader.Read(_source);
            _frameBytes = _header.Channels * WavHeader.BytesOf(_header.Encoding);
            Frames = _header.DataBytes / _frameBytes;
            if (Frames == 0)
                throw _source.Bad(_header.DataStart, "there are no samples");
            _left = Frames ?? long.MaxValue;
        }
        catch
        {
            _source.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no such file; one sentence with the path and the byte.</exception>
    public static WavReader Open(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1), path);

    /// <summary>Frames a second.</summary>
    public int Rate => _header.Rate;

    /// <summary>Channels in the file.</summary>
    public int Channels => _header.Channels;

    /// <summary>Frames in the file; null for a stream that cannot tell before its end.</summary>
    public long? Frames { get; }

    /// <summary>Writes the next frames.</summary>
    /// <param name="mono">As many frames as are wanted.</param>
    /// <returns>How many there were: all that were wanted, or fewer at the end of the file, then 0.</returns>
    /// <exception cref="InvalidDataException">The file ends too early, or has a sample that is not finite.</exception>
    public int Read(Span<float> mono)
    {
        int done = 0;
        while (done < mono.Length && _left > 0 && !_ended)
        {
            int frames = (int)Math.Min(Math.Min(mono.Length - done, _left), _buffer.Length / _frameBytes);
            long start = _source.Position;
            int read = _source.ReadSome(_buffer.AsSpan(0, frames * _frameBytes)) / _frameBytes;
            if (read < frames)
            {
                if (Frames is not null)
                    throw _source.Bad(_source.Position, $"the file ends here with {_left - read} frames missing: it is cut");
                if (_source.Position - _header.DataStart < _frameBytes)
                    throw _source.Bad(_header.DataStart, "there are no samples");
                _ended = true;
            }
            Decode(_buffer.AsSpan(0, read * _frameBytes), mono.Slice(done, read), start);
            done += read;
            _left -= read;
        }
        return done;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _source.Dispose();

    private void Decode(ReadOnlySpan<byte> bytes, Span<float> mono, long start)
    {
        int channels = _header.Channels;
        switch (_header.Encoding)
        {
            case WavEncoding.Pcm8: Mix<Pcm8>(bytes, mono, channels); break;
            case WavEncoding.Pcm16: Mix<Pcm16>(bytes, mono, channels); break;
            case WavEncoding.Pcm24: Mix<Pcm24>(bytes, mono, channels); break;
            case WavEncoding.Pcm32: Mix<Pcm32>(bytes, mono, channels); break;
            case WavEncoding.Float32:
                Mix<Float32>(bytes, mono, channels);
                CheckFinite(mono, start);
                break;
            default:
                Mix<Float64>(bytes, mono, channels);
                CheckFinite(mono, start);
                break;
        }
    }

    private void CheckFinite(ReadOnlySpan<float> mono, long start)
    {
        for (int i = 0; i < mono.Length; i++)
        {
            if (!float.IsFinite(mono[i]))
                throw _source.Bad(start + (long)i * _frameBytes, $"a sample of this frame is no finite number that float32 holds");
        }
    }

    // The sums of integers are exact, and one division rounds once.
    private static void Mix<TSample>(ReadOnlySpan<byte> bytes, Span<float> mono, int channels) where TSample : struct, ISample
    {
        int size = TSample.Bytes;
        double divisor = TSample.FullScale * channels;
        for (int i = 0, at = 0; i < mono.Length; i++)
        {
            double sum = 0;
            for (int c = 0; c < channels; c++, at += size)
                sum += TSample.Read(bytes.Slice(at, size));
            mono[i] = (float)(sum / divisor);
        }
    }

    private interface ISample
    {
        static abstract int Bytes { get; }

        static abstract double FullScale { get; }

        static abstract double Read(ReadOnlySpan<byte> bytes);
    }

    private readonly struct Pcm8 : ISample
    {
        public static int Bytes => 1;

        public static double FullScale => 128;

        public static double Read(ReadOnlySpan<byte> bytes) => bytes[0] - 128;
    }

    private readonly struct Pcm16 : ISample
    {
        public static int Bytes => 2;

        public static double FullScale => 32768;

        public static double Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt16LittleEndian(bytes);
    }

    private readonly struct Pcm24 : ISample
    {
        public static int Bytes => 3;

        public static double FullScale => 8388608;

        public static double Read(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | (sbyte)bytes[2] << 16;
    }

    private readonly struct Pcm32 : ISample
    {
        public static int Bytes => 4;

        public static double FullScale => 2147483648;

        public static double Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    private readonly struct Float32 : ISample
    {
        public static int Bytes => 4;

        public static double FullScale => 1;

        public static double Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadSingleLittleEndian(bytes);
    }

    private readonly struct Float64 : ISample
    {
        public static int Bytes => 8;

        public static double FullScale => 1;

        public static double Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadDoubleLittleEndian(bytes);
    }
}
